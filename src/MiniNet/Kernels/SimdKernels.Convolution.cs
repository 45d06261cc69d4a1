using System.Numerics.Tensors;

namespace MiniNet.Kernels;

// Each image is laid out so that the convolution is one of the three products: row (c, u, v) of the columns is what w[o, c, u, v] is
// multiplied with, at each place (i, j) of y one.
internal static partial class SimdKernels
{
    /// <inheritdoc cref="PlainKernels.Convolution"/>
    public static void Convolution(ChannelsView x, ChannelsView w, ChannelsView y, Window window, MatrixView columns)
    {
        for (int n = 0; n < y.Rows; n++)
        {
            SetColumns(x, n, window, y.Height, y.Width, columns);
            AddProduct(w.Matrix, columns, y.Row(n));                    // y += W·columns
        }
    }

    /// <inheritdoc cref="PlainKernels.ConvolutionBackwardW"/>
    public static void ConvolutionBackwardW(ChannelsView x, ChannelsView dY, ChannelsView dW, Window window, MatrixView columns)
    {
        for (int n = 0; n < dY.Rows; n++)
        {
            SetColumns(x, n, window, dY.Height, dY.Width, columns);
            AddProductTransposed(dY.Row(n), columns, dW.Matrix);        // dW += dY·columnsᵀ
        }
    }

    /// <inheritdoc cref="PlainKernels.ConvolutionBackwardX"/>
    public static void ConvolutionBackwardX(ChannelsView dY, ChannelsView w, ChannelsView dX, Window window, MatrixView columns)
    {
        for (int n = 0; n < dX.Rows; n++)
        {
            columns.Span.Clear();
            AddTransposedProduct(w.Matrix, dY.Row(n), columns);         // columns = Wᵀ·dY
            AddColumns(dX, n, window, dY.Height, dY.Width, columns);
        }
    }

    /// <summary>columns[(c, u, v), (i, j)] = x[n, c, i·s₁ + u − p₁, j·s₂ + v − p₂]</summary>
    private static void SetColumns(ChannelsView x, int n, Window window, int height, int width, MatrixView columns)
    {
        for (int r = 0; r < columns.Rows; r++)
        {
            (int c, int u, int v) = Place(r, window);
            (int first, int last) = Inside(v, window, x.Width, width);
            Span<float> channel = x.Channel(n, c), row = columns.Row(r);
            for (int i = 0; i < height; i++)
            {
                Span<float> to = row.Slice(i * width, width);
                int fromRow = (i * window.S1) + u - window.P1;
                if (fromRow < 0 || fromRow >= x.Height || first == last)
                {
                    to.Clear();
                    continue;
                }

                Span<float> from = channel[((fromRow * x.Width) + (first * window.S2) + v - window.P2)..];
                to[..first].Clear();
                to[last..].Clear();
                if (window.S2 == 1)
                {
                    from[..(last - first)].CopyTo(to[first..]);
                    continue;
                }

                for (int j = 0; j < last - first; j++)
                {
                    to[first + j] = from[j * window.S2];
                }
            }
        }
    }

    /// <summary>dX[n, c, i·s₁ + u − p₁, j·s₂ + v − p₂] += columns[(c, u, v), (i, j)]</summary>
    private static void AddColumns(ChannelsView dX, int n, Window window, int height, int width, MatrixView columns)
    {
        for (int r = 0; r < columns.Rows; r++)
        {
            (int c, int u, int v) = Place(r, window);
            (int first, int last) = Inside(v, window, dX.Width, width);
            Span<float> channel = dX.Channel(n, c), row = columns.Row(r);
            for (int i = 0; i < height && first < last; i++)
            {
                int toRow = (i * window.S1) + u - window.P1;
                if (toRow < 0 || toRow >= dX.Height)
                {
                    continue;
                }

                Span<float> to = channel[((toRow * dX.Width) + (first * window.S2) + v - window.P2)..];
                Span<float> from = row.Slice((i * width) + first, last - first);
                if (window.S2 == 1)
                {
                    TensorPrimitives.Add(to[..from.Length], from, to);
                    continue;
                }

                for (int j = 0; j < from.Length; j++)
                {
                    to[j * window.S2] += from[j];
                }
            }
        }
    }

    private static (int Channel, int U, int V) Place(int row, Window window) =>
        (row / (window.Height * window.Width), row / window.Width % window.Height, row % window.Width);

    /// <summary>The first j, and the one after the last, for which j·s₂ + v − p₂ lies within an image.</summary>
    private static (int First, int Last) Inside(int v, Window window, int imageWidth, int width)
    {
        int before = window.P2 - v, stride = window.S2;
        int first = before <= 0 ? 0 : Math.Min((int)(((long)before + stride - 1) / stride), width);
        long room = (long)imageWidth + before; // j·s < room
        int last = room <= 0 ? 0 : (int)Math.Min((room + stride - 1) / stride, width);
        return first < last ? (first, last) : (0, 0);
    }
}
