using System.Collections;

namespace MiniNet.Calculus;

/// <summary>The points of a box where ∇f = 0: minima first, then maxima, saddles and degenerate ones, each kind by its value.</summary>
/// <remarks>
/// They are all that Newton's method finds from many starting points, spread evenly over the box: more starts find more, and none prove that there is
/// no other. A gradient counts as 0 where rounding allows no more to be said: where it is no greater than it would be a 100,000th of the box away from
/// a zero. Points nearer than a 10,000th of the box are one, and so are points with the gradient 0 all the way between them: a line of critical points
/// is reported as one, degenerate, with its <see cref="CriticalPoint.Extent"/>; a curved one as many. Where f is so flat that float32's gradient
/// is 0, as far out on a bell, those are critical points too, and degenerate.
/// </remarks>
public sealed class CriticalPoints : IReadOnlyList<CriticalPoint>
{
    private const int MostShown = 32;
    private readonly CriticalPoint[] points;
    private readonly string where;

    private CriticalPoints(CriticalPoint[] points, int starts, int foundOnce, string where, bool isCancelled) =>
        (this.points, Starts, FoundOnce, this.where, IsCancelled) = (points, starts, foundOnce, where, isCancelled);

    /// <summary>How many there are.</summary>
    public int Count => points.Length;

    /// <summary>How many starting points were tried.</summary>
    public int Starts { get; }

    /// <summary>How many of them only one start led to. As long as there are such, there may well be more that none led to.</summary>
    /// <remarks>Good, "The population frequencies of species and the estimation of population parameters", Biometrika 40, 1953.</remarks>
    public int FoundOnce { get; }

    /// <summary>Whether the search was cancelled before it had tried all its starting points.</summary>
    public bool IsCancelled { get; }

    /// <summary>One of them.</summary>
    /// <param name="index">From 0.</param>
    public CriticalPoint this[int index] => points[index];

    /// <summary>Looks for every critical point in a box.</summary>
    /// <param name="f">A function of one number; of a few variables, up to sixteen.</param>
    /// <param name="box">For each variable from where to where, both finite and the first less.</param>
    /// <param name="starts">How many points to start from, at least 1: the middle of the box, then Halton's sequence.</param>
    /// <param name="cancellation">Ends the search with what it has.</param>
    /// <returns>The points; none where there is none.</returns>
    /// <exception cref="ArgumentException">The box has not one range for each variable, or one is empty or not finite; or there are more than sixteen variables.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is to be no start.</exception>
    /// <exception cref="InvalidOperationException">f(x) is more than one number.</exception>
    public static CriticalPoints Find(Function f, IReadOnlyList<(double Low, double High)> box, int starts = 1024, CancellationToken cancellation = default)
    {
        double[] low = [.. box.Select(range => range.Low)], high = [.. box.Select(range => range.High)];
        double[] width = [.. high.Zip(low, (above, below) => above - below)];
        string boxText = Starting.Require(f, box, starts);
        var search = new NewtonSearch(f.GradientOrNaN, low, high, width);
        List<List<double[]>> found = [];
        int tried = 0;
        foreach (double[] start in Starting.Points(box, starts))
        {
            if (cancellation.IsCancellationRequested)
            {
                break;
            }

            tried++;
            Gather(search, found, search.From(start, cancellation));
        }

        CriticalPoint[] sorted = [.. found.Select(same => Of(f, same, width)).OrderBy(point => point.Kind).ThenBy(point => point.Value)];
        return new CriticalPoints(sorted, tried, found.Count(same => same.Count == 1), boxText, cancellation.IsCancellationRequested);
    }

    /// <summary>The points, one in order after the other.</summary>
    /// <returns>The enumerator.</returns>
    public IEnumerator<CriticalPoint> GetEnumerator() => ((IEnumerable<CriticalPoint>)points).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>All of them with their evidence, a line each; or that there is none, and where it was looked for.</summary>
    /// <returns>The text.</returns>
    public override string ToString()
    {
        string cancelled = IsCancelled ? " (cancelled)" : "";
        string head = Count == 0
            ? $"No critical point in {where}: from none of {Starts} starting points does Newton's method reach a zero of the gradient{cancelled}."
            : $"{Count} critical point{(Count == 1 ? "" : "s")} in {where}, from {Starts} starting points{cancelled}:";
        string curve = points.Count(point => point.Kind == CriticalPointKind.Degenerate) > MostShown ? ": so many degenerate ones may be a whole curve of them" : "";
        string more = Count > MostShown ? $"\n  and {Count - MostShown} more{curve}" : "";
        more += FoundOnce > 0 ? $"\n  {FoundOnce} of them from one start alone: with more starts, or in smaller boxes, there may be others" : "";
        return head + string.Concat(points.Take(MostShown).Select(point => $"\n  {point}")) + more;
    }

    private static void Gather(NewtonSearch search, List<List<double[]>> found, double[]? zero)
    {
        if (zero is null)
        {
            return;
        }

        foreach (List<double[]> same in found)
        {
            if (search.AreOne(same[0], zero))
            {
                same.Add(zero);
                return;
            }
        }

        found.Add([zero]);
    }

    // Of those that are one, that with the least gradient; of several such, the one found first.
    private static CriticalPoint Of(Function f, List<double[]> same, double[] width)
    {
        double[] best = same.MinBy(zero => f.Gradient(zero).Sum(g => g * g))!;
        double[] farthest = same.MaxBy(zero => VectorMath.Distance(zero, best))!;
        double extent = VectorMath.Distance(farthest, best);
        bool isOnALine = best.Zip(farthest).Zip(width, (pair, w) => Math.Abs(pair.First - pair.Second) / w).Max() > 0.05;
        CriticalPoint point = CriticalPoint.Of(f, best, width, isOnALine ? extent : 0);
        return point.Kind == CriticalPointKind.Degenerate ? point : point with { Extent = 0 }; // a line that bends in every direction is none
    }
}
