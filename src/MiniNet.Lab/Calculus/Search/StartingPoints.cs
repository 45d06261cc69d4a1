namespace MiniNet.Calculus;

/// <summary>Provides the starting points of searches: a Halton sequence, which fills a box evenly and is the same each time.</summary>
/// <remarks>
/// Halton, "On the efficiency of certain quasi-random sequences of points in evaluating multi-dimensional integrals", Numerische Mathematik
/// 2, 1960.
/// </remarks>
internal static class StartingPoints
{
    private static readonly int[] Primes = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53];

    /// <summary>Checks the box and returns its description.</summary>
    /// <exception cref="ArgumentException">The box does not match the function, or is empty or not finite.</exception>
    public static string CheckBox(Function f, IReadOnlyList<(double Low, double High)> box, int starts)
    {
        MiniNet.Require.AtLeast1(starts);
        if (box.Count != f.Dimension || box.Count > Primes.Length)
        {
            throw new ArgumentException(
                $"The function has {f.Dimension} variable(s), but the box has {box.Count} range(s). "
                    + $"Give one range for each variable, at most {Primes.Length}.",
                nameof(box));
        }

        foreach (((double low, double high), string name) in box.Zip(f.Variables))
        {
            if (!double.IsFinite(low) || !double.IsFinite(high) || !((float)low < (float)high))
            {
                throw new ArgumentException(
                    $"The range of {name}, {MathFormat.Number(low)} to {MathFormat.Number(high)}, must be finite, "
                    + "with the lower bound first.",
                    nameof(box));
            }
        }

        return string.Join(
            ", ",
            box.Zip(f.Variables, (range, name) => $"{name} from {MathFormat.Number(range.Low)} to {MathFormat.Number(range.High)}"));
    }

    /// <summary>
    /// Returns the centre of the box, then the points of the Halton sequence: coordinate k of point i has the digits of i in the k-th prime
    /// base, reversed behind the radix point.
    /// </summary>
    public static IEnumerable<double[]> InBox(IReadOnlyList<(double Low, double High)> box, int starts)
    {
        yield return [.. box.Select(range => (range.Low + range.High) / 2)];
        for (int i = 1; i < starts; i++)
        {
            var point = new double[box.Count];
            for (int k = 0; k < point.Length; k++)
            {
                double fraction = 0, digit = 1;
                for (int rest = i; rest > 0; rest /= Primes[k])
                {
                    digit /= Primes[k];
                    fraction += digit * (rest % Primes[k]);
                }

                point[k] = box[k].Low + (fraction * (box[k].High - box[k].Low));
            }

            yield return point;
        }
    }
}
