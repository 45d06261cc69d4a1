using System.Diagnostics;

namespace MiniNet.Kernels;

/// <summary>
/// How a window slides over images: its size; its strides, s₁ down and s₂ across; and how far it reaches over the edges, p₁ down and p₂ across. Beyond
/// the edges there are zeros.
/// </summary>
[DebuggerStepThrough]
internal readonly record struct Window(int Height, int Width, int S1, int S2, int P1, int P2);
