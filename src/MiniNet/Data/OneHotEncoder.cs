namespace MiniNet.Data;

/// <summary>
/// One-hot encodes a category: one input per category of the training rows, 1 for the category of the cell and 0 for the others.
/// </summary>
/// <param name="name">The name of the column.</param>
/// <param name="categories">The categories of the training rows, in the order of the inputs.</param>
public sealed class OneHotEncoder(string name, IReadOnlyList<string> categories) : ColumnEncoder(name)
{
    private readonly Dictionary<string, int> indices =
        new(Require.NotNull(categories).Select((category, i) => KeyValuePair.Create(category, i)), StringComparer.Ordinal);

    /// <summary>Gets the categories, in the order of the inputs.</summary>
    public IReadOnlyList<string> Categories { get; } = categories;

    /// <inheritdoc/>
    public override int Width => Categories.Count;

    internal override IReadOnlyList<string> InputNames => [.. Categories.Select(category => $"{Name}={category}")];

    internal static OneHotEncoder Fit(CategoricalColumn column, ReadOnlySpan<int> rows)
    {
        var seen = new bool[column.Categories.Count];
        foreach (int row in rows)
        {
            seen[column.Codes[row]] = true;
        }

        return new OneHotEncoder(column.Name, [.. column.Categories.Where((_, i) => seen[i])]);
    }

    internal bool Contains(string category) => indices.ContainsKey(category);

    internal override void Encode(Column column, int row, Span<float> inputs)
    {
        var categorical = (CategoricalColumn)column;
        Set(categorical.Categories[categorical.Codes[row]], inputs);
    }

    internal override string? Encode(string cell, Span<float> inputs) => Set(cell, inputs)
        ? null
        : $"'{DataFormatException.Truncate(cell)}' is not a category of the training rows; the categories are " +
          $"{string.Join(", ", Categories.Take(20).Select(DataFormatException.Truncate))}{(Categories.Count > 20 ? ", ..." : "")}";

    private bool Set(string category, Span<float> inputs)
    {
        inputs.Clear();
        if (!indices.TryGetValue(category, out int index))
        {
            return false;
        }

        inputs[index] = 1;
        return true;
    }
}
