using System.Runtime.CompilerServices;

namespace MiniNet.Tests.Torch;

/// <summary>Marks comparisons with TorchSharp. Without native libraries, they are one skipped test, whose name gives the reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TorchSharpTheoryAttribute : TheoryAttribute
{
    public TorchSharpTheoryAttribute(
        [CallerMemberName] string name = "", [CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line)
    {
        if (NativeLibraries.Problem is { } problem)
        {
            Skip = problem;
            DisplayName = $"{name}: skipped, because {problem}"; // dotnet test shows this name, but not the reason
        }
    }
}
