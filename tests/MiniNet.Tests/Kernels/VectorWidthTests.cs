using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics;
using MiniNet.Kernels;

namespace MiniNet.Tests.Kernels;

/// <summary>
/// Runs the kernel tests for every register width. The runtime chooses the width when a process starts, so each width is tested in a new
/// process with the wider registers disabled. This is a test rather than a step of the continuous integration, so that every test run
/// includes it.
/// </summary>
public class VectorWidthTests
{
    internal const string WidthVariable = "MININET_TESTS_VECTOR_BITS";

    [Fact]
    public void VectorBits_RequestedWidth_IsUsed()
    {
        string? asked = Environment.GetEnvironmentVariable(WidthVariable);
        int bits = Kernel.Backend == KernelBackend.Plain ? 32 : asked is null ? Widest : int.Parse(asked, CultureInfo.InvariantCulture);
        Assert.Equal(bits, Kernel.VectorBits);
        Assert.True(asked is null || Widest == bits, $"asked for {asked} bits, but the runtime uses {Widest}");
    }

    internal static void AssertKernelTestsPass(string off, int bits)
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(WidthVariable) is not null, "This run already uses narrower registers.");

        // The kernel tests call both the plain and the SIMD kernels, whichever is in use, so one run is enough.
        string[] which = Kernel.Backend == KernelBackend.Simd
            ? ["-namespace", typeof(VectorWidthTests).Namespace!]
            : ["-class", typeof(VectorWidthTests).FullName!];
        var start = new ProcessStartInfo("dotnet", [typeof(VectorWidthTests).Assembly.Location, .. which, "-noColor"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.Environment[off] = "0";
        start.Environment["DOTNET_TieredCompilation"] = "0"; // the loops are long, so optimizing them at once saves time
        start.Environment["MININET_KERNELS"] = "simd";
        // the machine may have no wider registers
        start.Environment[WidthVariable] = Math.Min(bits, Widest).ToString(CultureInfo.InvariantCulture);
        using Process tests = Process.Start(start)!;
        string output = tests.StandardOutput.ReadToEnd();
        tests.WaitForExit();
        Assert.True(tests.ExitCode == 0 && output.Contains("Failed: 0", StringComparison.Ordinal), output);
    }

    private static int Widest => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;
}

/// <summary>Runs the kernel tests without AVX-512. A class of its own, so that it runs beside the other width.</summary>
public class VectorWidth256Tests
{
    [Fact]
    public void Kernels_WithoutAvx512_PassSameTests() => VectorWidthTests.AssertKernelTestsPass("DOTNET_EnableAVX512", 256);
}

/// <summary>Runs the kernel tests without AVX2.</summary>
public class VectorWidth128Tests
{
    [Fact]
    public void Kernels_WithoutAvx2_PassSameTests() => VectorWidthTests.AssertKernelTestsPass("DOTNET_EnableAVX2", 128);
}
