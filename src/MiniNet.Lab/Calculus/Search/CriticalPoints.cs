using System.Collections;

namespace MiniNet.Calculus;

/// <summary>
/// Represents the critical points in a box: minima first, then maxima, saddle points and degenerate points, each type sorted by value.
/// </summary>
/// <remarks>
/// These are all points that Newton's method finds from many starting points, spread evenly over the box. More starts may find more points,
/// and no number of starts proves that there are no others. A gradient counts as 0 if it is no greater than it would be at a distance of
/// 1/100,000 of the box from a zero: rounding allows no finer distinction. Points closer than 1/10,000 of the box count as one, and so do
/// points with gradient 0 everywhere between them: a line of critical points is reported as one degenerate point with its
/// <see cref="CriticalPoint.Extent"/>, a curve as many. Where f is so flat that the float32 gradient is 0, as far from the centre of a bell
/// curve, the points are reported as critical and degenerate.
/// </remarks>
public sealed class CriticalPoints : IReadOnlyList<CriticalPoint>
{
    private const int MaxShown = 32;
    private readonly CriticalPoint[] points;
    private readonly string where;

    private CriticalPoints(CriticalPoint[] points, int starts, int foundOnce, string where, bool isCancelled) =>
        (this.points, Starts, FoundOnce, this.where, IsCancelled) = (points, starts, foundOnce, where, isCancelled);

    /// <summary>Gets the number of critical points.</summary>
    public int Count => points.Length;

    /// <summary>Gets the number of starting points tried.</summary>
    public int Starts { get; }

    /// <summary>
    /// Gets the number of critical points found from a single start. If it is not 0, there may well be others that no start found.
    /// </summary>
    /// <remarks>Good, "The population frequencies of species and the estimation of population parameters", Biometrika 40, 1953.</remarks>
    public int FoundOnce { get; }

    /// <summary>Gets a value indicating whether the search was cancelled before all starting points were tried.</summary>
    public bool IsCancelled { get; }

    /// <summary>Gets a critical point.</summary>
    /// <param name="index">The zero-based index.</param>
    public CriticalPoint this[int index] => points[index];

    /// <summary>Searches for all critical points in a box.</summary>
    /// <param name="f">A scalar-valued function of at most sixteen variables.</param>
    /// <param name="box">The range of each variable: finite, with the lower bound first.</param>
    /// <param name="starts">The number of starting points, at least 1: the centre of the box, then the Halton sequence.</param>
    /// <param name="cancellation">Ends the search and returns the points found so far.</param>
    /// <returns>The critical points; empty if none were found.</returns>
    /// <exception cref="ArgumentException">
    /// The box does not have one range for each variable, or a range is empty or not finite, or there are more than sixteen variables.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="starts"/> is less than 1.</exception>
    /// <exception cref="InvalidOperationException">f has more than one output.</exception>
    public static CriticalPoints Find(
        Function f,
        IReadOnlyList<(double Low, double High)> box,
        int starts = 1024,
        CancellationToken cancellation = default)
    {
        double[] low = [.. box.Select(range => range.Low)], high = [.. box.Select(range => range.High)];
        double[] width = [.. high.Zip(low, (above, below) => above - below)];
        string boxText = StartingPoints.CheckBox(f, box, starts);
        var search = new NewtonSearch(f.GradientOrNaN, low, high, width);
        List<List<double[]>> found = [];
        int tried = 0;
        foreach (double[] start in StartingPoints.InBox(box, starts))
        {
            if (cancellation.IsCancellationRequested)
            {
                break;
            }

            tried++;
            Gather(search, found, search.Search(start, cancellation));
        }

        CriticalPoint[] sorted = [.. found.Select(same => Of(f, same, width)).OrderBy(point => point.Kind).ThenBy(point => point.Value)];
        return new CriticalPoints(sorted, tried, found.Count(same => same.Count == 1), boxText, cancellation.IsCancellationRequested);
    }

    /// <summary>Returns an enumerator over the critical points.</summary>
    /// <returns>The enumerator.</returns>
    public IEnumerator<CriticalPoint> GetEnumerator() => ((IEnumerable<CriticalPoint>)points).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Describes the critical points, one per line, or says that there are none in the box.</summary>
    public override string ToString()
    {
        string cancelled = IsCancelled ? " (cancelled)" : "";
        string head = Count == 0
            ? $"No critical point in {where}: Newton's method reaches no zero of the gradient from {Starts} starting points{cancelled}."
            : $"{Count} critical point{(Count == 1 ? "" : "s")} in {where}, from {Starts} starting points{cancelled}:";
        string curve = points.Count(point => point.Kind == CriticalPointKind.Degenerate) > MaxShown
            ? ": that many degenerate points may form a curve"
            : "";
        string more = Count > MaxShown ? $"\n  and {Count - MaxShown} more{curve}" : "";
        more += FoundOnce > 0 ? $"\n  {FoundOnce} of them found from one start only: more starts or a smaller box may find others" : "";
        return head + string.Concat(points.Take(MaxShown).Select(point => $"\n  {point}")) + more;
    }

    private static void Gather(NewtonSearch search, List<List<double[]>> found, double[]? zero)
    {
        if (zero is null)
        {
            return;
        }

        foreach (List<double[]> same in found)
        {
            if (search.AreSame(same[0], zero))
            {
                same.Add(zero);
                return;
            }
        }

        found.Add([zero]);
    }

    // Chooses the zero with the smallest gradient; among equals, the one found first.
    private static CriticalPoint Of(Function f, List<double[]> same, double[] width)
    {
        double[] best = same.MinBy(zero => f.Gradient(zero).Sum(g => g * g))!;
        double[] farthest = same.MaxBy(zero => VectorMath.Distance(zero, best))!;
        double extent = VectorMath.Distance(farthest, best);
        bool isOnALine = best.Zip(farthest).Zip(width, (pair, w) => Math.Abs(pair.First - pair.Second) / w).Max() > 0.05;
        CriticalPoint point = CriticalPoint.Of(f, best, width, isOnALine ? extent : 0);
        // A nondegenerate point is isolated, so it cannot lie on a line of critical points.
        return point.Kind == CriticalPointKind.Degenerate ? point : point with { Extent = 0 };
    }
}
