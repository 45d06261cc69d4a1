using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace MiniNet.Tests.Torch;

/// <summary>
/// Loads TorchSharp's native libraries from the output folder before TorchSharp does. If TorchSharp itself fails to load them, it first
/// copies 500 MB of files, and then every test fails.
/// </summary>
internal static class NativeLibraries
{
    /// <summary>Gets the reason why TorchSharp cannot be used, in one line; null if it can.</summary>
    public static string? Problem { get; } = Load();

    /// <summary>Gets a value indicating whether the tests fail if TorchSharp cannot be used (MININET_TORCHSHARP=required).</summary>
    public static bool Required { get; } =
        string.Equals(Environment.GetEnvironmentVariable("MININET_TORCHSHARP"), "required", StringComparison.OrdinalIgnoreCase);

    private static string? Load()
    {
        // The build records the reason if it excludes TorchSharp.
        foreach (AssemblyMetadataAttribute data in typeof(NativeLibraries).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>())
        {
            if (data.Key == "WithoutTorchSharp")
            {
                return data.Value;
            }
        }

        return Load("torch_cpu") ?? Load("LibTorchSharp");
    }

    private static string? Load(string library)
    {
        string file =
            OperatingSystem.IsWindows() ? $"{library}.dll" :
            OperatingSystem.IsMacOS() ? $"lib{library}.dylib" :
            $"lib{library}.so";
        string path = Path.Combine(AppContext.BaseDirectory, file);
        if (!File.Exists(path))
        {
            return $"{file} is missing from {AppContext.BaseDirectory}";
        }

        try
        {
            NativeLibrary.Load(path);
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            return Explain(file, e.Message);
        }
    }

    /// <summary>Shortens the loader's message, which has several lines of paths and hints, to one line.</summary>
    internal static string Explain(string file, string message)
    {
        Match missing = Regex.Match(
            message,
            "(?<library>[^/\\s]+): version [`'](?<version>[^']+)' not found",
            RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking);
        return missing.Success
            ? $"{file} needs {missing.Groups["version"]}, which this system's {missing.Groups["library"]} lacks (see with-newer-runtime.sh)"
            : $"{file} cannot be loaded: {message.ReplaceLineEndings(" ").Trim()}";
    }
}
