using System.Runtime.CompilerServices;
using CsvHelper;

namespace MiniNet.Data;

/// <summary>
/// Reads a CSV file in the format of <see cref="CsvDataset.Load"/> row by row, so that a file of any length can be read. Errors name the
/// file, the row (from 1, without the header), the line and the column. CsvHelper does the parsing.
/// </summary>
internal sealed class CsvRows : IDisposable
{
    private readonly CsvReader reader;
    private bool isPlain;

    /// <summary>Initializes a new instance that reads a file, and reads its header.</summary>
    /// <param name="path">The path of the file.</param>
    /// <exception cref="DataFormatException">
    /// The file does not exist, cannot be read or is empty, or a column name is missing or occurs twice.
    /// </exception>
    public CsvRows(string path)
        : this(path, preScan: false)
    {
    }

    /// <summary>Opens a file and reads its header. A scan of the whole file beforehand saves time if many numbers will be read.</summary>
    internal CsvRows(string path, bool preScan)
    {
        Path = path;
        reader = Open(path, preScan, out CsvPreScan seen);
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

    /// <summary>Gets the path of the file, as given to the constructor.</summary>
    public string Path { get; }

    /// <summary>Gets the column names.</summary>
    public IReadOnlyList<string> Header { get; }

    /// <summary>Gets the number of the current row, from 1, or 0 before the first row.</summary>
    public int Row { get; private set; }

    /// <summary>Gets the approximate number of rows, or 0 if it is not known.</summary>
    public int ExpectedRows { get; }

    /// <summary>Gets a cell of the current row. It is never empty.</summary>
    /// <param name="column">The index of the column, from 0.</param>
    /// <exception cref="DataFormatException">The cell is empty, or not UTF-8 text.</exception>
    public string this[int column]
    {
        get
        {
            string cell = Text(column);
            return cell.Length == 0 ? throw Error(column, "the cell is empty; fill it in, or remove the row") : cell;
        }
    }

    /// <summary>Gets the cells of the current row, including empty ones.</summary>
    /// <returns>One cell per column.</returns>
    /// <exception cref="DataFormatException">A cell is not UTF-8 text.</exception>
    public IReadOnlyList<string> Cells() => [.. Enumerable.Range(0, Header.Count).Select(Text)];

    /// <summary>Reads the next row.</summary>
    /// <returns>true if there is another row; false at the end of the file.</returns>
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
            : throw Error($"the row has {reader.FieldCount} cells, but the header has {Header.Count}");
    }

    /// <summary>Reads forward to a row, counted from 1, which must not be before the current row.</summary>
    public void ReadTo(long row)
    {
        while (Row < row)
        {
            if (!Read())
            {
                throw new DataFormatException($"{Path}: there is no row {row}; the file has {Row}.");
            }
        }
    }

    /// <summary>Checks, after the last row, that there was one.</summary>
    /// <exception cref="DataFormatException">The file has only a header.</exception>
    public void RequireRows()
    {
        if (Row == 0)
        {
            throw new DataFormatException($"{Path}: there are no rows under the header.");
        }
    }

    /// <summary>Gets the index of a column.</summary>
    /// <param name="name">The name of the column. Case matters.</param>
    /// <param name="role">The role of the column, such as <c>target</c>, for the error message.</param>
    /// <param name="others">Names of other columns that are needed. They are not suggested in the error message.</param>
    /// <returns>The index, from 0.</returns>
    /// <exception cref="DataFormatException">
    /// There is no such column. The message lists the columns and suggests the most similar name.
    /// </exception>
    public int IndexOf(string name, string role, params IReadOnlyList<string> others)
    {
        for (int i = 0; i < Header.Count; i++)
        {
            if (Header[i] == name)
            {
                return i;
            }
        }

        string suggestion = NearestName.Find(name, Header.Except(others, StringComparer.Ordinal)) is { } nearest
            ? $"; did you mean '{nearest}'?"
            : ".";
        string columns = string.Join(", ", Header.Select(DataFormatException.Truncate));
        throw new DataFormatException($"{Path}: there is no {role} column '{name}'{suggestion} The columns are {columns}.");
    }

    /// <summary>Creates an exception about a cell of the current row, for the caller to throw.</summary>
    /// <param name="column">The index of the column, from 0.</param>
    /// <param name="problem">What is wrong and what to do, without a final period.</param>
    /// <returns>The exception; its message names the file, row, line and column.</returns>
    public DataFormatException Error(int column, string problem) =>
        Error($"column '{DataFormatException.Truncate(Header[column])}': {problem}", ", ");

    /// <inheritdoc/>
    public void Dispose() => reader.Dispose();

    /// <summary>
    /// Parses a cell as a number without creating a string, which would take most of the time for a large file of numbers. Returns true
    /// only if <see cref="Column.TryParse"/> would give the same finite number. After false, the caller must examine the text of the cell.
    /// </summary>
    /// <remarks>
    /// CsvHelper parses 1,234 as 1234, and 1 followed by a NUL byte as 1. A row with quotes, NUL bytes or another separator may contain
    /// such cells.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryGetNumber(int column, out float value) =>
        reader.TryParse(column, out value) && float.IsFinite(value)
        && (isPlain || reader.GetSpan(column).IndexOfAny((byte)',', (byte)0) < 0);

    private static CsvReader Open(string path, bool preScan, out CsvPreScan scan)
    {
        FileStream? file = null;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
            scan = preScan ? CsvPreScan.Scan(file) : default;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or ArgumentException)
        {
            throw new DataFormatException($"{path}: there is no such file.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw new DataFormatException(
                Directory.Exists(path) ? $"{path}: this is a folder, not a file." : $"{path}: cannot be read: {e.Message}", e);
        }

        return CsvReader.Create(file, new CsvReaderOptions
        {
            TrimWhitespace = !scan.IsTrimmed,
            TrimInsideQuotes = !scan.IsTrimmed,
            TrackLineNumbers = true,
            MalformedData = CsvMalformedDataHandling.Throw,
        });
    }

    private string Text(int column)
    {
        string cell = reader.GetString(column);
        return FindEncodingProblem(cell) is { } problem ? throw Error(column, problem) : cell;
    }

    // Invalid UTF-8 is decoded to U+FFFD. UTF-16 without a byte order mark is valid UTF-8, but contains NUL bytes, as a binary file does.
    private static string? FindEncodingProblem(string text) => text.AsSpan().IndexOfAny('\uFFFD', '\0') switch
    {
        < 0 => null,
        int i when text[i] == '\0' =>
            "not text: it contains a NUL byte, like a binary file or UTF-16 without a byte order mark; save the file as UTF-8",
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
                $"{Path}, line {e.LineNumber}: a quote is out of place or never closed; " +
                "write a cell with quotes or separators as \"like \"\"this\"\", one\".",
                e);
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
            if (FindEncodingProblem(Header[i]) is { } problem)
            {
                throw Error($"the name of column {i + 1} is {problem}");
            }

            if (Header[i].Length == 0)
            {
                throw Error(
                    $"column {i + 1} has no name; name every column in the first line (from pandas, save the file with index=False)");
            }

            if (!seen.TryAdd(Header[i], i))
            {
                throw Error(
                    $"columns {seen[Header[i]] + 1} and {i + 1} are both called '{DataFormatException.Truncate(Header[i])}'; rename one");
            }
        }
    }

    private DataFormatException Error(string problem, string separator = ": ") =>
        new($"{Path}{(Row == 0 ? "" : $", row {Row} (line {reader.LineNumber})")}{separator}{problem}.");
}
