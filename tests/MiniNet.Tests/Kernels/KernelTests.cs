using MiniNet.Kernels;

namespace MiniNet.Tests.Kernels;

public class KernelTests
{
    [Fact]
    public void Backend_EnvironmentVariable_SelectsKernels()
    {
        KernelBackend asked = Environment.GetEnvironmentVariable("MININET_KERNELS") == "plain" ? KernelBackend.Plain : KernelBackend.Simd;
        Assert.Equal(asked, Kernel.Backend);
        Assert.Equal(asked == KernelBackend.Plain, Kernel.VectorBits == 32);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void MaxThreads_LessThan1_Throws(int threads) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Kernel.MaxThreads = threads);
}
