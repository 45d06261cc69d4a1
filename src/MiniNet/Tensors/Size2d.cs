using System.Diagnostics;

namespace MiniNet.Tensors;

/// <summary>A height and a width, of a window or its steps, say. One number stands for both, a pair for the two: <c>3</c>, <c>(3, 5)</c>.</summary>
/// <param name="Height">How far down.</param>
/// <param name="Width">How far across.</param>
[DebuggerStepThrough]
public readonly record struct Size2d(int Height, int Width)
{
    /// <summary>As high as wide.</summary>
    /// <param name="both">Height and width.</param>
    public static implicit operator Size2d(int both) => new(both, both);

    /// <summary>A pair of height and width.</summary>
    /// <param name="size">Height first.</param>
    public static implicit operator Size2d((int Height, int Width) size) => new(size.Height, size.Width);

    /// <summary>Height and width: <c>3x5</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Height}x{Width}";
}
