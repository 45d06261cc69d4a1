using System.Numerics.Tensors;

namespace MiniNet.Kernels;

// Images are laid out so that the convolution is one of the three products: row (c, u, v) of the columns is what w[o, c, u, v] is multiplied
// with, at one place (i, j) of y after the other. Small images go several at a time, turned so that the same pixel of each stands side by side:
// then what is copied is never short. The room holds, for that many images, the turned images, their columns and their part of y.
internal static partial class SimdKernels
{
    /// <inheritdoc cref="PlainKernels.Convolution"/>
    public static void Convolution(ChannelsView x, ChannelsView w, ChannelsView y, Window window, MatrixView room)
    {
        for (int n = 0; n < y.Rows; n += room.Columns)
        {
            (MatrixView images, MatrixView columns, MatrixView part) = Lay(room, Math.Min(room.Columns, y.Rows - n), x, w, y);
            SetTransposed(x, n, images);
            SetColumns(images, x, window, y, columns);
            part.Span.Clear();
            AddProduct(w.Matrix, columns, part);                        // y += W·columns
            AddTransposed(part, y, n);
        }
    }

    /// <inheritdoc cref="PlainKernels.ConvolutionBackwardW"/>
    public static void ConvolutionBackwardW(ChannelsView x, ChannelsView dY, ChannelsView dW, Window window, MatrixView room)
    {
        for (int n = 0; n < dY.Rows; n += room.Columns)
        {
            (MatrixView images, MatrixView columns, MatrixView part) = Lay(room, Math.Min(room.Columns, dY.Rows - n), x, dW, dY);
            SetTransposed(x, n, images);
            SetColumns(images, x, window, dY, columns);
            SetTransposed(dY, n, part);
            AddProductTransposed(part, columns, dW.Matrix);             // dW += dY·columnsᵀ
        }
    }

    /// <inheritdoc cref="PlainKernels.ConvolutionBackwardX"/>
    public static void ConvolutionBackwardX(ChannelsView dY, ChannelsView w, ChannelsView dX, Window window, MatrixView room)
    {
        for (int n = 0; n < dX.Rows; n += room.Columns)
        {
            (MatrixView images, MatrixView columns, MatrixView part) = Lay(room, Math.Min(room.Columns, dX.Rows - n), dX, w, dY);
            SetTransposed(dY, n, part);
            columns.Span.Clear();
            AddTransposedProduct(w.Matrix, part, columns);              // columns = Wᵀ·dY
            images.Span.Clear();
            AddColumns(columns, dY, window, images, dX);
            AddTransposed(images, dX, n);
        }
    }

    /// <summary>The room for so many images, shared out: x turned, [C·H·W, count]; its columns, [C·k·k, H'·W'·count]; y turned, [O, H'·W'·count].</summary>
    private static (MatrixView Images, MatrixView Columns, MatrixView Part) Lay(MatrixView room, int count, ChannelsView x, ChannelsView w, ChannelsView y)
    {
        var images = new MatrixView(room.Data, x.Channels * x.Pixels, count);
        var columns = new MatrixView(room.Data, w.Channels * w.Pixels, y.Pixels * count, images.Span.Length);
        return (images, columns, new MatrixView(room.Data, y.Channels, y.Pixels * count, images.Span.Length + columns.Span.Length));
    }

    /// <summary>columns[(c, u, v), (i, j)] = x[c, i·s₁ + u − p₁, j·s₂ + v − p₂], for all images</summary>
    private static void SetColumns(MatrixView images, ChannelsView x, Window window, ChannelsView y, MatrixView columns)
    {
        int count = images.Columns;
        for (int r = 0; r < columns.Rows; r++)
        {
            Span<float> to = columns.Row(r);
            for (int i = 0; i < y.Height; i++, to = to[(y.Width * count)..])
            {
                (int first, int last, int start) = Line(r, i, x, window, y.Width);
                to[..(first * count)].Clear();
                to[(last * count)..(y.Width * count)].Clear();
                Span<float> from = images.Span[(start * count)..], inside = to[(first * count)..(last * count)];
                if (window.S2 == 1)
                {
                    from[..inside.Length].CopyTo(inside);
                    continue;
                }

                for (int j = 0; j < last - first; j++)
                {
                    for (int k = 0; k < count; k++)
                    {
                        inside[(j * count) + k] = from[(j * window.S2 * count) + k];
                    }
                }
            }
        }
    }

    /// <summary>dX[c, i·s₁ + u − p₁, j·s₂ + v − p₂] += columns[(c, u, v), (i, j)], for all images</summary>
    private static void AddColumns(MatrixView columns, ChannelsView dY, Window window, MatrixView images, ChannelsView dX)
    {
        int count = images.Columns;
        for (int r = 0; r < columns.Rows; r++)
        {
            Span<float> line = columns.Row(r);
            for (int i = 0; i < dY.Height; i++, line = line[(dY.Width * count)..])
            {
                (int first, int last, int start) = Line(r, i, dX, window, dY.Width);
                Span<float> to = images.Span[(start * count)..], inside = line[(first * count)..(last * count)];
                if (window.S2 == 1)
                {
                    TensorPrimitives.Add(to[..inside.Length], inside, to);
                    continue;
                }

                for (int j = 0; j < last - first; j++)
                {
                    for (int k = 0; k < count; k++)
                    {
                        to[(j * window.S2 * count) + k] += inside[(j * count) + k];
                    }
                }
            }
        }
    }

    /// <summary>For row r = (c, u, v) of the columns and line i of y: the first j, and the one after the last, whose pixel lies within x, and where in an image that first pixel is.</summary>
    private static (int First, int Last, int Start) Line(int r, int i, ChannelsView x, Window window, int width)
    {
        int c = r / (window.Height * window.Width), u = r / window.Width % window.Height, v = r % window.Width;
        int row = (i * window.S1) + u - window.P1, before = window.P2 - v;
        int first = before <= 0 ? 0 : Math.Min(((before - 1) / window.S2) + 1, width);
        int last = x.Width + before <= 0 ? 0 : Math.Min(((x.Width + before - 1) / window.S2) + 1, width);
        return row >= 0 && row < x.Height && first < last
            ? (first, last, (((c * x.Height) + row) * x.Width) + (first * window.S2) - before)
            : (0, 0, 0);
    }

    /// <summary>turned[k, m] = x[n + m, k]</summary>
    private static void SetTransposed(ChannelsView x, int n, MatrixView turned)
    {
        int numbers = x.Channels * x.Pixels, count = turned.Span.Length / numbers;
        ReadOnlySpan<float> from = x.Data.AsSpan(n * numbers, count * numbers);
        Span<float> to = turned.Span;
        if (count == 1)
        {
            from.CopyTo(to);
            return;
        }

        for (int k = 0; k < numbers; k++)
        {
            for (int m = 0; m < count; m++)
            {
                to[(k * count) + m] = from[(m * numbers) + k];
            }
        }
    }

    /// <summary>y[n + m, k] += turned[k, m]</summary>
    private static void AddTransposed(MatrixView turned, ChannelsView y, int n)
    {
        int numbers = y.Channels * y.Pixels, count = turned.Span.Length / numbers;
        Span<float> to = y.Data.AsSpan(n * numbers, count * numbers), from = turned.Span;
        if (count == 1)
        {
            TensorPrimitives.Add(to, from, to);
            return;
        }

        for (int k = 0; k < numbers; k++)
        {
            for (int m = 0; m < count; m++)
            {
                to[(m * numbers) + k] += from[(k * count) + m];
            }
        }
    }
}
