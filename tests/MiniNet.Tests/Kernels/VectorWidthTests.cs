using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics;
using MiniNet.Kernels;

namespace MiniNet.Tests.Kernels;

/// <summary>
/// The kernels in registers of every width. The runtime decides when a process starts which it uses, so all tests of the kernels run once more, each
/// time in a process that is told to leave the widest alone: here and not in the continuous integration, so that whoever runs the tests has run these.
/// </summary>
public class VectorWidthTests
{
    private const string Asked = "MININET_TESTS_VECTOR_BITS";

    [Fact]
    public void VectorBits_AreThoseAskedFor()
    {
        string? asked = Environment.GetEnvironmentVariable(Asked);
        int bits = Kernel.Side == KernelSide.Plain ? 32 : asked is null ? Widest : int.Parse(asked, CultureInfo.InvariantCulture);
        Assert.Equal(bits, Kernel.VectorBits);
        Assert.True(asked is null || Widest == bits, $"asked for {asked} bits, but the runtime uses {Widest}");
    }

    [Theory]
    [InlineData("DOTNET_EnableAVX512", 256)]
    [InlineData("DOTNET_EnableAVX2", 128)]
    public void TheKernels_InNarrowerRegisters_PassTheSameTests(string off, int bits)
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(Asked) is not null, "This is the run in narrower registers.");

        // They call both sides, whichever is in use: once is enough.
        string[] which = Kernel.Side == KernelSide.Simd ? ["-namespace", typeof(VectorWidthTests).Namespace!] : ["-class", typeof(VectorWidthTests).FullName!];
        var start = new ProcessStartInfo("dotnet", [typeof(VectorWidthTests).Assembly.Location, .. which, "-noColor"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.Environment[off] = "0";
        start.Environment["DOTNET_TieredCompilation"] = "0"; // these loops are long: compiled well at once, the tests take less time
        start.Environment["MININET_KERNELS"] = "simd";
        start.Environment[Asked] = Math.Min(bits, Widest).ToString(CultureInfo.InvariantCulture); // a machine may have no wider ones
        using Process tests = Process.Start(start)!;
        string output = tests.StandardOutput.ReadToEnd();
        tests.WaitForExit();
        Assert.True(tests.ExitCode == 0 && output.Contains("Failed: 0", StringComparison.Ordinal), output);
    }

    private static int Widest => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;
}
