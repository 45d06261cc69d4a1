using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using MiniNet.Kernels.Vectors;

namespace MiniNet.Kernels.Images;

/// <summary>
/// Images turned so that the same number of each stands side by side: a vector then holds one pixel of one channel of many images, whatever
/// their size, and a window slides over it without a shuffle.
/// </summary>
internal static unsafe class Turn
{
    /// <summary>to[j, i] = from[i, j]</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Set<V>(float* from, nint fromStep, int rows, int columns, float* to, nint toStep)
        where V : unmanaged, IVector<V>
    {
        int fours = columns - (columns % 4), i = rows - (rows % V.Count);
        if (fromStep >= toStep)
        {
            for (int row = 0; row < i; row += V.Count)
            {
                for (int j = 0; j < fours; j += 4)
                {
                    if (Sse.IsSupported && j % AlignedArray.Line == 0)
                    {
                        // The machine fetches ahead by itself, but not along this many short lines at once.
                        for (int k = 0; k < V.Count; k++)
                        {
                            Sse.Prefetch0(from + ((row + k) * fromStep) + j + (4 * AlignedArray.Line));
                        }
                    }

                    V.Transpose(from + (row * fromStep) + j, fromStep, to + (j * toStep) + row, toStep);
                }
            }
        }
        else
        {
            // Lines that lie far apart, as those of whole images do, would push each other out of the cache: only four are written at a time.
            for (int first = 0; first < i; first += 8 * V.Count)
            {
                int last = Math.Min(first + (8 * V.Count), i);
                for (int j = 0; j < fours; j += 4)
                {
                    for (int row = first; row < last; row += V.Count)
                    {
                        V.Transpose(from + (row * fromStep) + j, fromStep, to + (j * toStep) + row, toStep);
                    }
                }
            }
        }

        for (; i + 4 <= rows; i += 4)
        {
            for (int j = 0; j < fours; j += 4)
            {
                Floats128.Transpose(from + (i * fromStep) + j, fromStep, to + (j * toStep) + i, toStep);
            }
        }

        for (int row = 0; row < rows; row++)
        {
            for (int j = row < i ? fours : 0; j < columns; j++)
            {
                to[(j * toStep) + row] = from[(row * fromStep) + j];
            }
        }
    }

    /// <summary>to[j, i] += from[i, j]</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add<V>(float* from, nint fromStep, int rows, int columns, float* to, nint toStep)
        where V : unmanaged, IVector<V>
    {
        int fours = columns - (columns % 4), i = rows - (rows % V.Count);
        float* turned = stackalloc float[4 * V.Count];
        for (int j = 0; j < fours; j += 4)
        {
            for (int row = 0; row < i; row += V.Count)
            {
                V.Transpose(from + (row * fromStep) + j, fromStep, turned, V.Count);
                for (int k = 0; k < 4; k++)
                {
                    float* at = to + ((j + k) * toStep) + row;
                    (V.Load(at) + V.Load(turned + (k * V.Count))).Store(at);
                }
            }
        }

        for (int row = 0; row < rows; row++)
        {
            for (int j = row < i ? fours : 0; j < columns; j++)
            {
                to[(j * toStep) + row] += from[(row * fromStep) + j];
            }
        }
    }
}
