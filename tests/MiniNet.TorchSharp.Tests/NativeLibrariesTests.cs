namespace MiniNet.Tests.Torch;

/// <summary>TorchSharp's native libraries: the one test that fails where they are required and do not load.</summary>
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
