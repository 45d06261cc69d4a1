namespace MiniNet.Data;

/// <summary>
/// Gathers the cells of one column and decides what they are: numeric if at least 95 % of them parse as numbers (any other is then an
/// error that names it), else categorical.
/// </summary>
/// <remarks>
/// Keeping both the number and the word of every cell would double the memory of a large file, so the first cell decides what is kept.
/// Only a column that begins with a number and turns out to be words must be read again, as words: <see cref="NeedsSecondReading"/>.
/// </remarks>
internal sealed class ColumnReader(string name, bool asWords)
{
    private const double NumericShare = 0.95;
    private readonly List<float> numbers = [];
    private readonly List<int> codes = [];
    private readonly Dictionary<string, int> words = new(StringComparer.Ordinal);
    private bool keepsWords = asWords;
    private int count, numeric, withComma;
    private DataFormatException? firstWord, firstNotFinite, firstComma;
    private string? wordAmongNumbers;

    public bool NeedsSecondReading => !keepsWords && !IsNumeric;

    private bool IsNumeric => numeric >= NumericShare * count;

    public void Add(CsvRows rows, int column)
    {
        string cell = rows[column];
        bool isNumber = Column.TryParse(cell, out float value);
        count++;
        if (isNumber)
        {
            numeric++;
            if (!float.IsFinite(value))
            {
                firstNotFinite ??= rows.Error(column, Column.NotFinite(cell));
            }
        }
        else
        {
            wordAmongNumbers ??= cell;
            CountDecimalComma(rows, column, cell);
            firstWord ??= rows.Error(column, $"'{cell}' is not a number, as at least 95 % of this column are; correct it, or remove the row");
            keepsWords |= count == 1;
        }

        if (!keepsWords)
        {
            numbers.Add(value);
        }
        else
        {
            if (!words.TryGetValue(cell, out int code))
            {
                words.Add(cell, code = words.Count);
            }

            codes.Add(code);
        }
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
            return new NumericColumn(name, [.. numbers]);
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
            bool whole = words.Keys.All(word => Column.TryParse(word, out float value) && value == MathF.Floor(value));
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
            : throw new DataFormatException($"{path}: the target '{name}' is '{classes.Categories[0]}' in every row; a classifier needs at least two classes.");
    }

    // 0,742 read as a word would make a category of every number, and a poor classifier without a word why.
    private void CountDecimalComma(CsvRows rows, int column, string cell)
    {
        if (cell.Contains(',', StringComparison.Ordinal) && Column.TryParse(cell.Replace(',', '.'), out _))
        {
            withComma++;
            firstComma ??= rows.Error(column, $"'{cell}' has a decimal comma, as others in this column have; write numbers with a point");
        }
    }

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
                    $"{path}: the target '{name}' writes one number in two ways, '{sorted[i - 1]}' and '{sorted[i]}'; write it in one, so that it is one class.");
            }
        }
    }

    private static double Number(string word) => double.Parse(word, System.Globalization.CultureInfo.InvariantCulture);

    private CategoricalColumn ToCategories(bool sortAsNumbers)
    {
        string[] sorted = [.. words.Keys];
        Array.Sort(sorted, StringComparer.Ordinal);
        if (sortAsNumbers)
        {
            sorted = [.. sorted.OrderBy(Number)];
        }

        var place = new int[sorted.Length];
        for (int i = 0; i < sorted.Length; i++)
        {
            place[words[sorted[i]]] = i;
        }

        return new CategoricalColumn(name, sorted, [.. codes.Select(code => place[code])]);
    }
}
