using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Tests.Kernels;

/// <summary>Random numbers at an odd distance from the start of their memory, with a wall of canaries on both sides.</summary>
internal sealed class Guarded
{
    private const int Wall = 40;
    private const float Canary = -123.456f;

    private readonly float[] data;
    private readonly int start, length;

    public Guarded(int length, int shift, RandomStream random)
    {
        (this.length, start) = (length, Wall + (shift % 7));
        data = Allocate(start, length);
        Array.Fill(data, Canary);
        Samples.Normal(length, random).CopyTo(Span);
    }

    private Guarded(Guarded other)
    {
        (start, length) = (other.start, other.length);
        data = Allocate(start, length);
        other.data.CopyTo(data.AsSpan());
    }

    public Span<float> Span => data.AsSpan(start, length);

    public MatrixView Matrix(int rows, int columns, bool isZero = false) => new(data, rows, columns, start, isZero);

    public ChannelsView Channels(int rows, int channels, int pixels) => new(data, rows, channels, 1, pixels, start);

    public ChannelsView Images(int rows, int channels, int height, int width) => new(data, rows, channels, height, width, start);

    public Guarded Copy() => new(this);

    // Where it stays, so that a vector can tell what it may read.
    private static float[] Allocate(int start, int length)
    {
        float[] made = GC.AllocateUninitializedArray<float>(start + length + Wall, pinned: true);
#if CHECKED
        unsafe
        {
            Allowed.Operand((float*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref made[start]), length);
        }
#endif
        return made;
    }

    public void AssertWhole(string what)
    {
        Assert.True(data.AsSpan(0, start).IndexOfAnyExcept(Canary) < 0, $"{what}: written before it");
        Assert.True(data.AsSpan(start + length).IndexOfAnyExcept(Canary) < 0, $"{what}: written beyond it");
    }
}
