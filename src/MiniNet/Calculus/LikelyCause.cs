using System.Globalization;
using MiniNet.Tensors;

namespace MiniNet.Calculus;

/// <summary>Guesses, from how a wrong gradient relates to the right one, what mistake was made.</summary>
internal static class LikelyCause
{
    private const double Alike = 0.01; // relative to the right gradient: closer than that is no coincidence

    /// <summary>A guess for a gradient that is known to be wrong.</summary>
    /// <param name="shape">The shape of the gradient.</param>
    /// <param name="analytic">What Backward says.</param>
    /// <param name="numeric">What differences say; NaN where there is no derivative.</param>
    public static string Of(Shape shape, double[] analytic, double[] numeric)
    {
        if (Array.TrueForAll(analytic, a => a == 0))
        {
            return "Backward adds nothing: is this gradient forgotten?";
        }

        if (Array.Exists(analytic, a => !double.IsFinite(a)))
        {
            return "Backward gives NaN or infinity: a division by zero, or an exponential that overflows?";
        }

        if (IsAlike(analytic, Transpose(shape, numeric)))
        {
            return "it is right with rows and columns exchanged: is a transpose missing, or one too many?";
        }

        double factor = Factor(analytic, numeric);
        if (IsAlike(analytic, [.. numeric.Select(n => n * factor)]))
        {
            return string.Create(CultureInfo.InvariantCulture, $"every element is {factor:G4} times what it should be: is a factor missing{Known(factor, shape)}?");
        }

        int right = analytic.Where((a, i) => Math.Abs(a - numeric[i]) <= Alike * Math.Max(Math.Abs(a), Math.Abs(numeric[i]))).Count();
        return right * 2 >= analytic.Length
            ? $"{right} of {analytic.Length} elements are right: is a case, a row or a column left out?"
            : "no simple mistake fits: work the derivative out again, term by term";
    }

    private static string Known(double factor, Shape shape) =>
        IsNear(factor, -1) ? ", the sign"
        : IsNear(factor, shape.Rows) || IsNear(factor, 1.0 / shape.Rows) ? ", the number of rows"
        : IsNear(factor, shape.Length) || IsNear(factor, 1.0 / shape.Length) ? ", the number of elements"
        : "";

    private static bool IsNear(double value, double other) => Math.Abs(value - other) <= Alike * Math.Abs(other);

    /// <summary>The c for which c · numeric comes nearest to analytic: Σ a n / Σ n².</summary>
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

    private static bool IsAlike(double[] a, double[] b)
    {
        double difference = 0, size = 0;
        for (int i = 0; i < a.Length; i++)
        {
            difference += double.IsNaN(b[i]) ? 0 : (a[i] - b[i]) * (a[i] - b[i]);
            size += double.IsNaN(b[i]) ? 0 : b[i] * b[i];
        }

        return size > 0 && difference <= Alike * Alike * size;
    }

    private static double[] Transpose(Shape shape, double[] values)
    {
        var transposed = new double[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            (int row, int column) = (i / shape.Columns, i % shape.Columns);
            transposed[(column * shape.Rows) + row] = values[i];
        }

        return transposed;
    }
}
