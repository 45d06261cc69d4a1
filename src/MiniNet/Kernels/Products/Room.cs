namespace MiniNet.Kernels.Products;

/// <summary>A thread's own room for packed factors: made when first needed, kept, and never moved.</summary>
internal static unsafe class Room
{
    private const int Line = 16; // floats in a cache line

    [ThreadStatic]
    private static float[]? a, b;

    public static float* ForA(int rows, int terms) => Start(ref a, rows * terms);

    public static float* ForB(int columns, int terms) => Start(ref b, columns * terms);

    private static float* Start(ref float[]? room, int count)
    {
        if (room is null || room.Length < count + Line)
        {
            room = GC.AllocateUninitializedArray<float>(count + Line, pinned: true);
        }

        nint start = (nint)System.Runtime.CompilerServices.Unsafe.AsPointer(ref room[0]);
        return (float*)((start + 63) & ~(nint)63);
    }
}
