namespace MiniNet.Files;

/// <summary>Writes a file completely or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>
    /// Writes to a temporary file in the same folder, flushes it to disk, and renames it. A reader finds the old content or the new, never
    /// a part.
    /// </summary>
    /// <remarks>
    /// The permissions of an existing file are kept. A device or a pipe is written to directly. If links are not followed, the file
    /// replaces it, too.
    /// </remarks>
    /// <param name="path">The file; it may exist.</param>
    /// <param name="write">Writes the content. If it throws, no temporary file is left and an existing file keeps its content.</param>
    /// <param name="followLink">Whether a symbolic link at <paramref name="path"/> is followed. If not, the file replaces the link.</param>
    /// <exception cref="IOException">
    /// The folder does not exist, the path leads through a loop of links, the file is read-only, or it cannot be written for another
    /// reason.
    /// </exception>
    public static void Write(string path, Action<Stream> write, bool followLink = true)
    {
        string target = Target(path, followLink), temporary = TemporaryName(target);
        try
        {
            using (Stream? device = followLink ? OpenIfDevice(target) : null)
            {
                if (device is not null)
                {
                    write(device);
                    return;
                }
            }

            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            if (!OperatingSystem.IsWindows() && !IsLink(target) && File.Exists(target))
            {
                File.SetUnixFileMode(temporary, File.GetUnixFileMode(target));
            }

            File.Move(temporary, target, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Discard(temporary);
            throw CannotBeWritten(path, target, temporary, e);
        }
        catch
        {
            Discard(temporary);
            throw;
        }
    }

    /// <summary>Writes a text as UTF-8 without a byte order mark, completely or not at all.</summary>
    /// <param name="path">The file; it may exist.</param>
    /// <param name="text">The content.</param>
    /// <param name="followLink">Whether a symbolic link at <paramref name="path"/> is followed. If not, the file replaces the link.</param>
    /// <exception cref="IOException">
    /// The folder does not exist, the path leads through a loop of links, the file is read-only, or it cannot be written for another
    /// reason.
    /// </exception>
    public static void Write(string path, string text, bool followLink = true) =>
        Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)), followLink);

    /// <summary>
    /// Checks before the work, which may be long, that <see cref="Write(string, Action{Stream}, bool)"/> can write a file. Changes nothing.
    /// </summary>
    internal static void RequireWritable(string path, bool followLink)
    {
        string target = Target(path, followLink), temporary = TemporaryName(target);
        if (Links.LeadsToDevice(target))
        {
            return;
        }

        try
        {
            if (!IsLink(target) && Directory.Exists(target))
            {
                throw new IOException("it is a folder.");
            }

            // IsReadOnly knows neither access control lists nor that root may write to any file, so opening decides. It is asked first
            // because the file may be a pipe, which must not be opened twice.
            if (!IsLink(target) && new FileInfo(target) is { Exists: true, IsReadOnly: true })
            {
                new FileStream(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite).Dispose();
            }

            new FileStream(
                temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CannotBeWritten(path, target, temporary, e);
        }
    }

    private static string Target(string path, bool followLink) => followLink ? Links.Follow(path) : Links.FollowFolder(path);

    // The name is random, so that two writers of one file do not collide.
    private static string TemporaryName(string target) => $"{target}.{Guid.NewGuid().ToString("N")[..8]}.tmp";

    private static bool IsLink(string target) => new FileInfo(target).LinkTarget is not null;

    // The message of the system names the temporary file, which the user does not know. The target shows where a link leads.
    private static IOException CannotBeWritten(string path, string target, string temporary, Exception e) =>
        new($"{path}: cannot be written: {e.Message.Replace(temporary, target, StringComparison.Ordinal)}", e);

    private static void Discard(string temporary)
    {
        if (File.Exists(temporary))
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Opens a device or a pipe; returns null for an ordinary file and for a path that does not exist.</summary>
    private static FileStream? OpenIfDevice(string target)
    {
        if (!File.Exists(target) || OperatingSystem.IsWindows())
        {
            return null;
        }

        var stream = new FileStream(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        if (!stream.CanSeek || Links.LeadsToDevice(target))
        {
            return stream;
        }

        stream.Dispose();
        return null;
    }
}
