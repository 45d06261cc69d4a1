using System.Diagnostics;

namespace MiniNet.Kernels;

/// <summary>
/// Represents a window that moves over images: its height and width, the strides s₁ (down) and s₂ (across), and the zero padding
/// p₁ (top and bottom) and p₂ (left and right).
/// </summary>
[DebuggerStepThrough]
internal readonly record struct Window(int Height, int Width, int S1, int S2, int P1, int P2);
