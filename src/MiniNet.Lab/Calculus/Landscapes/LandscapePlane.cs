using System.Numerics.Tensors;
using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Calculus;

/// <summary>Two directions in the space of all weights, which span the plane that a <see cref="LossLandscape"/> shows.</summary>
/// <param name="A">The first, a number for each weight.</param>
/// <param name="B">The second.</param>
/// <param name="Words">How they were chosen.</param>
public sealed record LandscapePlane(IReadOnlyList<double> A, IReadOnlyList<double> B, string Words)
{
    private const int MostOfThePath = 200; // the places that the principal components are found from; more would only lie in between

    /// <summary>Of a path's principal components, the share of the path's variance that each of the two explains, from 0 to 1; null for random directions.</summary>
    public (double A, double B)? Explained { get; private init; }

    /// <summary>
    /// Two random directions, normalised filter by filter: each weight matrix is drawn from the normal distribution, and what leads into one unit, or one filter of a
    /// convolution, is scaled to the length that the same weights have in the network. One unit along an axis so means the same change in every layer.
    /// <code>
    /// dᵢⱼ ← dᵢⱼ · ‖wᵢⱼ‖ / ‖dᵢⱼ‖                  of filter j in layer i; 0 for biases and for other parameters that are no matrix
    /// </code>
    /// </summary>
    /// <remarks>Li, Xu, Taylor, Studer and Goldstein, "Visualizing the Loss Landscape of Neural Nets", NeurIPS 2018, section 4.</remarks>
    /// <param name="graph">The network, with the weights that the directions start from.</param>
    /// <param name="seed">Decides the directions.</param>
    /// <returns>The plane.</returns>
    public static LandscapePlane Random(Graph graph, ulong seed)
    {
        double[][] directions = [.. ((string[])["first direction", "second direction"]).Select(stream => Direction(graph, new RandomStream(seed, stream)))];
        return new LandscapePlane(directions[0], directions[1], "two random directions, normalised filter by filter");
    }

    /// <summary>
    /// The two principal components of a path: the directions along which it spreads most. Each has length 1, so that the axes are distances between weights.
    /// </summary>
    /// <remarks>
    /// Li et al. 2018, section 7. Of a path of more than 200 places, 200 evenly spaced ones are taken. Even a random walk would show most of its variance in two
    /// components (Antognini and Sohl-Dickstein, "PCA of high dimensional random walks with comparison to neural network training", NeurIPS 2018): a high share is no sign of a simple landscape.
    /// </remarks>
    /// <param name="path">The weights, place after place; at least two different ones.</param>
    /// <returns>The plane.</returns>
    /// <exception cref="ArgumentException">There are not two different places, or they have not the same number of weights, or one is not finite.</exception>
    public static LandscapePlane PrincipalComponents(IReadOnlyList<float[]> path)
    {
        if (path.Count == 0 || path.Any(place => place.Length != path[0].Length || !TensorPrimitives.IsFiniteAll<float>(place)))
        {
            throw new ArgumentException("The path needs places of the same number of weights, all of them finite.", nameof(path));
        }

        int count = Math.Min(path.Count, MostOfThePath);
        double[][] rows = [.. Enumerable.Range(0, count).Select(i => path[count == 1 ? 0 : (int)((long)i * (path.Count - 1) / (count - 1))].Select(w => (double)w).ToArray())];
        double[] mean = [.. Enumerable.Range(0, path[0].Length).Select(k => rows.Average(row => row[k]))];
        foreach (double[] row in rows)
        {
            TensorPrimitives.Subtract(row, mean, row);
        }

        // The components of few places in many dimensions come from the places' products with one another: XXᵀu = λu gives Xᵀu.
        var products = new double[count, count];
        for (int i = 0; i < count; i++)
        {
            for (int j = i; j < count; j++)
            {
                products[i, j] = products[j, i] = TensorPrimitives.Dot<double>(rows[i], rows[j]);
            }
        }

        (double[] values, double[][] vectors) = SymmetricEigen.Of(products);
        double total = values.Sum(value => Math.Max(0, value)), first = values[^1], second = count > 1 ? Math.Max(0, values[^2]) : 0;
        if (!(first > 0))
        {
            throw new ArgumentException("The path does not move: there are no two different places in it.", nameof(path));
        }

        double[] a = Component(rows, vectors[^1]);
        double[] b = second > 1e-12 * first ? Component(rows, vectors[^2]) : Across(a); // a straight path has no second direction
        return new LandscapePlane(a, b, "the two principal components of the path") { Explained = (first / total, second / total) };
    }

