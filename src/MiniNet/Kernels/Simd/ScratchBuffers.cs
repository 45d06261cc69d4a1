using System.Runtime.CompilerServices;

namespace MiniNet.Kernels;

/// <summary>
/// Provides scratch buffers per thread, for packed factors and for transposed images. Each is allocated on first use, kept, and pinned.
/// </summary>
internal static unsafe class ScratchBuffers
{
    [ThreadStatic]
    private static float[]? a, b, c, sums, images;

    public static float* PackedA(int count) => GetBuffer(ref a, count);

    public static float* PackedB(int count) => GetBuffer(ref b, count);

    public static float* TransposedC(int count) => GetBuffer(ref c, count);

    public static float* PartialSums(int count) => GetBuffer(ref sums, count);

    public static float* Images(int count) => GetBuffer(ref images, count);

    private static float* GetBuffer(ref float[]? buffer, int count)
    {
        int length = count + AlignedArray.LineFloats - 1;
        if (buffer is null || buffer.Length < length)
        {
            buffer = GC.AllocateUninitializedArray<float>(length, pinned: true);
        }

        return AlignedArray.AlignUp((float*)Unsafe.AsPointer(ref buffer[0]));
    }
}
