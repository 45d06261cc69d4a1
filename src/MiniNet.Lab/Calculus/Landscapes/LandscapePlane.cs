using System.Numerics.Tensors;
using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Calculus;

/// <summary>Represents two directions in the space of all weights, which span the plane of a <see cref="LossLandscape"/>.</summary>
/// <param name="A">The first direction, with one number per weight.</param>
/// <param name="B">The second direction.</param>
/// <param name="Description">A description of how the directions were chosen.</param>
public sealed record LandscapePlane(IReadOnlyList<double> A, IReadOnlyList<double> B, string Description)
{
    private const int MaxPathPoints = 200; // points used for the principal components; more would add nothing

    /// <summary>
    /// Gets the fractions of the path's variance that the two principal components explain, each from 0 to 1; null for random directions.
    /// </summary>
    public (double A, double B)? ExplainedVariance { get; private init; }

    /// <summary>
    /// Creates two random directions with filter normalization: each weight matrix is drawn from the normal distribution, and the weights
    /// of one unit, or of one filter of a convolution, are scaled to the norm of the same weights in the network. A distance along an axis
    /// then means the same relative change in every layer.
    /// <code>
    /// dᵢⱼ ← dᵢⱼ · ‖wᵢⱼ‖ / ‖dᵢⱼ‖                  of filter j in layer i; 0 for biases and other parameters that are not matrices
    /// </code>
    /// </summary>
    /// <remarks>Li, Xu, Taylor, Studer and Goldstein, "Visualizing the Loss Landscape of Neural Nets", NeurIPS 2018, section 4.</remarks>
    /// <param name="graph">The network, with the weights at the origin of the plane.</param>
    /// <param name="seed">The seed of the directions.</param>
    /// <returns>The plane.</returns>
    public static LandscapePlane Random(Graph graph, ulong seed)
    {
        double[][] directions =
        [
            .. ((string[])["first direction", "second direction"])
                .Select(stream => Direction(graph, new RandomStream(seed, stream))),
        ];
        return new LandscapePlane(directions[0], directions[1], "two random directions, normalized filter by filter");
    }

    /// <summary>
    /// Computes the first two principal components of a path, the directions of its largest variance. Each has length 1, so the axes are
    /// distances between weights.
    /// </summary>
    /// <remarks>
    /// Li et al. 2018, section 7. For a path of more than 200 points, 200 evenly spaced ones are used. Even a random walk has most of its
    /// variance in two components (Antognini and Sohl-Dickstein, "PCA of high dimensional random walks with comparison to neural network
    /// training", NeurIPS 2018), so a high fraction does not indicate a simple landscape.
    /// </remarks>
    /// <param name="path">The weights at each point of the path; at least two must differ.</param>
    /// <returns>The plane.</returns>
    /// <exception cref="ArgumentException">
    /// The path has no two different points, or the points do not have the same number of weights, or a weight is not finite.
    /// </exception>
    public static LandscapePlane PrincipalComponents(IReadOnlyList<float[]> path)
    {
        if (path.Count == 0 || path.Any(point => point.Length != path[0].Length || !TensorPrimitives.IsFiniteAll<float>(point)))
        {
            throw new ArgumentException("All points of the path must have the same number of weights, all finite.", nameof(path));
        }

        int count = Math.Min(path.Count, MaxPathPoints);
        double[][] rows =
        [
            .. Enumerable.Range(0, count)
                .Select(i => path[count == 1 ? 0 : (int)((long)i * (path.Count - 1) / (count - 1))].Select(w => (double)w).ToArray()),
        ];
        double[] mean = [.. Enumerable.Range(0, path[0].Length).Select(k => rows.Average(row => row[k]))];
        foreach (double[] row in rows)
        {
            TensorPrimitives.Subtract(row, mean, row);
        }

        // For few points in many dimensions, the components follow from the Gram matrix of the points: XXᵀu = λu gives Xᵀu.
        var products = new double[count, count];
        for (int i = 0; i < count; i++)
        {
            for (int j = i; j < count; j++)
            {
                products[i, j] = products[j, i] = TensorPrimitives.Dot<double>(rows[i], rows[j]);
            }
        }

        (double[] values, double[][] vectors) = SymmetricEigen.Decompose(products);
        double total = values.Sum(value => Math.Max(0, value)), first = values[^1], second = count > 1 ? Math.Max(0, values[^2]) : 0;
        if (!(first > 0))
        {
            throw new ArgumentException("The path does not move: it has no two different points.", nameof(path));
        }

        double[] a = Component(rows, vectors[^1]);
        double[] b = second > 1e-12 * first ? Component(rows, vectors[^2]) : Orthogonal(a); // a straight path has no second direction
        return new LandscapePlane(a, b, "the two principal components of the path") { ExplainedVariance = (first / total, second / total) };
    }

    /// <summary>Projects weights orthogonally onto the plane.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="centre">The weights at (0, 0).</param>
    /// <returns>The coordinates, in units of the two directions.</returns>
    public (double A, double B) Project(ReadOnlySpan<float> weights, ReadOnlySpan<double> centre)
    {
        double ad = 0, bd = 0, aa = 0, ab = 0, bb = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            double d = weights[i] - centre[i], a = A[i], b = B[i];
            (ad, bd, aa, ab, bb) = (ad + (a * d), bd + (b * d), aa + (a * a), ab + (a * b), bb + (b * b));
        }

        double determinant = (aa * bb) - (ab * ab); // random directions are not exactly orthogonal
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

    /// <summary>Finds a direction orthogonal to a, along the weight with the smallest component of a.</summary>
    private static double[] Orthogonal(double[] a)
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
                Normalize(d, parameter, filter);
            }

            direction.AddRange(filters == 0 ? new double[d.Length] : d);
        }

        return [.. direction];
    }

    // The weights of one unit are a column of [inputs, outputs] and a row of PyTorch's [outputs, ...].
    private static void Normalize(double[] d, Parameter parameter, int filter)
    {
        Span<float> w = parameter.Value.Span;
        int columns = parameter.Value.Shape.Columns;
        (int start, int step, int count) = parameter.IsTransposedInFiles
            ? (filter, columns, parameter.Value.Shape.Rows)
            : (filter * columns, 1, columns);
        double ofD = 0, ofW = 0;
        for (int k = 0; k < count; k++)
        {
            int i = start + (k * step);
            (ofD, ofW) = (ofD + (d[i] * d[i]), ofW + ((double)w[i] * w[i]));
        }

        for (int k = 0; k < count; k++)
        {
            d[start + (k * step)] *= ofW > 0 ? Math.Sqrt(ofW / ofD) : 1 / Math.Sqrt(ofD); // weights of 0 give no scale, so the norm is 1
        }
    }
}
