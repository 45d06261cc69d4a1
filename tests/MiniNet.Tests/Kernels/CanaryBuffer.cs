using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Tests.Kernels;

/// <summary>Represents random numbers at an unaligned address, with canaries before and after them.</summary>
internal sealed class CanaryBuffer
{
    private const int CanaryCount = 40;
    private const float Canary = -123.456f;

    private static readonly float[] Pool = Samples.Normal(1 << 17, new RandomStream(23, "guarded pool"));

    private readonly float[] data;
    private readonly int start, length;

    public CanaryBuffer(int length, int shift, RandomStream random)
    {
        (this.length, start) = (length, CanaryCount + (shift % 7));
        data = Allocate(start, length);
        Array.Fill(data, Canary);
        Fill(Span, random);
    }

    private CanaryBuffer(CanaryBuffer other)
    {
        (start, length) = (other.start, other.length);
        data = Allocate(start, length);
        other.data.CopyTo(data.AsSpan());
    }

    public Span<float> Span => data.AsSpan(start, length);

    public MatrixView Matrix(int rows, int columns, bool overwrite = false) => new(data, rows, columns, start, overwrite);

    public ChannelsView Channels(int rows, int channels, int pixels) => new(data, rows, channels, 1, pixels, start);

    public ChannelsView Images(int rows, int channels, int height, int width) => new(data, rows, channels, height, width, start);

    public CanaryBuffer Copy() => new(this);

    // Normally distributed numbers, drawn once, because drawing took half of the time of these tests. A slice at a random position is as
    // good.
    private static void Fill(Span<float> span, RandomStream random)
    {
        while (span.Length > 0)
        {
            ReadOnlySpan<float> slice = Pool.AsSpan(random.NextInt32(Pool.Length));
            slice = slice[..Math.Min(slice.Length, span.Length)];
            slice.CopyTo(span);
            span = span[slice.Length..];
        }
    }

    // Pinned, so that a bounds-checked vector knows which addresses it may read.
    private static float[] Allocate(int start, int length)
    {
        float[] made = GC.AllocateUninitializedArray<float>(start + length + CanaryCount, pinned: true);
#if CHECKED
        unsafe
        {
            AllowedMemory.Operand((float*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref made[start]), length);
        }
#endif
        return made;
    }

    public void AssertCanariesIntact(string what)
    {
        if (data.AsSpan(0, start).IndexOfAnyExcept(Canary) >= 0 || data.AsSpan(start + length).IndexOfAnyExcept(Canary) >= 0)
        {
            Assert.Fail($"{what}: written outside of it");
        }
    }
}
