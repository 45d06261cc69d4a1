namespace MiniNet.Data;

/// <summary>
/// What a look through the bytes of a file tells, in a twentieth of the time that reading its rows takes and to save more than that. It is
/// advice: the default value, of a file that nobody looked through, costs time and memory but changes nothing that is read.
/// </summary>
/// <param name="Bytes">The length of the file.</param>
/// <param name="Lines">How many lines it has.</param>
/// <param name="IsTrimmed">Whether no cell can have blanks around it: a reader that trims takes a second look at each cell.</param>
internal readonly record struct CsvSurvey(long Bytes, long Lines, bool IsTrimmed)
{
    /// <summary>Looks through a file and goes back to its start. A pipe, which can be read only once, and a device, which may never end, are left alone.</summary>
    public static CsvSurvey Of(FileStream file)
    {
        if (!file.CanSeek || file.Length == 0)
        {
            return default;
        }

        // Before what is read stand the two bytes before it, so that each blank is once seen between its neighbours.
        var buffer = new byte[2 + (1 << 16)];
        Span<byte> before = buffer.AsSpan(0, 2);
        before[0] = before[1] = (byte)'\n';
        var seen = new CsvSurvey(0, 0, IsTrimmed: true);
        while (file.Read(buffer.AsSpan(2)) is > 0 and int read)
        {
            int breaks = buffer.AsSpan(2, read).Count((byte)'\n');
            seen = new CsvSurvey(seen.Bytes + read, seen.Lines + breaks, seen.IsTrimmed && !HasOuterBlanks(buffer.AsSpan(0, read + 2)));
            buffer.AsSpan(read, 2).CopyTo(before);
        }

        file.Position = 0;
        return seen with { Lines = seen.Lines + (before[1] == '\n' ? 0 : 1), IsTrimmed = seen.IsTrimmed && before[1] != ' ' && before[1] != '\t' };
    }

    /// <summary>How many rows there are: exact where each line but the header is one, and never more than the file's length has room for.</summary>
    public int Rows(int columns) => (int)Math.Clamp(Lines - 1, 0, Bytes / (2 * columns)); // a cell, and what ends it

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

    private static bool IsInside(byte letter) => letter is > (byte)' ' and < 0x7F and not ((byte)',' or (byte)';' or (byte)'|' or (byte)'"');
}
