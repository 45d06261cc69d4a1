namespace MiniNet.Files;

/// <summary>Writes a file whole or not at all.</summary>
public static class AtomicFile
{
    /// <summary>Writes beside the file, flushes to the disk, then renames: whoever reads it finds the old content or the new, never a part.</summary>
    /// <param name="path">The file; it may exist.</param>
    /// <param name="write">Writes the content; if it throws, nothing is left behind and an old file stays as it was.</param>
    /// <exception cref="IOException">The folder does not exist or the disk refuses.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string aside = $"{path}.{Guid.NewGuid():N}.tmp"; // a name of its own, so that two writers of one file do not meet
        try
        {
            using (var stream = new FileStream(aside, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(aside, path, overwrite: true);
        }
        catch
        {
            File.Delete(aside);
            throw;
        }
    }

    /// <summary>The same for a text, as UTF-8 without a byte order mark.</summary>
    /// <param name="path">The file; it may exist.</param>
    /// <param name="text">The content.</param>
    /// <exception cref="IOException">The folder does not exist or the disk refuses.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public static void Write(string path, string text) => Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
}
