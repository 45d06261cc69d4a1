using System.Globalization;

namespace MiniNet.Data;

/// <summary>
/// Standardizes a number, x' = (x − μ) / σ, so that all columns have equal weight at the start and gradients of similar size.
/// </summary>
/// <remarks>
/// σ is the population standard deviation, √(Σ(x − μ)²/n), and 1 for a constant column.
/// LeCun, Bottou, Orr and Müller, "Efficient BackProp", 1998, section 4.3.
/// </remarks>
/// <param name="name">The name of the column.</param>
/// <param name="mean">μ, in the column's unit.</param>
/// <param name="standardDeviation">σ, in the column's unit, above 0.</param>
public sealed class StandardScaler(string name, double mean, double standardDeviation) : ColumnEncoder(name)
{
    /// <summary>Gets the mean μ, in the unit of the column.</summary>
    public double Mean { get; } = mean;

    /// <summary>Gets the standard deviation σ, in the unit of the column.</summary>
    public double StandardDeviation { get; } = standardDeviation;

    /// <inheritdoc/>
    public override int Width => 1;

    internal static StandardScaler Fit(NumericColumn column, ReadOnlySpan<int> rows)
    {
        double mean = 0, variance = 0;
        float min = float.PositiveInfinity, max = float.NegativeInfinity;
        foreach (int row in rows)
        {
            mean += column.Values[row] / (double)rows.Length;
            min = MathF.Min(min, column.Values[row]);
            max = MathF.Max(max, column.Values[row]);
        }

        foreach (int row in rows)
        {
            double difference = column.Values[row] - mean;
            variance += difference * difference / rows.Length;
        }

        return new StandardScaler(column.Name, mean, min == max ? 1 : Math.Sqrt(variance));
    }

    internal override void Encode(Column column, int row, Span<float> inputs) => inputs[0] = Scale(((NumericColumn)column).Values[row]);

    internal override string? Encode(string cell, Span<float> inputs)
    {
        if (!Column.TryParse(cell, out float value))
        {
            return $"'{DataFormatException.Truncate(cell)}' is not a number, but this column held numbers in training; " +
                "correct it, or remove the row";
        }

        inputs[0] = Scale(value);
        return !float.IsFinite(value) ? Column.NotFinite(cell)
            : !float.IsFinite(inputs[0]) ? string.Create(
                CultureInfo.InvariantCulture,
                $"'{DataFormatException.Truncate(cell)}' is too far from the training rows to be scaled in float32; " +
                $"their mean is {Mean} and their standard deviation {StandardDeviation}")
            : null;
    }

    private float Scale(float value) => (float)((value - Mean) / StandardDeviation);
}
