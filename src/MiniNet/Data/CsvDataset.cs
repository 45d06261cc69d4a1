using System.Runtime.CompilerServices;

namespace MiniNet.Data;

/// <summary>
/// A table read from a CSV file: columns to predict from, a target column of classes, and which rows of the file it stands for. Nothing is
/// scaled or encoded yet; that is <see cref="Preprocessing"/>, fitted on the training rows alone.
/// </summary>
public sealed class CsvDataset
{
    private readonly int[] classOfRow;
    private readonly int[] rows;

    private CsvDataset(CsvDataset of, int[] rows)
        : this(of.Path, of.Columns, of.Target, of.Classes, of.classOfRow, rows, of.TargetIsNumbers, of.Remarks)
    {
    }

    private CsvDataset(
        string path, IReadOnlyList<Column> columns, string target, IReadOnlyList<string> classes, int[] classOfRow, int[] rows, bool targetIsNumbers, IReadOnlyList<string> remarks)
    {
        (Path, Columns, Target, Classes, TargetIsNumbers, Remarks) = (path, columns, target, classes, targetIsNumbers, remarks);
        (this.classOfRow, this.rows) = (classOfRow, rows);
    }

    /// <summary>The file it was read from.</summary>
    public string Path { get; }

    /// <summary>Every column but the target, in the order of the file. They hold all rows of the file; <see cref="Rows"/> says which of them belong.</summary>
    public IReadOnlyList<Column> Columns { get; }

    /// <summary>The name of the column to predict.</summary>
    public string Target { get; }

    /// <summary>The names of the classes; a class's index is its place here. Sorted: as numbers where all are, else by letters.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Whether the classes are coded as whole numbers, and were taken as classes because they are few and repeated.</summary>
    public bool TargetIsNumbers { get; }

    /// <summary>What a person should know of the columns, such as one that mixes numbers and words; a line each, often none.</summary>
    public IReadOnlyList<string> Remarks { get; }

    /// <summary>How many rows there are.</summary>
    public int Count => rows.Length;

    /// <summary>The rows of the file that belong to this table, from 0, ascending.</summary>
    public ReadOnlySpan<int> Rows => rows;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file; see <see cref="CsvRows"/> for its format.</param>
    /// <param name="target">The column to predict.</param>
    /// <returns>All its rows.</returns>
    /// <exception cref="DataFormatException">The file, or a cell in it, cannot be used; the message names the place.</exception>
    public static CsvDataset Load(string path, string target)
    {
        ColumnReader[] readers = ReadColumns(path, target, mustBeWords: _ => false, out int targetIndex);
        if (readers.Any(reader => reader.NeedsSecondReading))
        {
            ColumnReader[] first = readers;
            readers = ReadColumns(path, target, mustBeWords: column => first[column].NeedsSecondReading, out targetIndex);
        }

        Column[] columns = [.. readers.Where((_, i) => i != targetIndex).Select(reader => reader.ToColumn())];
        (CategoricalColumn classes, bool areNumbers) = readers[targetIndex].ToTarget(path);
        string[] remarks = [.. readers.Where((_, i) => i != targetIndex).Select(reader => reader.Remark).OfType<string>().Select(remark => $"{path}: {remark}")];
        var everyRow = new int[classes.Codes.Length];
        for (int row = 0; row < everyRow.Length; row++)
        {
            everyRow[row] = row;
        }

        return columns.Length > 0
            ? new CsvDataset(path, columns, target, classes.Categories, classes.Codes, everyRow, areNumbers, remarks)
            : throw new DataFormatException($"{path}: there is no column but the target '{target}' to predict from.");
    }

    /// <summary>The class of a row.</summary>
    /// <param name="row">From 0 to <see cref="Count"/> − 1.</param>
    /// <returns>An index into <see cref="Classes"/>.</returns>
    public int ClassOf(int row) => classOfRow[rows[row]];

    /// <summary>How many rows each class has.</summary>
    /// <returns>One count a class, in their order.</returns>
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
    /// Deals the rows out at random into three parts, class by class, so that each part has the classes in the same proportion: a file
    /// sorted by class is no trap.
    /// </summary>
    /// <param name="training">The share of the training rows; only its ratio to the others counts: 70, 15, 15 or 0.7, 0.15, 0.15.</param>
    /// <param name="validation">The share of the validation rows.</param>
    /// <param name="test">The share of the test rows.</param>
    /// <param name="seed">The same seed gives the same parts.</param>
    /// <returns>The parts; each class has at least one row in each.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A share is not above 0.</exception>
    /// <exception cref="DataFormatException">A class has fewer than three rows.</exception>
    public DataSplit Split(double training, double validation, double test, ulong seed)
    {
        List<int>[] parts = StratifiedSplit.Deal(this, [training, validation, test], seed);
        return new DataSplit(Take(parts[0]), Take(parts[1]), Take(parts[2]));
    }

    private CsvDataset Take(List<int> part)
    {
        part.Sort();
        return new CsvDataset(this, [.. part.Select(row => rows[row])]);
    }

    private static ColumnReader[] ReadColumns(string path, string target, Func<int, bool> mustBeWords, out int targetIndex)
    {
        using var file = new CsvRows(path, survey: true);
        int index = targetIndex = file.IndexOf(target, "target");
        ColumnReader[] readers = [.. file.Header.Select((name, i) => new ColumnReader(name, asWords: i == index || mustBeWords(i), file.ExpectedRows))];
        ReadRows(file, readers);
        return file.Row > 0 ? readers : throw new DataFormatException($"{path}: there are no rows under the header.");
    }

    // Compiled well at once: a file is read once, so that a large part of it would pass before the runtime had found out that this loop is hot.
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

/// <summary>The three parts of a table: see <see cref="CsvDataset.Split"/>.</summary>
/// <param name="Training">What the weights, and the preprocessing, are fitted on.</param>
/// <param name="Validation">What decides when to stop.</param>
/// <param name="Test">What nothing is decided on, so that its figures are honest.</param>
public sealed record DataSplit(CsvDataset Training, CsvDataset Validation, CsvDataset Test);
