using System.Runtime.CompilerServices;
using static MiniNet.Data.DataFormatException;

namespace MiniNet.Data;

/// <summary>
/// Collects the cells of one column and determines its type: numeric if at least 95 % of the cells parse as numbers, otherwise categorical.
/// In a numeric column, any other cell is an error that names the cell.
/// </summary>
/// <remarks>
/// Keeping both the number and the word of every cell would double the memory of a large file, so the first cell decides which is kept.
/// Only a column that begins with a number and turns out to be categorical must be read again, as words:
/// <see cref="NeedsSecondReading"/>.
/// </remarks>
/// <param name="name">The name of the column.</param>
/// <param name="asWords">true to keep words, whatever the first cell is.</param>
/// <param name="expected">The approximate number of rows. If it is exact, the array of values is never resized.</param>
internal sealed class ColumnReader(string name, bool asWords, int expected)
{
    private const double NumericShare = 0.95;
    private readonly Dictionary<string, Word> words = new(StringComparer.Ordinal);
    private float[] numbers = [];
    private int[] codes = [];
    private bool keepsWords = asWords;
    private int count, numeric, withComma;
    private DataFormatException? firstWord, firstNotFinite, firstComma;
    private string? wordAmongNumbers;

    public bool NeedsSecondReading => !keepsWords && !IsNumeric;

    private bool IsNumeric => numeric >= NumericShare * count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(CsvRows rows, int column)
    {
        count++;
        if (!keepsWords && rows.TryGetNumber(column, out float value))
        {
            numeric++;
            SetLast(ref numbers, value);
        }
        else
        {
            AddText(rows, column);
        }
    }

    private void AddText(CsvRows rows, int column)
    {
        string cell = rows[column];
        if (!words.TryGetValue(cell, out Word? word))
        {
            word = Classify(rows, column, cell);
        }

        numeric += word.IsNumber ? 1 : 0;
        withComma += word.HasComma ? 1 : 0;
        if (keepsWords)
        {
            SetLast(ref codes, word.Code);
        }
        else
        {
            SetLast(ref numbers, word.Value);
        }
    }

    // Stores the value of the row that was counted last.
    private void SetLast<T>(ref T[] values, T value)
    {
        if (count > values.Length)
        {
            Array.Resize(ref values, Math.Max(expected, (int)Math.Min(2L * count, Array.MaxLength)));
        }

        values[count - 1] = value;
    }

    // Examines a cell that is not in the dictionary: one seen for the first time, or text while only numbers are kept.
    private Word Classify(CsvRows rows, int column, string cell)
    {
        var word = new Word(words.Count, Column.TryParse(cell, out float value), HasDecimalComma(cell), value);
        if (!word.IsNumber)
        {
            wordAmongNumbers ??= Truncate(cell);
            firstWord ??= rows.Error(
                column, $"'{Truncate(cell)}' is not a number, but at least 95 % of this column are; correct it, or remove the row");
            keepsWords |= count == 1;
        }
        else if (!float.IsFinite(value))
        {
            firstNotFinite ??= rows.Error(column, Column.NotFinite(cell));
        }

        if (word.HasComma)
        {
            firstComma ??= rows.Error(
                column, $"'{Truncate(cell)}' has a decimal comma, like others in this column; write numbers with a decimal point");
        }

        if (keepsWords)
        {
            words.Add(cell, word);
        }

        return word;
    }

    /// <summary>Gets a warning if the column is categorical but may have been meant as numbers; otherwise, null.</summary>
    public string? Warning => IsNumeric || numeric * 2 < count
        ? null
        : $"column '{name}': {100 * numeric / count} % of the cells are numbers, but others are not, such as '{wordAmongNumbers}', " +
          "so every distinct value is treated as a category. If the column should be numeric, correct or remove the other cells.";

    /// <summary>Gets the column as a feature: numbers or categories.</summary>
    /// <exception cref="DataFormatException">
    /// A numeric column has a cell that is not a finite number, or the numbers have a decimal comma.
    /// </exception>
    public Column ToColumn()
    {
        if (IsNumeric)
        {
            ThrowIfNotNumbers();
            Array.Resize(ref numbers, count);
            return new NumericColumn(name, numbers);
        }

        return numeric + withComma >= NumericShare * count ? throw firstComma! : ToCategories(sortAsNumbers: false);
    }

