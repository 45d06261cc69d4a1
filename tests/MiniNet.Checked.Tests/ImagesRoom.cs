using System.Runtime.CompilerServices;

namespace MiniNet.Kernels.Images;

/// <summary>As the library's, but new at each call and exactly as large as asked for.</summary>
internal static unsafe class Room
{
    [ThreadStatic]
    private static float[]? kept;

    public static float* Of(int count)
    {
        kept = GC.AllocateUninitializedArray<float>(count + 1, pinned: true);
        var start = (float*)Unsafe.AsPointer(ref kept[0]);
        Allowed.Room(3, start, count);
        return start;
    }

    public static int Lines(int count) => (count + 15) & ~15;
}
