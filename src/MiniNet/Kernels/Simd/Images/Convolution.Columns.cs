using System.Numerics.Tensors;
using MiniNet.Kernels.Products;
using MiniNet.Kernels.Vectors;

namespace MiniNet.Kernels.Images;

// im2col: copies one image into a matrix of columns, so that the convolution becomes one of the three matrix products. Row (c, u, v) of
// that matrix holds the factors of w[o, c, u, v] for every output pixel (i, j). It covers as many lines i at a time as fit in the cache.
internal readonly unsafe partial struct Convolution
{
    private const int L2Floats = 1 << 16; // in floats: a quarter of a megabyte

    private int Terms => Channels * WindowSize;

    private int LinesPerBlock => (int)Math.Clamp(L2Floats / ((long)Terms * Out.Width), 1, Out.Height);

    private void ForwardByColumns(float* b, int n)
    {
        float* x = X + (n * (nint)ElementsX), y = Y + (n * (nint)ElementsY);
        float* columns = ScratchBuffers.Images(checked(Terms * LinesPerBlock * Out.Width));
        for (int o = 0; o < OutChannels; o++)
        {
            new Span<float>(y + (o * PixelsY), PixelsY).Fill(b is null ? 0 : b[o]);
        }

        for (int i = 0, lines; i < Out.Height; i += lines)
        {
            lines = Math.Min(LinesPerBlock, Out.Height - i);
            int pixels = lines * Out.Width;
            SetColumns(x, i, lines, columns);
            Add(W, Terms, 1, columns, pixels, 1, y + (i * Out.Width), PixelsY, OutChannels, pixels, Terms);         // y += W·columns
        }
    }

    private void BackwardWByColumns<V>(float* db, int n)
        where V : unmanaged, IVector<V>
    {
        float* x = X + (n * (nint)ElementsX), dY = Y + (n * (nint)ElementsY);
        float* columns = ScratchBuffers.Images(checked(Terms * LinesPerBlock * Out.Width));
        for (int i = 0, lines; i < Out.Height; i += lines)
        {
            lines = Math.Min(LinesPerBlock, Out.Height - i);
            int pixels = lines * Out.Width;
            SetColumns(x, i, lines, columns);
            Add(dY + (i * Out.Width), PixelsY, 1, columns, 1, pixels, W, Terms, OutChannels, Terms, pixels);        // dW += dY·columnsᵀ
        }

        for (int o = 0; o < OutChannels && db is not null; o++)
        {
            db[o] += Sum<V>(dY + (o * PixelsY), PixelsY);
        }
    }

    private void BackwardXByColumns(int n)
    {
        float* dX = X + (n * (nint)ElementsX), dY = Y + (n * (nint)ElementsY);
        float* columns = ScratchBuffers.Images(checked(Terms * LinesPerBlock * Out.Width));
        for (int i = 0, lines; i < Out.Height; i += lines)
        {
            lines = Math.Min(LinesPerBlock, Out.Height - i);
            int pixels = lines * Out.Width;
            Add(W, 1, Terms, dY + (i * Out.Width), PixelsY, 1, columns, pixels, Terms, pixels, OutChannels, false); // columns = Wᵀ·dY
            AddColumns(columns, i, lines, dX);
        }
    }

    private static void Add(
        float* a,
        nint aRow,
        nint aTerm,
        float* b,
        nint bTerm,
        nint bColumn,
        float* c,
        nint cRow,
        int rows,
        int columns,
        int terms,
        bool add = true) => new Product
        {
            A = a,
            B = b,
            C = c,
            Rows = rows,
            Columns = columns,
            Terms = terms,
            ARow = aRow,
            ATerm = aTerm,
            BTerm = bTerm,
            BColumn = bColumn,
            CRow = cRow,
            From = add ? c : null,
            FromRow = add ? cRow : 0,
        }.Run();

    /// <summary>columns[(c, u, v), (i, j)] = x[c, i·s₁ + u − p₁, j·s₂ + v − p₂]</summary>
    private void SetColumns(float* x, int firstLine, int lines, float* columns)
    {
        for (int r = 0; r < Terms; r++)
        {
            var across = WindowOverlap.OfWindow(r % Window.Width, Window.S2, Window.P2, In.Width, Out.Width);
            for (int i = firstLine; i < firstLine + lines; i++, columns += Out.Width)
            {
                int row = (i * Window.S1) + (r / Window.Width % Window.Height) - Window.P1;
                var to = new Span<float>(columns, Out.Width);
                if (row < 0 || row >= In.Height || across.Count < Out.Width)
                {
                    to.Clear();
                }

                if (row >= 0 && row < In.Height)
                {
                    float* from = x + (r / WindowSize * PixelsX) + (row * In.Width) + across.B;
                    Copy(from, to.Slice(across.A, across.Count), Window.S2);
                }
            }
        }
    }

    /// <summary>dX[c, i·s₁ + u − p₁, j·s₂ + v − p₂] += columns[(c, u, v), (i, j)]</summary>
    private void AddColumns(float* columns, int firstLine, int lines, float* dX)
    {
        for (int r = 0; r < Terms; r++)
        {
            var across = WindowOverlap.OfWindow(r % Window.Width, Window.S2, Window.P2, In.Width, Out.Width);
            for (int i = firstLine; i < firstLine + lines; i++, columns += Out.Width)
            {
                int row = (i * Window.S1) + (r / Window.Width % Window.Height) - Window.P1;
                if (row >= 0 && row < In.Height)
                {
                    float* to = dX + (r / WindowSize * PixelsX) + (row * In.Width) + across.B;
                    AddStrided(new ReadOnlySpan<float>(columns + across.A, across.Count), to, Window.S2);
                }
            }
        }
    }

    private static void Copy(float* from, Span<float> to, int stride)
    {
        if (stride == 1)
        {
            new Span<float>(from, to.Length).CopyTo(to);
            return;
        }

        for (int j = 0; j < to.Length; j++, from += stride)
        {
            to[j] = *from;
        }
    }

    private static void AddStrided(ReadOnlySpan<float> from, float* to, int stride)
    {
        if (stride == 1)
        {
            TensorPrimitives.Add(new Span<float>(to, from.Length), from, new Span<float>(to, from.Length));
            return;
        }

        for (int j = 0; j < from.Length; j++, to += stride)
        {
            *to += from[j];
        }
    }
}
