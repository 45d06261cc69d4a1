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
            int count = Math.Min(room.Columns, y.Rows - n);
            (MatrixView images, MatrixView columns, MatrixView part) = Lay(room, n, count, x, w, y);
            SetTurned(x, n, count, images);
            SetColumns(images, x, window, y, columns);
            ClearTurned(count, part);
            AddProduct(w.Matrix, columns, part);                        // y += W·columns
            AddTurned(part, n, count, y);
        }
    }

    /// <inheritdoc cref="PlainKernels.ConvolutionBackwardW"/>
    public static void ConvolutionBackwardW(ChannelsView x, ChannelsView dY, ChannelsView dW, Window window, MatrixView room)
    {
        for (int n = 0; n < dY.Rows; n += room.Columns)
        {
            int count = Math.Min(room.Columns, dY.Rows - n);
            (MatrixView images, MatrixView columns, MatrixView part) = Lay(room, n, count, x, dW, dY);
            SetTurned(x, n, count, images);
            SetColumns(images, x, window, dY, columns);
            SetTurned(dY, n, count, part);
            AddProductTransposed(part, columns, dW.Matrix);             // dW += dY·columnsᵀ
        }
    }

    /// <inheritdoc cref="PlainKernels.ConvolutionBackwardX"/>
    public static void ConvolutionBackwardX(ChannelsView dY, ChannelsView w, ChannelsView dX, Window window, MatrixView room)
    {
        for (int n = 0; n < dX.Rows; n += room.Columns)
        {
            int count = Math.Min(room.Columns, dX.Rows - n);
            (MatrixView images, MatrixView columns, MatrixView part) = Lay(room, n, count, dX, w, dY);
            SetTurned(dY, n, count, part);
            columns.Span.Clear();
            AddTransposedProduct(w.Matrix, part, columns);              // columns = Wᵀ·dY
            ClearTurned(count, images);
            AddColumns(columns, dY, window, images, dX);
            AddTurned(images, n, count, dX);
        }
    }

    /// <summary>The room shared out: x turned, [C·H·W, count]; its columns, [C·k·k, H'·W'·count]; y turned, [O, H'·W'·count]. One image alone stays where it is.</summary>
    private static (MatrixView Images, MatrixView Columns, MatrixView Part) Lay(MatrixView room, int n, int count, ChannelsView x, ChannelsView w, ChannelsView y)
    {
        int numbers = x.Channels * x.Pixels, rows = w.Channels * w.Pixels, pixels = y.Pixels * count;
        var columns = new MatrixView(room.Data, rows, pixels, numbers * count);
        return count == 1
            ? (new MatrixView(x.Data, numbers, 1, x.Start + (n * numbers)), columns, y.Row(n))
            : (new MatrixView(room.Data, numbers, count), columns, new MatrixView(room.Data, y.Channels, pixels, (numbers * count) + (rows * pixels)));
    }

    /// <summary>columns[(c, u, v), (i, j)] = x[c, i·s₁ + u − p₁, j·s₂ + v − p₂], for all images</summary>
    private static void SetColumns(MatrixView images, ChannelsView x, Window window, ChannelsView y, MatrixView columns)
    {
        int count = images.Columns, length = y.Width * count;
        for (int r = 0; r < columns.Rows; r++)
        {
            (int channel, int u, int start, int first, int last) = Place(r, x, window, y.Width);
            Span<float> row = columns.Row(r);
            for (int i = 0; i < y.Height; i++)
            {
                Span<float> to = row.Slice(i * length, length);
                int line = (i * window.S1) + u - window.P1;
                if (line < 0 || line >= x.Height || first == last)
                {
                    to.Clear();
                    continue;
                }

                to[..(first * count)].Clear();
                to[(last * count)..].Clear();
                Copy(images.Span[((((channel + line) * x.Width) + start) * count)..], to[(first * count)..(last * count)], window.S2, count);
            }
        }
    }

    /// <summary>dX[c, i·s₁ + u − p₁, j·s₂ + v − p₂] += columns[(c, u, v), (i, j)], for all images</summary>
    private static void AddColumns(MatrixView columns, ChannelsView dY, Window window, MatrixView images, ChannelsView dX)
    {
        int count = images.Columns, length = dY.Width * count;
        for (int r = 0; r < columns.Rows; r++)
        {
            (int channel, int u, int start, int first, int last) = Place(r, dX, window, dY.Width);
            Span<float> row = columns.Row(r);
            for (int i = 0; i < dY.Height && first < last; i++)
            {
                int line = (i * window.S1) + u - window.P1;
                if (line >= 0 && line < dX.Height)
                {
                    Span<float> from = row.Slice(i * length, length)[(first * count)..(last * count)];
                    AddApart(from, images.Span[((((channel + line) * dX.Width) + start) * count)..], window.S2, count);
                }
            }
        }
    }

    /// <summary>
    /// What row r = (c, u, v) of the columns is made of: the first line of channel c in x; u; the first column of x that is used; and the first j,
    /// and the one after the last, for which j·s₂ + v − p₂ lies within x.
    /// </summary>
    private static (int Channel, int U, int Start, int First, int Last) Place(int r, ChannelsView x, Window window, int width)
    {
        int before = window.P2 - (r % window.Width), room = x.Width + before;
        int first = before <= 0 ? 0 : Math.Min(((before - 1) / window.S2) + 1, width);
        int last = room <= 0 ? 0 : Math.Min(((room - 1) / window.S2) + 1, width);
        int channel = r / (window.Height * window.Width) * x.Height;
        return (channel, r / window.Width % window.Height, (first * window.S2) - before, first, Math.Max(first, last));
    }

    private static void Copy(ReadOnlySpan<float> from, Span<float> to, int stride, int count)
    {
        if (stride == 1)
        {
            from[..to.Length].CopyTo(to);
            return;
        }

        for (int j = 0, k = 0; j < to.Length; j += count, k += stride * count)
        {
            for (int m = 0; m < count; m++)
            {
                to[j + m] = from[k + m];
            }
        }
    }

    private static void AddApart(ReadOnlySpan<float> from, Span<float> to, int stride, int count)
    {
        if (stride == 1)
        {
            TensorPrimitives.Add(to[..from.Length], from, to);
            return;
        }

        for (int j = 0, k = 0; j < from.Length; j += count, k += stride * count)
        {
            for (int m = 0; m < count; m++)
            {
                to[k + m] += from[j + m];
            }
        }
    }

    /// <summary>turned[k, m] = x[n + m, k]</summary>
    private static void SetTurned(ChannelsView x, int n, int count, MatrixView turned)
    {
        int numbers = x.Channels * x.Pixels;
        ReadOnlySpan<float> from = x.Data.AsSpan(x.Start + (n * numbers), count * numbers);
        Span<float> to = turned.Span;
        for (int k = 0; k < numbers && count > 1; k++)
        {
            for (int m = 0; m < count; m++)
            {
                to[(k * count) + m] = from[(m * numbers) + k];
            }
        }
    }

    /// <summary>y[n + m, k] += turned[k, m]</summary>
    private static void AddTurned(MatrixView turned, int n, int count, ChannelsView y)
    {
        int numbers = y.Channels * y.Pixels;
        Span<float> to = y.Data.AsSpan(y.Start + (n * numbers), count * numbers), from = turned.Span;
        for (int k = 0; k < numbers && count > 1; k++)
        {
            for (int m = 0; m < count; m++)
            {
                to[(m * numbers) + k] += from[(k * count) + m];
            }
        }
    }

    private static void ClearTurned(int count, MatrixView turned)
    {
        if (count > 1)
        {
            turned.Span.Clear();
        }
    }
}
