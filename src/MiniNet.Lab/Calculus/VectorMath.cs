using System.Numerics.Tensors;

namespace MiniNet.Calculus;

/// <summary>Provides operations on small vectors in double precision.</summary>
internal static class VectorMath
{
    private const double GoldenRatio = 0.6180339887498949;

    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b) => TensorPrimitives.Dot(a, b);

    public static double Length(ReadOnlySpan<double> v) => TensorPrimitives.Norm(v);

    public static double Distance(ReadOnlySpan<double> a, ReadOnlySpan<double> b) => TensorPrimitives.Distance(a, b);

    /// <summary>
    /// Returns seven points on the straight line between two points, spaced by the golden ratio so that they match no period of a function.
    /// </summary>
    public static IEnumerable<double[]> PointsBetween(double[] a, double[] b)
    {
        for (int i = 1; i <= 7; i++)
        {
            double t = i * GoldenRatio % 1;
            yield return [.. a.Zip(b, (from, to) => from + (t * (to - from)))];
        }
    }
}
