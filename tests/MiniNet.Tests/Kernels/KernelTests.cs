using MiniNet.Kernels;

namespace MiniNet.Tests.Kernels;

public class KernelTests
{
    [Fact]
    public void Side_EnvironmentVariable_SelectsKernels()
    {
        KernelSide asked = Environment.GetEnvironmentVariable("MININET_KERNELS") == "plain" ? KernelSide.Plain : KernelSide.Simd;
        Assert.Equal(asked, Kernel.Side);
        Assert.Equal(asked == KernelSide.Plain, Kernel.VectorBits == 32);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void MaxThreads_LessThan1_Throws(int threads) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Kernel.MaxThreads = threads);
}
