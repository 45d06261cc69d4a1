using System.Runtime.CompilerServices;

namespace MiniNet.Kernels;

/// <summary>
/// Provides scratch buffers per thread, for packed factors and for transposed images. Each is allocated on first use, kept, and pinned.
/// </summary>
internal static unsafe class Room
{
    [ThreadStatic]
    private static float[]? a, b, c, sums, images;

    public static float* ForA(int count) => Start(ref a, count);

    public static float* ForB(int count) => Start(ref b, count);

    public static float* ForC(int count) => Start(ref c, count);

    public static float* ForSums(int count) => Start(ref sums, count);

    public static float* ForImages(int count) => Start(ref images, count);

    private static float* Start(ref float[]? room, int count)
    {
        int length = count + AlignedArray.Line - 1;
        if (room is null || room.Length < length)
        {
            room = GC.AllocateUninitializedArray<float>(length, pinned: true);
        }

        return AlignedArray.NextLine((float*)Unsafe.AsPointer(ref room[0]));
    }
}
