namespace MiniNet.Data;

/// <summary>
/// Holds facts about a file from a quick scan of its bytes, which takes a twentieth of the time of reading the rows and saves more than
/// that. They only affect speed and memory: with the default value, for a file that was not scanned, the same rows are read.
/// </summary>
/// <param name="Bytes">The length of the file in bytes.</param>
/// <param name="Lines">The number of lines.</param>
/// <param name="IsTrimmed">Whether no cell can have blanks around it. In that case the reader need not trim each cell.</param>
internal readonly record struct CsvPreScan(long Bytes, long Lines, bool IsTrimmed)
{
    /// <summary>
    /// Scans a file and goes back to its start. A pipe can be read only once and a device may never end, so for these it returns the
    /// default value.
    /// </summary>
    public static CsvPreScan Scan(FileStream file)
    {
        if (!file.CanSeek || file.Length == 0)
        {
            return default;
        }

        // The buffer begins with the last two bytes of the previous block, so that each blank is seen once with both neighbours.
        var buffer = new byte[2 + (1 << 16)];
        Span<byte> before = buffer.AsSpan(0, 2);
        before[0] = before[1] = (byte)'\n';
        var seen = new CsvPreScan(0, 0, IsTrimmed: true);
        while (file.Read(buffer.AsSpan(2)) is > 0 and int read)
        {
            int breaks = buffer.AsSpan(2, read).Count((byte)'\n');
            seen = new CsvPreScan(
                seen.Bytes + read, seen.Lines + breaks, seen.IsTrimmed && !HasOuterBlanks(buffer.AsSpan(0, read + 2)));
            buffer.AsSpan(read, 2).CopyTo(before);
        }

        file.Position = 0;
        return seen with
        {
            Lines = seen.Lines + (before[1] == '\n' ? 0 : 1),
            IsTrimmed = seen.IsTrimmed && before[1] != ' ' && before[1] != '\t',
        };
    }

    /// <summary>
    /// Estimates the number of rows. The estimate is exact if each line but the header is a row, and never exceeds what fits in the file.
    /// </summary>
    public int Rows(int columns) => (int)Math.Clamp(Lines - 1, 0, Bytes / (2 * columns)); // a cell has at least one byte and a separator

    // A space in "New York" is inside a cell; a tab may be a separator.
    private static bool HasOuterBlanks(ReadOnlySpan<byte> text)
    {
        int next;
        for (int at = 1; (next = text[at..^1].IndexOfAny((byte)' ', (byte)'\t')) >= 0; at++)
        {
            at += next;
            if (text[at] == '\t' || !IsInside(text[at - 1]) || !IsInside(text[at + 1]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsInside(byte character) =>
        character is > (byte)' ' and < 0x7F and not ((byte)',' or (byte)';' or (byte)'|' or (byte)'"');
}
