namespace MiniNet.Tests.Torch;

/// <summary>Checks that TorchSharp's native libraries load. Only this test fails if they are required and do not load.</summary>
public class NativeLibrariesTests
{
    [TorchSharpFact]
    public void NativeLibraries_Load()
    {
        if (NativeLibraries.Problem is { } problem)
        {
            Assert.Fail($"MININET_TORCHSHARP=required, but the comparisons with TorchSharp cannot run: {problem}");
        }
    }
}
