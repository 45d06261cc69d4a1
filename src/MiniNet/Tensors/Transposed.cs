using System.Diagnostics;

namespace MiniNet.Tensors;

/// <summary>Represents a matrix that is read with rows and columns exchanged, as in xᵀ·dY. See <see cref="Tensor.T"/>.</summary>
/// <param name="Source">The matrix as it is stored.</param>
[DebuggerStepThrough]
public readonly record struct Transposed(Tensor Source);
