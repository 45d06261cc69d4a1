using System.Runtime.CompilerServices;
using static MiniNet.Data.DataFormatException;

namespace MiniNet.Data;

/// <summary>
/// Gathers the cells of one column and decides what they are: numeric if at least 95 % of them parse as numbers (any other is then an
/// error that names it), else categorical.
/// </summary>
/// <remarks>
/// Keeping both the number and the word of every cell would double the memory of a large file, so the first cell decides what is kept.
/// Only a column that begins with a number and turns out to be words must be read again, as words: <see cref="NeedsSecondReading"/>.
/// </remarks>
/// <param name="name">The column.</param>
/// <param name="asWords">Whether words are kept, whatever the first cell.</param>
/// <param name="expected">How many rows there will be, or about: where it is right, each value is written once, to where it stays.</param>
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
        if (!keepsWords && rows.TryNumber(column, out float value))
        {
            numeric++;
            Put(ref numbers, value);
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
            word = Judge(rows, column, cell);
        }

        numeric += word.IsNumber ? 1 : 0;
        withComma += word.HasComma ? 1 : 0;
        if (keepsWords)
        {
            Put(ref codes, word.Code);
        }
        else
        {
            Put(ref numbers, word.Value);
        }
    }

    // The value of the row that was counted last.
    private void Put<T>(ref T[] values, T value)
    {
        if (count > values.Length)
        {
            Array.Resize(ref values, Math.Max(expected, (int)Math.Min(2L * count, Array.MaxLength)));
        }

        values[count - 1] = value;
    }

    // A cell that was not met before, or one that is no number where words are not kept.
    private Word Judge(CsvRows rows, int column, string cell)
    {
        var word = new Word(words.Count, Column.TryParse(cell, out float value), HasDecimalComma(cell), value);
        if (!word.IsNumber)
        {
            wordAmongNumbers ??= Short(cell);
            firstWord ??= rows.Error(column, $"'{Short(cell)}' is not a number, as at least 95 % of this column are; correct it, or remove the row");
            keepsWords |= count == 1;
        }
        else if (!float.IsFinite(value))
        {
            firstNotFinite ??= rows.Error(column, Column.NotFinite(cell));
        }

        if (word.HasComma)
        {
            firstComma ??= rows.Error(column, $"'{Short(cell)}' has a decimal comma, as others in this column have; write numbers with a point");
        }

        if (keepsWords)
        {
            words.Add(cell, word);
        }

        return word;
    }

    /// <summary>A remark on a column of words that may have been meant as numbers; null where there is none.</summary>
    public string? Remark => IsNumeric || numeric * 2 < count
        ? null
        : $"column '{name}': {100 * numeric / count} % of the cells are numbers, but others are not, such as '{wordAmongNumbers}'; " +
          "so each different cell is taken as a category. If the column was meant as numbers, correct or remove the others.";

    /// <summary>The column as a feature: numbers or categories.</summary>
    /// <exception cref="DataFormatException">It holds numbers and a cell that is none, or numbers with a decimal comma.</exception>
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

    /// <summary>The column as a target: classes, even where they are coded as whole numbers, as long as those are few and repeated.</summary>
    /// <remarks>
    /// Few and repeated: at most 10 different whole numbers, each three times on average; or at most 100, and at most the square root of the
    /// number of rows. The ten digits in 1797 rows are classes; forty temperatures in 153 rows are measurements.
    /// </remarks>
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
                    $"{path}: the target '{name}' holds {words.Count} different numbers in {count} rows, more than classes would have; " +
                    "predicting a number (regression) is not supported yet: choose a target with few, repeated values, or write its classes as words.");
            }
        }

        CategoricalColumn classes = ToCategories(sortAsNumbers: IsNumeric);
        if (IsNumeric)
        {
            ThrowIfWrittenInTwoWays(classes.Categories, path);
        }

        return classes.Categories.Count > 1
            ? (classes, IsNumeric)
            : throw new DataFormatException($"{path}: the target '{name}' is '{Short(classes.Categories[0])}' in every row; a classifier needs at least two classes.");
    }

    // 0,742 read as a word would make a category of every number, and a poor classifier without a word why.
    private static bool HasDecimalComma(string cell) =>
        cell.Contains(',', StringComparison.Ordinal) && Column.TryParse(cell.Replace(',', '.'), out _);

    private void ThrowIfNotNumbers()
    {
        if ((firstWord ?? firstNotFinite) is { } error)
        {
            throw error;
        }
    }

    // 1 and 1.0 would become two classes that nothing can tell apart.
    private void ThrowIfWrittenInTwoWays(IReadOnlyList<string> sorted, string path)
    {
        for (int i = 1; i < sorted.Count; i++)
        {
            if (Number(sorted[i - 1]) == Number(sorted[i]))
            {
                throw new DataFormatException(
                    $"{path}: the target '{name}' writes one number in two ways, '{Short(sorted[i - 1])}' and '{Short(sorted[i])}'; write it in one, so that it is one class.");
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

        var place = new int[sorted.Length];
        for (int i = 0; i < sorted.Length; i++)
        {
            place[words[sorted[i]].Code] = i;
        }

        Array.Resize(ref codes, count);
        for (int row = 0; row < codes.Length; row++)
        {
            codes[row] = place[codes[row]];
        }

        return new CategoricalColumn(name, sorted, codes);
    }

    /// <summary>One of the different words of a column: its code, and what it would be as a number.</summary>
    /// <remarks>A class, since the runtime has the code of a dictionary of references at hand, and would have to compile that of any other.</remarks>
    private sealed record Word(int Code, bool IsNumber, bool HasComma, float Value);
}
