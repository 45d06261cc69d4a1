using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace MiniNet.Tests.Torch;

/// <summary>
/// Loads TorchSharp's native libraries from the output folder before TorchSharp does. When TorchSharp fails to load them, it first copies 500 MB of files,
/// and each test fails with an error of its own.
/// </summary>
internal static class NativeLibraries
{
    /// <summary>Gets why TorchSharp cannot be used, in one line, or null if it can.</summary>
    public static string? Problem { get; } = Load();

    /// <summary>Gets a value indicating whether the environment says that a missing TorchSharp is a failure: MININET_TORCHSHARP=required.</summary>
    public static bool Required { get; } = string.Equals(Environment.GetEnvironmentVariable("MININET_TORCHSHARP"), "required", StringComparison.OrdinalIgnoreCase);

    private static string? Load()
    {
        // The build may have left TorchSharp out, and says why.
        if (typeof(NativeLibraries).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(data => data.Key == "WithoutTorchSharp") is { } without)
        {
            return without.Value;
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

    /// <summary>Makes one line of the loader's message, which is several lines of paths and hints.</summary>
    internal static string Explain(string file, string message)
    {
        Match version = Regex.Match(message, "([^/\\s]+): version [`']([^']+)' not found", RegexOptions.CultureInvariant);
        return version.Success
            ? $"{file} needs {version.Groups[2].Value}, which this system's {version.Groups[1].Value} lacks (see with-newer-runtime.sh)"
            : $"{file} cannot be loaded: {message.ReplaceLineEndings(" ").Trim()}";
    }
}