    /// <summary>Where weights lie in the plane: the point nearest to them, in units of the two directions, seen from a centre.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="centre">The weights at (0, 0).</param>
    /// <returns>The coordinates.</returns>
    public (double A, double B) Project(ReadOnlySpan<float> weights, ReadOnlySpan<double> centre)
    {
        double ad = 0, bd = 0, aa = 0, ab = 0, bb = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            double d = weights[i] - centre[i], a = A[i], b = B[i];
            (ad, bd, aa, ab, bb) = (ad + (a * d), bd + (b * d), aa + (a * a), ab + (a * b), bb + (b * b));
        }

        double determinant = (aa * bb) - (ab * ab); // random directions are not quite at right angles
        return (((ad * bb) - (bd * ab)) / determinant, ((bd * aa) - (ad * ab)) / determinant);
    }

    private static double[] Component(double[][] rows, double[] shares)
    {
        var component = new double[rows[0].Length];
        for (int i = 0; i < rows.Length; i++)
        {
            TensorPrimitives.MultiplyAdd(rows[i], shares[i], component, component);
        }

        TensorPrimitives.Divide(component, TensorPrimitives.Norm<double>(component), component);
        return component;
    }

    /// <summary>A direction at right angles to one, along the weight that it moves least.</summary>
    private static double[] Across(double[] a)
    {
        int least = TensorPrimitives.IndexOfMinMagnitude<double>(a);
        double[] across = [.. a.Select((share, i) => (i == least ? 1 : 0) - (a[least] * share))];
        double length = TensorPrimitives.Norm<double>(across);
        return length > 0 ? [.. across.Select(share => share / length)] : new double[a.Length];
    }

    private static double[] Direction(Graph graph, RandomStream random)
    {
        List<double> direction = [];
        foreach (Parameter parameter in graph.Parameters)
        {
            Shape shape = parameter.Value.Shape;
            var d = new double[shape.Length];
            for (int i = 0; i < d.Length; i++)
            {
                d[i] = random.NextNormal();
            }

            int filters = shape.Rank < 2 ? 0 : parameter.IsTransposedInFiles ? shape.Columns : shape.Rows;
            for (int filter = 0; filter < filters; filter++)
            {
                Normalise(d, parameter, filter);
            }

            direction.AddRange(filters == 0 ? new double[d.Length] : d);
        }

        return [.. direction];
    }

    // What leads into one unit is a column of [inputs, outputs], and a row of PyTorch's [outputs, ...].
    private static void Normalise(double[] d, Parameter parameter, int filter)
    {
        Span<float> w = parameter.Value.Span;
        int columns = parameter.Value.Shape.Columns;
        (int start, int step, int count) = parameter.IsTransposedInFiles ? (filter, columns, parameter.Value.Shape.Rows) : (filter * columns, 1, columns);
        double ofD = 0, ofW = 0;
        for (int k = 0; k < count; k++)
        {
            int i = start + (k * step);
            (ofD, ofW) = (ofD + (d[i] * d[i]), ofW + ((double)w[i] * w[i]));
        }

        for (int k = 0; k < count; k++)
        {
            d[start + (k * step)] *= ofW > 0 ? Math.Sqrt(ofW / ofD) : 1 / Math.Sqrt(ofD); // without weights there is no scale: 1
        }
    }
}
