using System.Runtime.CompilerServices;

namespace MiniNet.Kernels;

/// <summary>Replaces the library's scratch buffers with new ones on every call, of exactly the requested size.</summary>
internal static unsafe class ScratchBuffers
{
    [ThreadStatic]
    private static float[]?[]? buffers;

    public static float* PackedA(int count) => Allocate(0, count);

    public static float* PackedB(int count) => Allocate(1, count);

    public static float* TransposedC(int count) => Allocate(2, count);

    public static float* PartialSums(int count) => Allocate(3, count);

    public static float* Images(int count) => Allocate(4, count);

    private static float* Allocate(int index, int count)
    {
        float[] made = (buffers ??= new float[5][])[index] = GC.AllocateUninitializedArray<float>(count + 1, pinned: true);
        var start = (float*)Unsafe.AsPointer(ref made[0]);
        AllowedMemory.ScratchBuffer(index, start, count);
        return start;
    }
}
