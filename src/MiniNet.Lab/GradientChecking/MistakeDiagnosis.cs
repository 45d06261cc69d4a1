using System.Globalization;
using MiniNet.Tensors;

namespace MiniNet.GradientChecking;

/// <summary>Suggests the mistake behind a wrong gradient from its relation to the right one. Each suggestion is one small test.</summary>
internal static class MistakeDiagnosis
{
    private const double MatchTolerance = 0.01; // relative to the right gradient; a smaller difference is no coincidence

    /// <summary>Suggests the cause of a gradient that is known to be wrong.</summary>
    /// <param name="e">The gradient.</param>
    /// <param name="all">Every gradient of the same function, that of its first input first.</param>
    /// <param name="r">∂L/∂y.</param>
    /// <param name="probe">The probe that measured it, or null.</param>
    public static string Diagnose(GradientMeasurement e, GradientMeasurement[] all, Tensor r, OperationProbe? probe)
    {
        double[] numeric = e.Numeric;
        if (Array.TrueForAll(e.Analytic, a => a == 0))
        {
            return "Backward adds nothing: is this gradient missing?";
        }

        double factor = Factor(e.Analytic, numeric);
        if (Math.Abs(factor - 1) > GradientMeasurement.Tolerance && Matches(e, [.. numeric.Select(n => n * factor)]))
        {
            string known = DescribeFactor(factor, all[0].Value.Shape);
            return string.Create(
                CultureInfo.InvariantCulture,
                $"every element is {factor:G4} times what it should be: is a factor missing{known}?");
        }

        if (Matches(e, numeric)) // the tests below could not distinguish it from the right gradient
        {
            return PartialMatch(e) ?? "it is off by less than 1 %: is a constant or a sum inaccurate?";
        }

        return OtherGradientMatch(e, all, probe)
            ?? MisplacedMatch(e)
            ?? PartialMatch(e)
            ?? StructuredErrorMatch(e, r)
            ?? "no common mistake fits: derive the gradient again, term by term";
    }

    /// <summary>Tests whether it would be the right gradient of something else, or after a known mistake; returns which, or null.</summary>
    private static string? OtherGradientMatch(GradientMeasurement e, GradientMeasurement[] all, OperationProbe? probe)
    {
        if (Matches(e, Transpose(e.Value.Shape, e.Numeric)))
        {
            return "it is the transpose of the right gradient: is a transpose missing, or one too many?";
        }

        if (Array.Find(all, o => o != e && o.Analytic.Length == e.Analytic.Length && Matches(e, o.Numeric)) is { } other)
        {
            return $"it is what d({other.Name}) should be: are the two swapped?";
        }

        foreach ((string mistake, double[] gradient) in probe?.KnownMistakes(e.Value) ?? [])
        {
            if (Matches(e, gradient))
            {
                return mistake;
            }
        }

        return null;
    }

    private static string DescribeFactor(double factor, Shape x) =>
        IsNear(factor, -1) ? ", the sign"
        : IsNear(factor, 1 / GradientCheck.DL) ? ", the incoming dL"
        : IsSize(factor, x.Rows) ? ", the number of rows"
        : IsSize(factor, x.Length) ? ", the number of elements"
        : IsSize(factor, x.Columns) ? ", the number of columns"
        : x.Rank > 2 && IsSize(factor, x.Length / x[1]) ? ", the number of elements per channel"
        : "";

    private static bool IsSize(double factor, int size) => size > 1 && (IsNear(factor, size) || IsNear(factor, 1.0 / size));

    private static bool IsNear(double value, double other) => Math.Abs(value - other) <= MatchTolerance * Math.Abs(other);

    /// <summary>Computes the c that minimizes |c · numeric − analytic|: Σ a n / Σ n².</summary>
    private static double Factor(double[] analytic, double[] numeric)
    {
        double products = 0, squares = 0;
        for (int i = 0; i < numeric.Length; i++)
        {
            products += double.IsNaN(numeric[i]) ? 0 : analytic[i] * numeric[i];
            squares += double.IsNaN(numeric[i]) ? 0 : numeric[i] * numeric[i];
        }

        return squares == 0 ? 0 : products / squares;
    }

    /// <summary>
    /// Determines whether Backward gives b, element by element; errors of small elements are relative to a tenth of the root mean square.
    /// </summary>
    private static bool Matches(GradientMeasurement e, double[] b)
    {
        double typical = Math.Sqrt(b.Where(double.IsFinite).Select(value => value * value).DefaultIfEmpty().Average());
        return typical > 0
            && !b.Where((value, i) => Math.Abs(e.Analytic[i] - value) > MatchTolerance * Math.Max(typical / 10, Math.Abs(value))).Any();
    }

    public static T[] Transpose<T>(Shape shape, T[] values)
    {
        var transposed = new T[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            (int row, int column) = (i / shape.Columns, i % shape.Columns);
            transposed[(column * shape.Rows) + row] = values[i];
        }

        return transposed;
    }

