using System.Runtime.CompilerServices;

namespace MiniNet.Tests.Torch;

/// <summary>Marks a test of TorchSharp's native libraries. Skipped if they do not load, unless they are required.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TorchSharpFactAttribute : FactAttribute
{
    public TorchSharpFactAttribute(
        [CallerMemberName] string name = "", [CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line)
    {
        if (NativeLibraries.Problem is { } problem && !NativeLibraries.Required)
        {
            Skip = problem;
            DisplayName = $"{name}: skipped, because {problem}"; // dotnet test shows this name, but not the reason
        }
    }
}
