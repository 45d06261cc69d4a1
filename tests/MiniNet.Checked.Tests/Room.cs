using System.Runtime.CompilerServices;

namespace MiniNet.Kernels;

/// <summary>Replaces the library's scratch buffers with new ones on every call, of exactly the requested size.</summary>
internal static unsafe class Room
{
    [ThreadStatic]
    private static float[]?[]? kept;

    public static float* ForA(int count) => Make(0, count);

    public static float* ForB(int count) => Make(1, count);

    public static float* ForC(int count) => Make(2, count);

    public static float* ForSums(int count) => Make(3, count);

    public static float* ForImages(int count) => Make(4, count);

    private static float* Make(int room, int count)
    {
        float[] made = (kept ??= new float[5][])[room] = GC.AllocateUninitializedArray<float>(count + 1, pinned: true);
        var start = (float*)Unsafe.AsPointer(ref made[0]);
        Allowed.Room(room, start, count);
        return start;
    }
}
