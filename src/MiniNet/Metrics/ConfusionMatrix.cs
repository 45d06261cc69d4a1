namespace MiniNet.Metrics;

/// <summary>
/// How often each class was taken for each: a count for every pair of true and predicted class, and what follows from the counts.
/// <code>
/// accuracy  = Σ_c count[c, c] / rows
/// precision = count[c, c] / Σ_t count[t, c]        of the rows called c, the share that are
/// recall    = count[c, c] / Σ_p count[c, p]        of the rows that are c, the share called so
/// F1        = 2 · precision · recall / (precision + recall)
/// </code>
/// </summary>
/// <remarks>Each is in [0, 1], and 0 where its denominator is. Manning, Raghavan and Schütze, "Introduction to Information Retrieval", 2008, section 8.3.</remarks>
/// <param name="classes">The names of the classes, in the order of their indices.</param>
public sealed class ConfusionMatrix(IReadOnlyList<string> classes)
{
    private readonly int[,] counts = new int[classes.Count, classes.Count];

    /// <summary>The names of the classes, in the order of their indices.</summary>
    public IReadOnlyList<string> Classes { get; } = classes;

    /// <summary>How many rows were counted.</summary>
    public int Rows { get; private set; }

    /// <summary>The share of rows whose class was predicted.</summary>
    public double Accuracy => Ratio(Enumerable.Range(0, Classes.Count).Sum(c => counts[c, c]), Rows);

    /// <summary>The accuracy of always answering the class that is most frequent among these rows: what a classifier has to beat.</summary>
    public double BaselineAccuracy => Rows == 0 ? 0 : Ratio(Enumerable.Range(0, Classes.Count).Max(Support), Rows);

    /// <summary>The mean of F1 over the classes that occur, as truth or as prediction.</summary>
    public double MacroF1
    {
        get
        {
            int[] occurring = [.. Enumerable.Range(0, Classes.Count).Where(c => Support(c) + Predicted(c) > 0)];
            return occurring.Length == 0 ? 0 : occurring.Average(F1);
        }
    }

    /// <summary>How many rows of one class were taken for another.</summary>
    /// <param name="truth">The true class.</param>
    /// <param name="predicted">The predicted class.</param>
    public int this[int truth, int predicted] => counts[truth, predicted];

    /// <summary>Counts a row.</summary>
    /// <param name="truth">Its true class.</param>
    /// <param name="predicted">The class that was predicted.</param>
    public void Count(int truth, int predicted)
    {
        counts[truth, predicted]++;
        Rows++;
    }

    /// <summary>How many rows are of a class.</summary>
    /// <param name="c">The class.</param>
    /// <returns>The count.</returns>
    public int Support(int c) => Enumerable.Range(0, Classes.Count).Sum(predicted => counts[c, predicted]);

    /// <summary>Of the rows called c, the share that are.</summary>
    /// <param name="c">The class.</param>
    /// <returns>In [0, 1].</returns>
    public double Precision(int c) => Ratio(counts[c, c], Predicted(c));

    /// <summary>Of the rows that are c, the share called so.</summary>
    /// <param name="c">The class.</param>
    /// <returns>In [0, 1].</returns>
    public double Recall(int c) => Ratio(counts[c, c], Support(c));

    /// <summary>The harmonic mean of precision and recall.</summary>
    /// <param name="c">The class.</param>
    /// <returns>In [0, 1].</returns>
    public double F1(int c) => Ratio(2 * counts[c, c], Predicted(c) + Support(c));

    private int Predicted(int c) => Enumerable.Range(0, Classes.Count).Sum(truth => counts[truth, c]);

    private static double Ratio(int part, int whole) => whole == 0 ? 0 : (double)part / whole;
}
