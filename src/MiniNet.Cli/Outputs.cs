namespace MiniNet.Cli;

/// <summary>Keeps what is written apart from what is read, and finds out before the work, which may be long, what cannot be written.</summary>
internal static class Outputs
{
    /// <summary>Checks the files that a command is to write, those given: each must be another than all that it reads and than the others, and its folder must let it be made.</summary>
    public static void Check(ReadOnlySpan<string> inputs, params ReadOnlySpan<(string Option, string? Path)> outputs)
    {
        for (int i = 0; i < outputs.Length; i++)
        {
            if (outputs[i].Path is not { } output)
            {
                continue;
            }

            RequireOther(outputs[i].Option, output, inputs);
            foreach ((string option, string? path) in outputs[..i])
            {
                if (path is not null && Followed(path) == Followed(output))
                {
                    throw new UsageException($"{option} and {outputs[i].Option} are both {path}; choose two files.");
                }
            }
        }

        foreach ((_, string? path) in outputs)
        {
            if (path is not null)
            {
                RequireWritable(path);
            }
        }
    }

    public static void RequireOther(string option, string output, params ReadOnlySpan<string> inputs)
    {
        foreach (string input in inputs)
        {
            if (Followed(output) == Followed(input))
            {
                throw new UsageException($"{option} is {output}, which is to be read; choose another file.");
            }
        }
    }

    // Makes a file beside it, as AtomicFile will, and removes it: the file itself may be a pipe, which opening would disturb. Devices lie where none can be made.
    private static void RequireWritable(string path)
    {
        string target = Followed(path);
        if (target.StartsWith("/dev/", StringComparison.Ordinal) || target.StartsWith("/proc/", StringComparison.Ordinal))
        {
            return;
        }

        string aside = $"{target}.{Guid.NewGuid().ToString("N")[..8]}.tmp";
        try
        {
            if (Directory.Exists(target))
            {
                throw new IOException("it is a folder.");
            }

            new FileStream(aside, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{path}: cannot be written: {e.Message.Replace(aside, path, StringComparison.Ordinal)}", e);
        }
    }

    // As AtomicFile will: a link to the data would else be the way to lose it.
    private static string Followed(string path) =>
        Path.GetFullPath(new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName);
}
