using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using MiniNet.Kernels.Vectors;

namespace MiniNet.Kernels.Images;

/// <summary>
/// Transposes images, so that the same element of each is adjacent in memory. A vector then holds one pixel of one channel of many images,
/// whatever their size, and a window moves over it without shuffles.
/// </summary>
internal static unsafe class ImageTranspose
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
                    if (Sse.IsSupported && j % AlignedArray.LineFloats == 0)
                    {
                        // The hardware prefetcher does not follow this many short lines at once.
                        for (int k = 0; k < V.Count; k++)
                        {
                            Sse.Prefetch0(from + ((row + k) * fromStep) + j + (4 * AlignedArray.LineFloats));
                        }
                    }

                    V.Transpose(from + (row * fromStep) + j, fromStep, to + (j * toStep) + row, toStep);
                }
            }
        }
        else
        {
            // Lines that are far apart, such as those of whole images, would evict each other from the cache.
            // So only four are written at a time.
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
