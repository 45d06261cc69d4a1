namespace MiniNet.Explanations;

/// <summary>A change that can be made to one column of a row: a number moved a little, or a category switched to another.</summary>
/// <param name="Column">The column.</param>
/// <param name="Category">What it is switched to; null for a column of numbers.</param>
/// <param name="StandardDeviation">σ of the column over the training rows, in its own unit (1 where it was constant there); null for a category.</param>
public sealed record InputChange(string Column, string? Category, double? StandardDeviation)
{
    /// <summary><c>petal_length</c>, or <c>sex → Female</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Category is null ? Column : $"{Column} → {Category}";
}

/// <summary>
/// What a change of one column does to the probability p of one class, over rows. For a number it is the slope ∂p/∂x, per unit of the column; for
/// a category the difference p(switched) − p(as it is), over the rows that are not of that category already.
/// </summary>
/// <param name="Class">The class.</param>
/// <param name="Change">The change.</param>
/// <param name="Rows">How many rows it was worked out at.</param>
/// <param name="Mean">The mean over these rows; where directions differ from row to row, they cancel. 0 where there are no rows.</param>
/// <param name="MeanAbsolute">The mean of the absolute values.</param>
/// <param name="Spread">The standard deviation over the rows, √(Σ(v − mean)²/n): 0 where the effect is the same everywhere.</param>
public sealed record Effect(string Class, InputChange Change, long Rows, double Mean, double MeanAbsolute, double Spread)
{
    /// <summary>The mean slope per standard deviation of the column, σ · ∂p/∂x; for a category the mean as it is. Effects of different columns compare in it.</summary>
    public double MeanPerDeviation => Mean * Scale;

    /// <summary>The mean absolute effect per standard deviation: what to sort by.</summary>
    public double Strength => MeanAbsolute * Scale;

    /// <summary>The spread per standard deviation.</summary>
    public double SpreadPerDeviation => Spread * Scale;

    private double Scale => Change.StandardDeviation ?? 1;
}

/// <summary>How a classifier's probabilities answer to its columns, over rows.</summary>
/// <param name="Rows">How many rows.</param>
/// <param name="Probabilities">Each class's mean probability over them, in the order of the classes; of one row, its own.</param>
/// <param name="Effects">One for each class and change: class after class, within each the changes in the order of the columns.</param>
public sealed record SensitivityReport(long Rows, IReadOnlyList<(string Class, double Probability)> Probabilities, IReadOnlyList<Effect> Effects);

/// <summary>Gathers values one by one. Welford, "Note on a Method for Calculating Corrected Sums of Squares and Products", Technometrics 4, 1962.</summary>
internal struct Tally
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
