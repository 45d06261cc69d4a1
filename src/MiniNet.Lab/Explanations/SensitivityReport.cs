namespace MiniNet.Explanations;

/// <summary>Represents a change of one column: a small change of a number, or a switch to another category.</summary>
/// <param name="Column">The column.</param>
/// <param name="Category">The category to switch to; null for a numeric column.</param>
/// <param name="StandardDeviation">
/// σ of the column over the training rows, in the unit of the column (1 if it was constant); null for a category.
/// </param>
public sealed record InputChange(string Column, string? Category, double? StandardDeviation)
{
    /// <summary>Describes the change: <c>petal_length</c>, or <c>sex → Female</c>.</summary>
    public override string ToString() => Category is null ? Column : $"{Column} → {Category}";
}

/// <summary>
/// Represents the effect of a change of one column on the probability p of one class, over rows. For a number it is the slope ∂p/∂x, per
/// unit of the column; for a category the difference p(switched) − p(original), over the rows that are not already of that category.
/// </summary>
/// <param name="Class">The class.</param>
/// <param name="Change">The change.</param>
/// <param name="Rows">The number of rows.</param>
/// <param name="Mean">The mean over the rows; effects of opposite signs cancel. 0 if there are no rows.</param>
/// <param name="MeanAbsolute">The mean of the absolute values.</param>
/// <param name="Spread">The standard deviation over the rows, √(Σ(v − mean)²/n): 0 if the effect is the same everywhere.</param>
public sealed record SensitivityEffect(string Class, InputChange Change, long Rows, double Mean, double MeanAbsolute, double Spread)
{
    /// <summary>
    /// Gets the mean slope per standard deviation of the column, σ · ∂p/∂x, which is comparable across columns; for a category the mean
    /// itself.
    /// </summary>
    public double MeanPerDeviation => Mean * Scale;

    /// <summary>Gets the mean absolute effect per standard deviation, for sorting.</summary>
    public double Strength => MeanAbsolute * Scale;

    /// <summary>Gets the spread per standard deviation.</summary>
    public double SpreadPerDeviation => Spread * Scale;

    private double Scale => Change.StandardDeviation ?? 1;
}

/// <summary>Represents the dependence of a classifier's probabilities on its columns, over rows.</summary>
/// <param name="Rows">The number of rows.</param>
/// <param name="Probabilities">The mean probability of each class over the rows, in the order of the classes.</param>
/// <param name="Effects">One effect for each class and change: sorted by class, then by change in the order of the columns.</param>
public sealed record SensitivityReport(
    long Rows,
    IReadOnlyList<(string Class, double Probability)> Probabilities,
    IReadOnlyList<SensitivityEffect> Effects);

/// <summary>
/// Accumulates mean and variance in one pass. Welford, "Note on a Method for Calculating Corrected Sums of Squares and Products",
/// Technometrics 4, 1962.
/// </summary>
internal struct RunningStatistics
{
    private double squares, absolute;

    public long Count { get; private set; }

    public double Mean { get; private set; }

    public readonly double MeanAbsolute => Count == 0 ? 0 : absolute / Count;

    public readonly double Spread => Count == 0 ? 0 : Math.Sqrt(squares / Count);

    public void Add(double value)
    {
        Count++;
        double before = value - Mean;
        Mean += before / Count;
        squares += before * (value - Mean);
        absolute += Math.Abs(value);
    }
}
