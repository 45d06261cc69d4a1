using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace MiniNet.Kernels;

/// <summary>Arrays that the garbage collector does not move, and that hold a place at which a cache line begins.</summary>
[DebuggerStepThrough]
internal static unsafe class AlignedArray
{
    /// <summary>Floats in a cache line.</summary>
    public const int Line = 16;

    private const int Bytes = Line * sizeof(float);

    /// <summary>An array with room for this many zeros from its start on, which is the start of a line.</summary>
    public static (float[] Data, int Start) Of(int length)
    {
        float[] data = GC.AllocateArray<float>(length + Line - 1, pinned: true);
        var first = (float*)Unsafe.AsPointer(ref data[0]);
        return (data, (int)(NextLine(first) - first));
    }

    /// <summary>Where the next line begins, if none begins here.</summary>
    public static float* NextLine(float* at) => (float*)(((nint)at + Bytes - 1) & -Bytes);

    /// <summary>A number of floats, rounded up to whole lines.</summary>
    public static int RoundUp(int count) => (count + Line - 1) & -Line;
}
