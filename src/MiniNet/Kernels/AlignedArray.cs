using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace MiniNet.Kernels;

/// <summary>Allocates arrays that the garbage collector does not move, with a start index that is aligned to a cache line.</summary>
[DebuggerStepThrough]
internal static unsafe class AlignedArray
{
    /// <summary>The number of floats in a cache line.</summary>
    public const int LineFloats = 16;

    private const int LineBytes = LineFloats * sizeof(float);

    /// <summary>Returns an array with this many zeros from its start index on. The start index is aligned to a cache line.</summary>
    public static (float[] Data, int Start) Allocate(int length)
    {
        float[] data = GC.AllocateArray<float>(length + LineFloats - 1, pinned: true);
        var first = (float*)Unsafe.AsPointer(ref data[0]);
        return (data, (int)(AlignUp(first) - first));
    }

    /// <summary>Returns the first address at or after this one that is aligned to a cache line.</summary>
    public static float* AlignUp(float* at) => (float*)(((nint)at + LineBytes - 1) & -LineBytes);

    /// <summary>Rounds a number of floats up to whole cache lines.</summary>
    public static int RoundUpToLines(int count) => (count + LineFloats - 1) & -LineFloats;
}
