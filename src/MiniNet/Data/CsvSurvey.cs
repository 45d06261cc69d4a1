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

        var buffer = new byte[1 << 16];
        var seen = new CsvSurvey(0, 0, IsTrimmed: true);
        byte last = (byte)'\n';
        while (file.Read(buffer) is > 0 and int read)
        {
            ReadOnlySpan<byte> part = buffer.AsSpan(0, read);
            seen = new CsvSurvey(seen.Bytes + read, seen.Lines + part.Count((byte)'\n'), seen.IsTrimmed && !HasOuterBlanks(part));
            last = part[^1];
        }

        file.Position = 0;
        return last == '\n' ? seen : seen with { Lines = seen.Lines + 1 };
    }

    /// <summary>How many rows there are: exact where each line but the header is one, and never more than the file's length has room for.</summary>
    public int Rows(int columns) => (int)Math.Clamp(Lines - 1, 0, Bytes / (2 * columns)); // a cell, and what ends it

    // A space in "New York" is inside a cell; a tab may be a separator; a space at an end of this part may be anything.
    private static bool HasOuterBlanks(ReadOnlySpan<byte> part)
    {
        for (int at; (at = part.IndexOfAny((byte)' ', (byte)'\t')) >= 0; part = part[(at + 1)..])
        {
            if (part[at] == '\t' || at == 0 || at == part.Length - 1 || !IsInside(part[at - 1]) || !IsInside(part[at + 1]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsInside(byte letter) => letter is > (byte)' ' and < 0x7F and not ((byte)',' or (byte)';' or (byte)'|' or (byte)'"');
}
