using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace MiniNet.Kernels;

/// <summary>Allocates arrays that the garbage collector does not move, with a start index that is aligned to a cache line.</summary>
[DebuggerStepThrough]
internal static unsafe class AlignedArray
{
    /// <summary>The number of floats in a cache line.</summary>
    public const int Line = 16;

    private const int Bytes = Line * sizeof(float);

    /// <summary>Returns an array with this many zeros from its start index on. The start index is aligned to a cache line.</summary>
    public static (float[] Data, int Start) Of(int length)
    {
        float[] data = GC.AllocateArray<float>(length + Line - 1, pinned: true);
        var first = (float*)Unsafe.AsPointer(ref data[0]);
        return (data, (int)(NextLine(first) - first));
    }

    /// <summary>Returns the first address at or after this one that is aligned to a cache line.</summary>
    public static float* NextLine(float* at) => (float*)(((nint)at + Bytes - 1) & -Bytes);

    /// <summary>Rounds a number of floats up to whole cache lines.</summary>
    public static int RoundUp(int count) => (count + Line - 1) & -Line;
}
