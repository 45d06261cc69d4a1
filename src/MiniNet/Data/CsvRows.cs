using System.Runtime.CompilerServices;
using CsvHelper;

namespace MiniNet.Data;

/// <summary>
/// One pass over a CSV file, a row at a time, so that a file of any length can be read. The first line holds the column names. Cells are
/// trimmed. Whatever does not fit is an error that names the file, the row (from 1, the header not counted), the line, and the column.
/// </summary>
/// <remarks>
/// UTF-8, or UTF-16 with a byte order mark; quotes as in RFC 4180; the separator (comma, semicolon, tab or bar) is found out from the first
/// lines; blank lines are skipped. Numbers have a decimal point, whatever the separator. The reading itself is CsvHelper's.
/// </remarks>
public sealed class CsvRows : IDisposable
{
    private readonly CsvReader reader;
    private bool isPlain;

    /// <summary>Opens a file and reads its header.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataFormatException">There is no such file, it cannot be read, it is empty, or a column's name is missing or there twice.</exception>
    public CsvRows(string path)
        : this(path, survey: false)
    {
    }

    /// <summary>Opens a file and reads its header, perhaps after a look through the whole file, which pays where many numbers are to be read.</summary>
    internal CsvRows(string path, bool survey)
    {
        Path = path;
        reader = Open(path, survey, out CsvSurvey seen);
        try
        {
            Next(header: true);
            Header = [.. reader.Headers];
            CheckHeader();
            ExpectedRows = seen.Rows(Header.Count);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The file, as it was given.</summary>
    public string Path { get; }

    /// <summary>The column names.</summary>
    public IReadOnlyList<string> Header { get; }

    /// <summary>The number of the current row, from 1; 0 before the first.</summary>
    public int Row { get; private set; }

    /// <summary>How many rows there will be, or about; 0 where that is not known.</summary>
    internal int ExpectedRows { get; }

    /// <summary>A cell of the current row; never empty.</summary>
    /// <param name="column">From 0.</param>
    /// <exception cref="DataFormatException">The cell is empty, or not UTF-8 text.</exception>
    public string this[int column]
    {
        get
        {
            string cell = Text(column);
            return cell.Length == 0 ? throw Error(column, "the cell is empty; fill it in, or remove the row") : cell;
        }
    }

    /// <summary>The cells of the current row as they are, empty ones too.</summary>
    /// <returns>As many as there are columns.</returns>
    /// <exception cref="DataFormatException">A cell is not UTF-8 text.</exception>
    public IReadOnlyList<string> Cells() => [.. Enumerable.Range(0, Header.Count).Select(Text)];

    /// <summary>Goes to the next row.</summary>
    /// <returns>False at the end of the file.</returns>
    /// <exception cref="DataFormatException">The row has more or fewer cells than the header, or cannot be read.</exception>
    public bool Read()
    {
        if (!Next(header: false))
        {
            return false;
        }

        Row++;
        isPlain = reader.Separator == ',' && reader.RawRecord.IndexOfAny((byte)'"', (byte)0) < 0;
        return reader.FieldCount == Header.Count
            ? true
            : throw Error($"{reader.FieldCount} cells found, {Header.Count} expected, as in the header");
    }

    /// <summary>Goes on to a row, from 1, which must not lie behind.</summary>
    internal void ReadTo(long row)
    {
        while (Row < row)
        {
            if (!Read())
            {
                throw new DataFormatException($"{Path}: there is no row {row}; there are {Row}.");
            }
        }
    }

    /// <summary>The place of a column.</summary>
    /// <param name="name">Its name, in the very same letters.</param>
    /// <param name="role">What it is looked for as, such as <c>target</c>, for the error.</param>
    /// <param name="others">Columns that are looked for too, and so are not what was meant.</param>
    /// <returns>From 0.</returns>
    /// <exception cref="DataFormatException">There is no such column; the message lists those there are and suggests the nearest.</exception>
    public int IndexOf(string name, string role, params IReadOnlyList<string> others)
    {
        for (int i = 0; i < Header.Count; i++)
        {
            if (Header[i] == name)
            {
                return i;
            }
        }

        string suggestion = NearestName.Of(name, Header.Except(others, StringComparer.Ordinal)) is { } nearest ? $"; did you mean '{nearest}'?" : ".";
        throw new DataFormatException($"{Path}: there is no {role} column '{name}'{suggestion} The columns are {string.Join(", ", Header.Select(DataFormatException.Short))}.");
    }

    /// <summary>An error at a cell of the current row, to throw.</summary>
    /// <param name="column">From 0.</param>
    /// <param name="problem">What is wrong and what to do.</param>
    /// <returns>The exception.</returns>
    public DataFormatException Error(int column, string problem) => Error($"column '{DataFormatException.Short(Header[column])}': {problem}", ", ");

    /// <inheritdoc/>
    public void Dispose() => reader.Dispose();

    /// <summary>
    /// Reads a cell as a number without making a string of it, which is most of the time that a large file of numbers takes. True only where
    /// <see cref="Column.TryParse"/> would read the same, finite number; false says nothing: the text of the cell decides, and names the place.
    /// </summary>
    /// <remarks>CsvHelper takes 1,234 for 1234, and 1 with a zero byte after it for 1: in a row that is not plain, either may be in a cell.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryNumber(int column, out float value) =>
        reader.TryParse(column, out value) && float.IsFinite(value) && (isPlain || reader.GetSpan(column).IndexOfAny((byte)',', (byte)0) < 0);

    private static CsvReader Open(string path, bool survey, out CsvSurvey seen)
    {
        FileStream? file = null;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
            seen = survey ? CsvSurvey.Of(file) : default;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or ArgumentException)
        {
            throw new DataFormatException($"{path}: there is no such file.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw new DataFormatException(Directory.Exists(path) ? $"{path}: that is a folder, not a file." : $"{path}: cannot be read: {e.Message}", e);
        }

        return CsvReader.Create(file, new CsvReaderOptions
        {
            TrimWhitespace = !seen.IsTrimmed,
            TrimInsideQuotes = !seen.IsTrimmed,
            TrackLineNumbers = true,
            MalformedData = CsvMalformedDataHandling.Throw,
        });
    }

    private string Text(int column)
    {
        string cell = reader.GetString(column);
        return NotText(cell) is { } problem ? throw Error(column, problem) : cell;
    }

    // What is not UTF-8 is read as U+FFFD; UTF-16 without a byte order mark is valid UTF-8, but full of zeros, as a binary file is.
    private static string? NotText(string text) => text.AsSpan().IndexOfAny('\uFFFD', '\0') switch
    {
        < 0 => null,
        int i when text[i] == '\0' => "not text: it holds a NUL byte, as a binary file does, or UTF-16 without its mark; save the file as UTF-8",
        _ => "not UTF-8 text; save the file as UTF-8",
    };

    private bool Next(bool header)
    {
        try
        {
            if (header)
            {
                reader.ReadHeader();
                return true;
            }

            return reader.Read();
        }
        catch (CsvFormatException e)
        {
            throw new DataFormatException(
                $"{Path}, line {e.LineNumber}: a quote is out of place or never closed; a cell with quotes or separators is written \"like \"\"this\"\", one\".", e);
        }
        catch (IOException e)
        {
            throw new DataFormatException($"{Path}: cannot be read: {e.Message}", e);
        }
    }

    private void CheckHeader()
    {
        if (Header.Count == 0)
        {
            throw Error("the file is empty; it needs a line of column names and rows under it");
        }

        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < Header.Count; i++)
        {
            if (NotText(Header[i]) is { } problem)
            {
                throw Error($"the name of column {i + 1} is {problem}");
            }

            if (Header[i].Length == 0)
            {
                throw Error($"column {i + 1} has no name; give every column one in the first line (pandas writes its index so: index=False)");
            }

            if (!seen.TryAdd(Header[i], i))
            {
                throw Error($"columns {seen[Header[i]] + 1} and {i + 1} are both called '{DataFormatException.Short(Header[i])}'; rename one");
            }
        }
    }

    private DataFormatException Error(string problem, string separator = ": ") =>
        new($"{Path}{(Row == 0 ? "" : $", row {Row} (line {reader.LineNumber})")}{separator}{problem}.");
}
