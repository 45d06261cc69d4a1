using System.Runtime.CompilerServices;

namespace MiniNet.Kernels.Products;

/// <summary>A thread's own room for packed factors: made when first needed, kept, and never moved.</summary>
internal static unsafe class Room
{
    private const int Line = 64; // bytes in a cache line

    [ThreadStatic]
    private static float[]? a, b, c;

    public static float* ForA(int count) => Start(ref a, count);

    public static float* ForB(int count) => Start(ref b, count);

    public static float* ForC(int count) => Start(ref c, count);

    private static float* Start(ref float[]? room, int count)
    {
        if (room is null || room.Length < count + (Line / sizeof(float)))
        {
            room = GC.AllocateUninitializedArray<float>(count + (Line / sizeof(float)), pinned: true);
        }

        return (float*)(((nint)Unsafe.AsPointer(ref room[0]) + Line - 1) & -Line);
    }
}
