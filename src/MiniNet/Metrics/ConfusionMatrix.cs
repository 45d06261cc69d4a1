namespace MiniNet.Metrics;

/// <summary>
/// Represents a confusion matrix: a count for every pair of true and predicted class, and the metrics computed from the counts.
/// <code>
/// accuracy  = Σ_c count[c, c] / rows
/// precision = count[c, c] / Σ_t count[t, c]        of the rows called c, the share that are
/// recall    = count[c, c] / Σ_p count[c, p]        the share of the rows of class c that were predicted as c
/// F1        = 2 · precision · recall / (precision + recall)
/// </code>
/// </summary>
/// <remarks>
/// Each metric is in [0, 1], and 0 if its denominator is 0.
/// Manning, Raghavan and Schütze, "Introduction to Information Retrieval", 2008, section 8.3.
/// </remarks>
/// <param name="classes">The names of the classes, in the order of their indices.</param>
public sealed class ConfusionMatrix(IReadOnlyList<string> classes)
{
    private readonly int[,] counts = new int[Require.NotNull(classes).Count, classes.Count];

    /// <summary>Gets the names of the classes, in the order of their indices.</summary>
    public IReadOnlyList<string> Classes { get; } = classes;

    /// <summary>Gets the number of counted rows.</summary>
    public int Rows { get; private set; }

    /// <summary>Gets the proportion of rows whose class was predicted correctly.</summary>
    public double Accuracy => Ratio(Enumerable.Range(0, Classes.Count).Sum(c => counts[c, c]), Rows);

    /// <summary>
    /// Gets the accuracy of always predicting the most frequent class of these rows, which a useful classifier must exceed.
    /// </summary>
    public double BaselineAccuracy => Rows == 0 ? 0 : Ratio(Enumerable.Range(0, Classes.Count).Max(Support), Rows);

    /// <summary>Gets the mean of F1 over the classes that occur as a true or a predicted class.</summary>
    public double MacroF1
    {
        get
        {
            int[] occurring = [.. Enumerable.Range(0, Classes.Count).Where(c => Support(c) + Predicted(c) > 0)];
            return occurring.Length == 0 ? 0 : occurring.Average(F1);
        }
    }

    /// <summary>Gets the number of rows with a given true and predicted class.</summary>
    /// <param name="truth">The index of the true class.</param>
    /// <param name="predicted">The index of the predicted class.</param>
    public int this[int truth, int predicted] => counts[truth, predicted];

    /// <summary>Counts a row, or several with the same classes.</summary>
    /// <param name="truth">The index of the true class.</param>
    /// <param name="predicted">The index of the predicted class.</param>
    /// <param name="rows">The number of rows, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class, or <paramref name="rows"/> is negative.</exception>
    /// <exception cref="OverflowException">There are more than <see cref="int.MaxValue"/> rows.</exception>
    public void Add(int truth, int predicted, int rows = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(truth);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(truth, Classes.Count);
        ArgumentOutOfRangeException.ThrowIfNegative(predicted);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(predicted, Classes.Count);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        Rows = checked(Rows + rows);
        counts[truth, predicted] += rows;
    }

    /// <summary>Gets the number of rows whose true class is c.</summary>
    /// <param name="c">The index of the class.</param>
    /// <returns>The number of rows.</returns>
    public int Support(int c) => Enumerable.Range(0, Classes.Count).Sum(predicted => counts[c, predicted]);

    /// <summary>Gets the precision: the proportion of the rows predicted as c that are c.</summary>
    /// <param name="c">The index of the class.</param>
    /// <returns>The precision, in [0, 1].</returns>
    public double Precision(int c) => Ratio(counts[c, c], Predicted(c));

    /// <summary>Gets the recall: the proportion of the rows that are c that were predicted as c.</summary>
    /// <param name="c">The index of the class.</param>
    /// <returns>The recall, in [0, 1].</returns>
    public double Recall(int c) => Ratio(counts[c, c], Support(c));

    /// <summary>Gets F1, the harmonic mean of precision and recall.</summary>
    /// <param name="c">The index of the class.</param>
    /// <returns>F1, in [0, 1].</returns>
    public double F1(int c) => Ratio(2 * counts[c, c], Predicted(c) + Support(c));

    private int Predicted(int c) => Enumerable.Range(0, Classes.Count).Sum(truth => counts[truth, c]);

    private static double Ratio(int part, int whole) => whole == 0 ? 0 : (double)part / whole;
}