    private static string? MisplacedMatch(GradientMeasurement e)
    {
        int columns = e.Value.Shape.Columns;
        double[] analytic = [.. e.Analytic.Chunk(columns).Select(row => row.Sum())],
            numeric = [.. e.Numeric.Chunk(columns).Select(row => row.Sum())];
        return columns > 1 && analytic.Zip(numeric).All(
            sums => Math.Abs(sums.First - sums.Second) <= MatchTolerance * Math.Abs(sums.Second))
            ? "the sum of each row is right: is it added to the wrong elements?"
            : null;
    }

    /// <summary>If some elements are right, finds what the wrong ones have in common.</summary>
    private static string? PartialMatch(GradientMeasurement e)
    {
        ILookup<bool, int> known = Enumerable.Range(0, e.Numeric.Length).Where(i => !double.IsNaN(e.Numeric[i])).ToLookup(e.IsRightAt);
        int[] right = [.. known[true]], wrong = [.. known[false]];
        if (right.Length == 0 || wrong.Length == 0)
        {
            return null;
        }

        int columns = e.Value.Shape.Columns;
        float least = wrong.Min(i => e.Value.Span[i]), greatest = wrong.Max(i => e.Value.Span[i]);
        string? where = Array.TrueForAll(wrong, i => i / columns == wrong[0] / columns) ? $"in row {wrong[0] / columns}"
            : Array.TrueForAll(wrong, i => i % columns == wrong[0] % columns) ? $"in column {wrong[0] % columns}"
            : Array.TrueForAll(right, i => e.Value.Span[i] < least)
                ? string.Create(CultureInfo.InvariantCulture, $"where {e.Name} is {least:G3} or more")
            : Array.TrueForAll(right, i => e.Value.Span[i] > greatest)
                ? string.Create(CultureInfo.InvariantCulture, $"where {e.Name} is {greatest:G3} or less")
            : null;
        return where is null && right.Length < wrong.Length
            ? null
            : $"{right.Length} of {e.Numeric.Length} elements are right{(where is null ? "" : $", and all wrong ones are {where}")}: "
                + "is a case, a row, a column or one of several uses missing?";
    }

    /// <summary>Tests whether the error is a simple term times one factor for each row, column, ...; returns which, or null.</summary>
    private static string? StructuredErrorMatch(GradientMeasurement e, Tensor r)
    {
        Shape shape = e.Value.Shape;
        int last = shape.Rank > 2 ? shape[shape.Rank - 1] : 1, channels = shape.Rank > 2 ? shape[1] : 1;
        (string Name, Func<int, int> Of)[] groups = // channels before columns, because columns are parts of channels
        [
            ("", _ => 0),
            (" in each row", i => i / shape.Columns),
            (" in each channel", i => i / (shape.Columns / channels) % channels),
            (" in each column", i => i % shape.Columns),
            (" in each last dimension", i => i / last),
        ];
        double greatest = e.Value.Span.ToArray().Max();
        (string Message, Func<int, double>[] Terms)[] forms =
        [
            ("too large by the same number{0}: is a mean or a sum treated as a constant?", [_ => 1]),
            ("off by a multiple of dY{0}: is a term missing?", [i => r.Shape == shape ? r.Span[i] : 0]),
            ("a multiple of what it should be, with a different factor{0}: is a scale missing or wrong?", [i => e.Numeric[i]]),
            ("off by a multiple of exp(x){0}: is the sum in a softmax treated as a constant?", [i => Math.Exp(e.Value.Span[i] - greatest)]),
            ("off by a constant plus a multiple of x{0}: is a mean or a variance treated as a constant?", [_ => 1, i => e.Value.Span[i]]),
        ];
        foreach ((string message, Func<int, double>[] terms) in forms)
        {
            foreach ((string name, Func<int, int> group) in groups)
            {
                if (IsErrorOf(e, group, terms))
                {
                    return "it is " + string.Format(CultureInfo.InvariantCulture, message, name);
                }
            }
        }

        return null;
    }

    /// <summary>
    /// Determines whether, within each group, analytic − numeric is a linear combination of the terms; false with too few elements to
    /// decide.
    /// </summary>
    private static bool IsErrorOf(GradientMeasurement e, Func<int, int> group, Func<int, double>[] terms)
    {
        double left = 0, whole = 0;
        int free = 0;
        foreach (IGrouping<int, int> members in
            Enumerable.Range(0, e.Numeric.Length).Where(i => !double.IsNaN(e.Numeric[i])).GroupBy(group))
        {
            double[] error = [.. members.Select(i => e.Analytic[i] - e.Numeric[i])];
            whole += error.Sum(d => d * d);
            free += error.Length;
            var units = new List<double[]>();
            foreach (Func<int, double> term in terms)
            {
                double[] v = [.. members.Select(term)];
                double before = v.Sum(t => t * t);
                units.ForEach(unit => SlopeEstimate.RemoveProjection(v, unit));
                double after = v.Sum(t => t * t);
                if (after > 1e-9 * before)
                {
                    units.Add([.. v.Select(t => t / Math.Sqrt(after))]);
                    SlopeEstimate.RemoveProjection(error, units[^1]);
                    free--;
                }
            }

            left += error.Sum(d => d * d);
        }

        return free >= 3 && left <= 4 * MatchTolerance * MatchTolerance * whole;
    }
}
