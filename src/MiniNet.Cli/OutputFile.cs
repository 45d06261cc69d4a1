using MiniNet.Files;

namespace MiniNet.Cli;

/// <summary>
/// Represents a file that a command writes. All commands write through this class, because <see cref="Check"/> finds out before the work,
/// which may be long, whether a file can be written, and rejects one that the command also reads.
/// </summary>
/// <param name="option">The option that names the file: <c>--output</c>.</param>
/// <param name="given">The path given by the user, or null.</param>
/// <param name="byDefault">The path without the option, or null if nothing is written then.</param>
internal sealed class OutputFile(string option, string? given, string? byDefault = null)
{
    private bool isChecked;

    /// <summary>Gets the path, or null if the file is not wanted.</summary>
    public string? Path { get; } = given ?? byDefault;

    // A link that has the default name was not chosen by the user (a received folder may hold one), so it is replaced and not followed.
    private bool FollowLink { get; } = given is not null;

    private string Target => FollowLink ? Links.Follow(Path!) : Links.FollowFolder(Path!);

    /// <summary>
    /// Gets a value indicating whether two paths, without links, are the same file. The file systems of Windows and macOS usually ignore
    /// case.
    /// </summary>
    public static bool AreSame(string path, string other) => string.Equals(
        path,
        other,
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);

    /// <summary>
    /// Checks the files that a command writes: each must differ from the others and from all that the command reads, and its folder must be
    /// writable.
    /// </summary>
    /// <param name="inputs">The files that the command reads.</param>
    /// <param name="outputs">The files that it writes; those without a path are skipped.</param>
    /// <exception cref="UsageException">Two of the files are the same.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static void Check(ReadOnlySpan<string> inputs, params ReadOnlySpan<OutputFile> outputs)
    {
        for (int i = 0; i < outputs.Length; i++)
        {
            if (outputs[i].Path is null)
            {
                continue;
            }

            if (System.IO.Path.EndsInDirectorySeparator(outputs[i].Path!))
            {
                throw new UsageException($"{outputs[i].Name} is {outputs[i].Path}, which names a folder; give the name of a file.");
            }

            outputs[i].RequireOther(inputs);
            foreach (OutputFile other in outputs[..i])
            {
                if (other.Path is not null && !other.IsDevice && AreSame(other.Target, outputs[i].Target))
                {
                    throw new UsageException($"{other.Name} and {outputs[i].Name} are the same file, {other.Path}; choose two files.");
                }
            }
        }

        foreach (OutputFile output in outputs)
        {
            if (output.Path is not null)
            {
                AtomicFile.RequireWritable(output.Path, output.FollowLink);
            }

            output.isChecked = true;
            if (output.IsStandardOutput)
            {
                Console.SetOut(Console.Error); // whatever else the command prints must not end up in the file
            }
        }
    }

    /// <summary>Writes the file completely or not at all, if it is wanted.</summary>
    /// <param name="text">The content.</param>
    public void Write(string text) => Write(stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>Writes the file completely or not at all, if it is wanted.</summary>
    /// <param name="write">Writes the content.</param>
    public void Write(Action<Stream> write)
    {
        if (!isChecked)
        {
            throw new InvalidOperationException($"{Name} is written before Check was called.");
        }

        if (IsStandardOutput)
        {
            using Stream stream = Console.OpenStandardOutput(); // opened again by its name, it would be overwritten from its start
            write(stream);
        }
        else if (Path is not null)
        {
            AtomicFile.Write(Path, write, FollowLink);
        }
    }

    private bool IsStandardOutput => Path is not null && Target == "/proc/self/fd/1"; // where /dev/stdout leads

    private bool IsDevice => Path is not null && Links.LeadsToDevice(Target);

    private string Name => given is null ? $"the default of {option}" : option;

    private void RequireOther(ReadOnlySpan<string> inputs)
    {
        foreach (string input in inputs)
        {
            if (AreSame(Target, Links.Follow(input)))
            {
                throw new UsageException($"{Name} is {Path}, which this command reads; choose another file.");
            }
        }
    }
}
