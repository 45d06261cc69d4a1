using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace MiniNet.Kernels;

/// <summary>Arrays that the garbage collector does not move, and that hold a place at which a cache line begins.</summary>
[DebuggerStepThrough]
internal static unsafe class AlignedArray
{
    /// <summary>Floats in a cache line.</summary>
    public const int Line = 16;

    /// <summary>An array with room for so many zeros from its start on, which is the start of a line.</summary>
    public static (float[] Data, int Start) Of(int length)
    {
        float[] data = GC.AllocateArray<float>(length + Line - 1, pinned: true);
        nuint place = (nuint)Unsafe.AsPointer(ref data[0]) / sizeof(float) % Line;
        return (data, place == 0 ? 0 : Line - (int)place);
    }
}
