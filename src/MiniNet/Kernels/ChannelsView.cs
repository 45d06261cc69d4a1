using System.Diagnostics;

namespace MiniNet.Kernels;

/// <summary>
/// Represents part of an array as rows of channels of pixels, so that the kernels can say <c>x[n, c, i, j]</c>, or <c>x[n, c, k]</c>
/// for pixel k of a channel where height and width do not matter. A matrix [n, C] has channels of one pixel.
/// The view does not own the array.
/// </summary>
[DebuggerStepThrough]
internal readonly struct ChannelsView(float[] data, int rows, int channels, int height, int width, int start = 0)
{
    public readonly float[] Data = data;
    public readonly int Rows = rows;
    public readonly int Channels = channels;
    public readonly int Height = height;
    public readonly int Width = width;
    public readonly int Pixels = height * width;
    public readonly int Start = start;

    public ref float this[int n, int c, int i, int j] => ref Data[Start + (((((n * Channels) + c) * Height) + i) * Width) + j];

    public ref float this[int n, int c, int k] => ref Data[Start + (((n * Channels) + c) * Pixels) + k];

    /// <summary>Determines whether a pixel lies within the image. Outside the image is padding.</summary>
    public bool Contains(int i, int j) => i >= 0 && i < Height && j >= 0 && j < Width;

    /// <summary>Returns the pixel, or 0 in the padding.</summary>
    public float Padded(int n, int c, int i, int j) => Contains(i, j) ? this[n, c, i, j] : 0;

    public Span<float> Channel(int n, int c) => Data.AsSpan(Start + (((n * Channels) + c) * Pixels), Pixels);

    public Span<float> Span => Data.AsSpan(Start, Rows * Channels * Pixels);

    /// <summary>Returns one row as a matrix of channels by pixels.</summary>
    public MatrixView Row(int n) => new(Data, Channels, Pixels, Start + (n * Channels * Pixels));

    /// <summary>Gets the whole view as a matrix with one line per row.</summary>
    public MatrixView Matrix => new(Data, Rows, Channels * Pixels, Start);
}