    /// <summary>Gets the column as a target. Whole numbers are accepted as classes if they are few and repeated.</summary>
    /// <remarks>
    /// Few and repeated means: at most 10 distinct whole numbers, each three times on average; or at most 100, and at most the square root
    /// of the number of rows. The ten digits in 1797 rows are classes; forty temperatures in 153 rows are measurements.
    /// </remarks>
    /// <exception cref="DataFormatException">The column is not a target of at least two classes.</exception>
    public (CategoricalColumn Classes, bool AreNumbers) ToTarget(string path)
    {
        if (IsNumeric)
        {
            ThrowIfNotNumbers();
            bool whole = words.Values.All(word => word.Value == MathF.Floor(word.Value));
            bool few = words.Count == 1 || (words.Count <= 10 && words.Count * 3 <= count)
                || (words.Count <= 100 && words.Count * words.Count <= count);
            if (!whole || !few)
            {
                throw new DataFormatException(
                    $"{path}: the target '{name}' holds {words.Count} different numbers in {count} rows, too many for classes. " +
                    "Predicting a number (regression) is not supported yet: choose a target with few, repeated values, " +
                    "or write its classes as words.");
            }
        }

        CategoricalColumn classes = ToCategories(sortAsNumbers: IsNumeric);
        if (IsNumeric)
        {
            ThrowIfWrittenInTwoWays(classes.Categories, path);
        }

        return classes.Categories.Count > 1
            ? (classes, IsNumeric)
            : throw new DataFormatException(
                $"{path}: the target '{name}' is '{Truncate(classes.Categories[0])}' in every row; "
                + "a classifier needs at least two classes.");
    }

    // Without this check, every number such as 0,742 would become a category, and the classifier would be poor without a warning.
    private static bool HasDecimalComma(string cell) =>
        cell.Contains(',', StringComparison.Ordinal) && Column.TryParse(cell.Replace(',', '.'), out _);

    private void ThrowIfNotNumbers()
    {
        if ((firstWord ?? firstNotFinite) is { } error)
        {
            throw error;
        }
    }

    // 1 and 1.0 would become two different classes with the same meaning.
    private void ThrowIfWrittenInTwoWays(IReadOnlyList<string> sorted, string path)
    {
        for (int i = 1; i < sorted.Count; i++)
        {
            if (Number(sorted[i - 1]) == Number(sorted[i]))
            {
                throw new DataFormatException(
                    $"{path}: the target '{name}' contains the same number in two forms, " +
                    $"'{Truncate(sorted[i - 1])}' and '{Truncate(sorted[i])}'; write it in one form, so that it is one class.");
            }
        }
    }

    private static double Number(string word) => double.Parse(word, System.Globalization.CultureInfo.InvariantCulture);

    private CategoricalColumn ToCategories(bool sortAsNumbers)
    {
        string[] sorted = [.. words.Keys];
        Array.Sort(sorted, (a, b) =>
        {
            int order = sortAsNumbers ? Number(a).CompareTo(Number(b)) : 0;
            return order != 0 ? order : string.CompareOrdinal(a, b);
        });

        var newCodes = new int[sorted.Length];
        for (int i = 0; i < sorted.Length; i++)
        {
            newCodes[words[sorted[i]].Code] = i;
        }

        Array.Resize(ref codes, count);
        for (int row = 0; row < codes.Length; row++)
        {
            codes[row] = newCodes[codes[row]];
        }

        return new CategoricalColumn(name, sorted, codes);
    }

    /// <summary>Represents a distinct word of a column: its code, and its value as a number.</summary>
    /// <remarks>
    /// This is a class because the runtime ships compiled code for dictionaries of references, but not for other dictionaries.
    /// </remarks>
    private sealed record Word(int Code, bool IsNumber, bool HasComma, float Value);
}
