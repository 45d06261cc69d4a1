namespace MiniNet.Files;

/// <summary>Writes a file whole or not at all.</summary>
public static class AtomicFile
{
    /// <summary>Writes beside the file, flushes to the disk, then renames: whoever reads it finds the old content or the new, never a part.</summary>
    /// <remarks>A link is followed, and an old file's permissions are kept. A device or a pipe has no old content and is written to as it is.</remarks>
    /// <param name="path">The file; it may exist.</param>
    /// <param name="write">Writes the content; if it throws, nothing is left behind and an old file stays as it was.</param>
    /// <exception cref="IOException">The folder does not exist or the disk refuses.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string target = Path.GetFullPath(new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName);
        using (Stream? device = OpenIfDevice(target))
        {
            if (device is not null)
            {
                write(device);
                return;
            }
        }

        string aside = $"{target}.{Guid.NewGuid().ToString("N")[..8]}.tmp"; // a name of its own, so that two writers of one file do not meet
        try
        {
            using (var stream = new FileStream(aside, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            if (!OperatingSystem.IsWindows() && File.Exists(target))
            {
                File.SetUnixFileMode(aside, File.GetUnixFileMode(target));
            }

            File.Move(aside, target, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Discard(aside);
            throw new IOException($"{path}: cannot be written: {e.Message.Replace(aside, path, StringComparison.Ordinal)}", e); // nobody knows the file aside
        }
        catch
        {
            Discard(aside);
            throw;
        }
    }

    /// <summary>The same for a text, as UTF-8 without a byte order mark.</summary>
    /// <param name="path">The file; it may exist.</param>
    /// <param name="text">The content.</param>
    /// <exception cref="IOException">The folder does not exist or the disk refuses.</exception>
    public static void Write(string path, string text) => Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    // There may be no folder that it could have been made in.
    private static void Discard(string aside)
    {
        if (File.Exists(aside))
        {
            File.Delete(aside);
        }
    }

    /// <summary>A stream to what has no place to seek to, or lies where devices do; null for a file, or where there is nothing yet.</summary>
    private static FileStream? OpenIfDevice(string target)
    {
        if (!File.Exists(target) || OperatingSystem.IsWindows())
        {
            return null;
        }

        var stream = new FileStream(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        if (!stream.CanSeek || target.StartsWith("/dev/", StringComparison.Ordinal) || target.StartsWith("/proc/", StringComparison.Ordinal))
        {
            return stream;
        }

        stream.Dispose();
        return null;
    }
}
