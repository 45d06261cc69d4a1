using System.Runtime.CompilerServices;

namespace MiniNet.Kernels.Images;

/// <summary>A thread's own room for what is laid out: made when first needed, kept, and never moved.</summary>
internal static unsafe class Room
{
    private const int Line = 16; // floats in a cache line

    [ThreadStatic]
    private static float[]? room;

    public static float* Of(int count)
    {
        if (room is null || room.Length < count + Line)
        {
            room = GC.AllocateUninitializedArray<float>(count + Line, pinned: true);
        }

        return (float*)(((nint)Unsafe.AsPointer(ref room[0]) + 63) & ~(nint)63);
    }

    /// <summary>So many, rounded up to whole cache lines.</summary>
    public static int Lines(int count) => (count + Line - 1) & ~(Line - 1);
}
