namespace MiniNet.Files;

/// <summary>Follows symbolic links in paths.</summary>
internal static class Links
{
    private const int MaxLinks = 40; // the limit of Linux

    /// <summary>Gets the absolute path that a path leads to, with all symbolic links resolved.</summary>
    /// <remarks>
    /// The path is made absolute first. A relative link is resolved from the folder that contains it, as the operating system does. Parts
    /// that do not exist are kept as written, so a dangling link leads to the file that it names. Links under <c>/proc</c> represent open
    /// files and are kept.
    /// </remarks>
    /// <param name="path">The path, absolute or relative to the current folder.</param>
    /// <exception cref="IOException">The links form a loop, or more than 40 must be followed.</exception>
    public static string Follow(string path)
    {
        string absolute = Absolute(path);
        string resolved = Path.GetPathRoot(absolute)!;
        var open = new Stack<string>();
        PushParts(open, absolute[resolved.Length..]);
        for (int links = 0; open.TryPop(out string? part);)
        {
            if (part == "..")
            {
                resolved = Path.GetDirectoryName(resolved) ?? resolved;
                continue;
            }

            string next = Path.Combine(resolved, part);
            if (next.StartsWith("/proc/", StringComparison.Ordinal) || new FileInfo(next).LinkTarget is not { } target)
            {
                resolved = next;
                continue;
            }

            if (++links > MaxLinks)
            {
                throw new IOException($"{path}: its symbolic links form a loop; remove them, or choose another path.");
            }

            string root = Path.GetPathRoot(target)!;
            resolved = root.Length > 0 ? root : resolved;
            PushParts(open, target[root.Length..]);
        }

        return resolved;
    }

    /// <summary>
    /// Determines whether a resolved path is that of a device or of an open file, where no file can be created.
    /// </summary>
    /// <param name="target">The path, from <see cref="Follow"/>.</param>
    public static bool LeadsToDevice(string target) =>
        // The folder /dev/shm holds ordinary files in memory.
        (target.StartsWith("/dev/", StringComparison.Ordinal) && !target.StartsWith("/dev/shm/", StringComparison.Ordinal))
        || target.StartsWith("/proc/", StringComparison.Ordinal);

    /// <summary>Gets the absolute path of a directory entry itself. Links are resolved only in the path of its folder.</summary>
    /// <param name="path">The path, absolute or relative to the current folder.</param>
    /// <exception cref="IOException">The links form a loop, or more than 40 must be followed.</exception>
    public static string FollowFolder(string path)
    {
        string absolute = Absolute(path);
        return Path.GetFileName(absolute) is { Length: > 0 } and not ("." or "..") and { } name
            && Path.GetDirectoryName(absolute) is { } folder
            ? Path.Combine(Follow(folder), name)
            : Follow(absolute);
    }

    // On Unix, ".." after a link means the parent of where the link leads, so it must not be removed before links are followed.
    private static string Absolute(string path) =>
        OperatingSystem.IsWindows() ? Path.GetFullPath(path) : Path.Combine(Environment.CurrentDirectory, path);

    private static void PushParts(Stack<string> open, string path)
    {
        string[] parts = path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries);
        for (int i = parts.Length - 1; i >= 0; i--)
        {
            if (parts[i] != ".")
            {
                open.Push(parts[i]);
            }
        }
    }
}
