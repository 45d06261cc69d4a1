using System.Runtime.CompilerServices;

namespace MiniNet.Data;

/// <summary>
/// Represents a table read from a CSV file, or a part of its rows: feature columns and a target column of classes. The values are not
/// scaled or encoded; <see cref="Preprocessing"/> does that and is fitted on the training rows only.
/// </summary>
public sealed class CsvDataset
{
    private readonly int[] classOfRow;
    private readonly int[] rows;

    private CsvDataset(CsvDataset of, int[] rows)
        : this(of.Path, of.Columns, of.Target, of.Classes, of.classOfRow, rows, of.IsTargetNumeric, of.Warnings)
    {
    }

    private CsvDataset(
        string path,
        IReadOnlyList<Column> columns,
        string target,
        IReadOnlyList<string> classes,
        int[] classOfRow,
        int[] rows,
        bool isTargetNumeric,
        IReadOnlyList<string> warnings)
    {
        (Path, Columns, Target, Classes, IsTargetNumeric, Warnings) = (path, columns, target, classes, isTargetNumeric, warnings);
        (this.classOfRow, this.rows) = (classOfRow, rows);
    }

    /// <summary>Gets the path of the file.</summary>
    public string Path { get; }

    /// <summary>
    /// Gets the columns except the target, in the order of the file. They hold all rows of the file; <see cref="Rows"/> gives those that
    /// belong to this table.
    /// </summary>
    public IReadOnlyList<Column> Columns { get; }

    /// <summary>Gets the name of the target column.</summary>
    public string Target { get; }

    /// <summary>
    /// Gets the names of the classes, in the order of their indices. They are sorted as numbers if all are numbers; otherwise, by ordinal
    /// comparison.
    /// </summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Gets a value indicating whether the target holds whole numbers that are treated as classes.</summary>
    public bool IsTargetNumeric { get; }

    /// <summary>
    /// Gets warnings about the columns, one line each, such as about a column that mixes numbers and words. The list may be empty.
    /// </summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Gets the number of rows.</summary>
    public int Count => rows.Length;

    /// <summary>Gets the indices of the rows of the file that belong to this table, from 0, in ascending order.</summary>
    public ReadOnlySpan<int> Rows => rows;

    /// <summary>Reads a CSV file, whose first line holds the column names.</summary>
    /// <remarks>
    /// The encoding is UTF-8, or UTF-16 with a byte order mark. Quotes follow RFC 4180. The separator (comma, semicolon, tab or vertical
    /// bar) is detected from the first lines. Blank lines are skipped. Cells are trimmed. Numbers have a decimal point, whatever the
    /// separator.
    /// </remarks>
    /// <param name="path">The path of the file.</param>
    /// <param name="target">The name of the column to predict.</param>
    /// <returns>A table of all rows.</returns>
    /// <exception cref="DataFormatException">The file, or a cell in it, cannot be used; the message says where and why.</exception>
    public static CsvDataset Load(string path, string target)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(target);
        ColumnReader[] readers = ReadColumns(path, target, isCategorical: _ => false, out int targetIndex);
        if (readers.Any(reader => reader.NeedsSecondReading))
        {
            ColumnReader[] first = readers;
            readers = ReadColumns(path, target, isCategorical: column => first[column].NeedsSecondReading, out targetIndex);
        }

        Column[] columns = [.. readers.Where((_, i) => i != targetIndex).Select(reader => reader.ToColumn())];
        (CategoricalColumn classes, bool areNumbers) = readers[targetIndex].ToTarget(path);
        IEnumerable<string> found = readers.Where((_, i) => i != targetIndex).Select(reader => reader.Warning).OfType<string>();
        string[] warnings = [.. found.Select(remark => $"{path}: {remark}")];
        var everyRow = new int[classes.Codes.Length];
        for (int row = 0; row < everyRow.Length; row++)
        {
            everyRow[row] = row;
        }

        return columns.Length > 0
            ? new CsvDataset(path, columns, target, classes.Categories, classes.Codes, everyRow, areNumbers, warnings)
            : throw new DataFormatException($"{path}: the target '{target}' is the only column; add columns to predict it from.");
    }

    /// <summary>Gets the class of a row.</summary>
    /// <param name="row">The row, from 0 to <see cref="Count"/> − 1.</param>
    /// <returns>The index of the class in <see cref="Classes"/>.</returns>
    public int ClassOf(int row) => classOfRow[rows[row]];

    /// <summary>Counts the rows of each class.</summary>
    /// <returns>The counts, in the order of <see cref="Classes"/>.</returns>
    public int[] CountClasses()
    {
        var counts = new int[Classes.Count];
        foreach (int row in rows)
        {
            counts[classOfRow[row]]++;
        }

        return counts;
    }

    /// <summary>
    /// Splits the rows at random into three parts. The split is stratified: each part has the classes in the same proportion, even if the
    /// file is sorted by class.
    /// </summary>
    /// <param name="training">
    /// The proportion of the training rows. Only the ratio of the three matters: 70, 15, 15 is the same as 0.7, 0.15, 0.15.
    /// </param>
    /// <param name="validation">The proportion of the validation rows.</param>
    /// <param name="test">The proportion of the test rows.</param>
    /// <param name="seed">The seed; the same seed gives the same parts.</param>
    /// <returns>The three parts. Each class has at least one row in each part.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A proportion is not above 0.</exception>
    /// <exception cref="DataFormatException">A class has fewer than three rows.</exception>
    public DataSplit Split(double training, double validation, double test, ulong seed)
    {
        List<int>[] parts = StratifiedSplit.Split(this, [training, validation, test], seed);
        return new DataSplit(SelectRows(parts[0]), SelectRows(parts[1]), SelectRows(parts[2]));
    }

    private CsvDataset SelectRows(List<int> part)
    {
        part.Sort();
        return new CsvDataset(this, [.. part.Select(row => rows[row])]);
    }

    private static ColumnReader[] ReadColumns(string path, string target, Func<int, bool> isCategorical, out int targetIndex)
    {
        using var file = new CsvRows(path, preScan: true);
        int index = targetIndex = file.IndexOf(target, "target");
        ColumnReader[] readers =
            [.. file.Header.Select((name, i) => new ColumnReader(name, asWords: i == index || isCategorical(i), file.ExpectedRows))];
        ReadRows(file, readers);
        file.RequireRows();
        return readers;
    }

    // A file is read only once, so a large part of it would be read before tiered compilation noticed that this loop is hot.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ReadRows(CsvRows file, ColumnReader[] readers)
    {
        while (file.Read())
        {
            for (int i = 0; i < readers.Length; i++)
            {
                readers[i].Add(file, i);
            }
        }
    }
}

/// <summary>Represents the three parts of a table; see <see cref="CsvDataset.Split"/>.</summary>
/// <param name="Training">The rows that the weights and the preprocessing are fitted on.</param>
/// <param name="Validation">The rows that decide when to stop training.</param>
/// <param name="Test">The rows that no decision is based on, so that their metrics are unbiased.</param>
public sealed record DataSplit(CsvDataset Training, CsvDataset Validation, CsvDataset Test);
