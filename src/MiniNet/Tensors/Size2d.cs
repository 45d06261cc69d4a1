using System.Diagnostics;

namespace MiniNet.Tensors;

/// <summary>
/// Represents a height and a width, such as the size or the stride of a window.
/// Converts implicitly from one number for both, or from a pair: <c>3</c>, <c>(3, 5)</c>.
/// </summary>
/// <param name="Height">The vertical size.</param>
/// <param name="Width">The horizontal size.</param>
[DebuggerStepThrough]
public readonly record struct Size2d(int Height, int Width)
{
    /// <summary>Converts a number to a size of equal height and width.</summary>
    /// <param name="both">The height and the width.</param>
    public static implicit operator Size2d(int both) => new(both, both);

    /// <summary>Converts a pair to a size.</summary>
    /// <param name="size">The height, then the width.</param>
    public static implicit operator Size2d((int Height, int Width) size) => new(size.Height, size.Width);

    /// <summary>Returns height and width: <c>3x5</c>.</summary>
    public override string ToString() => $"{Height}x{Width}";
}
