namespace MiniNet.Tests.Torch;

/// <summary>Checks that the reason of a skipped test is one line, whatever the loader's message.</summary>
public class NativeLibraryMessageTests
{
    [Fact]
    public void Explain_VersionNotFound_NamesVersionAndLibrary()
    {
        const string Message = """
            Unable to load shared library '/bin/libLibTorchSharp.so' or one of its dependencies. Consider using a tool like strace:
            /lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /bin/libLibTorchSharp.so)
            /bin/liblibLibTorchSharp.so: cannot open shared object file: No such file or directory
            """;
        Assert.Equal(
            "libLibTorchSharp.so needs GLIBCXX_3.4.32, which this system's libstdc++.so.6 lacks (see with-newer-runtime.sh)",
            NativeLibraries.Explain("libLibTorchSharp.so", Message));
    }

    [Fact]
    public void Explain_OtherMessage_ReturnsOneLine() =>
        Assert.Equal("torch_cpu.dll cannot be loaded: No. Not at all.", NativeLibraries.Explain("torch_cpu.dll", "No.\r\nNot at all.\n"));
}
