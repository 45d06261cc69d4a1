using MiniNet.Calculus;
using MiniNet.Data;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Tensors;
using MiniNet.Training;

namespace MiniNet.Tests.Calculus;

/// <summary>
/// Compares the landscape of a linear model with its closed form, planes and projections with known results, and the weights of a replay
/// with those of the run.
/// </summary>
public class LossLandscapeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static readonly Tensor X = Samples.Tensor(new Shape(30, 2), 5);
    private static readonly Tensor T = Samples.Tensor(new Shape(30, 1), 6);

    [Fact]
    public void Around_LinearModel_MatchesClosedFormLoss()
    {
        Sequential graph = LinearModel();
        LossLandscape landscape = LossLandscape.Around(
            Function.OfParameters(graph, X, T),
            LandscapePlane.Random(graph, seed: 2),
            [],
            points: 5,
            cancellation: Cancellation);
        Assert.Equal([-1, -0.5, 0, 0.5, 1], landscape.Grid.X);
        Assert.Equal([-1, -0.5, 0, 0.5, 1], landscape.Grid.Y);
        for (int row = 0; row < 5; row++)
        {
            for (int column = 0; column < 5; column++)
            {
                double a = landscape.Grid.X[column], b = landscape.Grid.Y[row];
                double[] w = [.. Weights(graph).Select((weight, i) => weight + (a * landscape.Plane.A[i]) + (b * landscape.Plane.B[i]))];
                Assert.Equal(LossOf(w), landscape.Grid.Z[row, column], 1e-5 * (1 + LossOf(w)));
            }
        }
    }

    [Fact]
    public void Random_EachFilter_HasNormOfItsWeights()
    {
        var graph = new Sequential(
            seed: 1,
            new Linear(7, 5),
            new ReLU(),
            new Unflatten(1, 1, 5),
            new Conv2d(1, 3, (1, 2)),
            new BatchNorm2d(3),
            new Flatten(),
            new Linear(12, 2));
        LandscapePlane plane = LandscapePlane.Random(graph, seed: 4);
        foreach (IReadOnlyList<double> direction in new[] { plane.A, plane.B })
        {
            int start = 0;
            foreach (Parameter parameter in graph.Parameters)
            {
                Shape shape = parameter.Value.Shape;
                double[] d = [.. direction.Skip(start).Take(shape.Length)];
                start += shape.Length;
                if (shape.Rank < 2)
                {
                    Assert.All(d, part => Assert.Equal(0, part));
                    continue;
                }

                // In PyTorch's layout a filter is a row; Linear stores it as a column.
                bool isColumn = graph.Nodes.Any(node => node.Operation is Linear linear && linear.Weight == parameter);
                int filters = isColumn ? shape.Columns : shape.Rows;
                for (int filter = 0; filter < filters; filter++)
                {
                    int[] places =
                    [
                        .. Enumerable.Range(0, shape.Length).Where(i => (isColumn ? i % shape.Columns : i / shape.Columns) == filter),
                    ];
                    double ofW = Math.Sqrt(places.Sum(i => (double)parameter.Value.Span[i] * parameter.Value.Span[i])),
                        ofD = Math.Sqrt(places.Sum(i => d[i] * d[i]));
                    Assert.Equal(ofW, ofD, 1e-9);
                }
            }
        }

        Assert.NotEqual(plane.A, plane.B);
        Assert.Equal(plane.A, LandscapePlane.Random(graph, seed: 4).A);
        Assert.NotEqual(plane.A, LandscapePlane.Random(graph, seed: 5).A);
    }

    [Fact]
    public void PrincipalComponents_PathInPlane_PreservesDistances()
    {
        var random = new RandomStream(7, "path");
        double[] u = [0.6, 0, 0.8, 0], v = [0, 1, 0, 0];
        float[][] path =
        [
            .. Enumerable.Range(0, 30).Select(_ => (A: 3 * random.NextNormal(), B: random.NextNormal())).Select(
                p => Enumerable.Range(0, 4).Select(i => (float)(1 + (p.A * u[i]) + (p.B * v[i]))).ToArray()),
        ];
        LandscapePlane plane = LandscapePlane.PrincipalComponents(path);
        Assert.Equal(1, plane.ExplainedVariance!.Value.A + plane.ExplainedVariance.Value.B, 1e-6);
        Assert.InRange(plane.ExplainedVariance.Value.A, 0.75, 0.99); // expected 9/10, from 30 draws
        Assert.Equal(1, Math.Sqrt(plane.A.Sum(a => a * a)), 1e-9);
        Assert.Equal(0, plane.A.Zip(plane.B, (a, b) => a * b).Sum(), 1e-9);
        double[] centre = [.. path[^1].Select(w => (double)w)];
        for (int i = 0; i < path.Length; i++)
        {
            (double a, double b) = plane.Project(path[i], centre);
            Assert.Equal(path[i].Zip(centre, (w, c) => (w - c) * (w - c)).Sum(), (a * a) + (b * b), 1e-4);
        }
    }

    [Fact]
    public void PrincipalComponents_StraightPath_AddsOrthogonalDirection()
    {
        LandscapePlane plane = LandscapePlane.PrincipalComponents([.. Enumerable.Range(0, 300).Select(i => new float[] { i, 2 * i, 0 })]);
        Assert.Equal(1, plane.ExplainedVariance!.Value.A, 1e-9);
        Assert.Equal(0, plane.ExplainedVariance.Value.B, 1e-9);
        Assert.Equal(1, plane.B.Sum(b => b * b), 1e-9);
        Assert.Equal(0, plane.A.Zip(plane.B, (a, b) => a * b).Sum(), 1e-9);
    }

    [Fact]
    public void PrincipalComponents_InvalidPath_Throws()
    {
        Assert.Contains(
            "does not move",
            Assert.Throws<ArgumentException>(() => LandscapePlane.PrincipalComponents([[1, 2], [1, 2]])).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "does not move",
            Assert.Throws<ArgumentException>(() => LandscapePlane.PrincipalComponents([[1, 2]])).Message,
            StringComparison.Ordinal);
        foreach (float[][] path in (float[][][])[[], [[1, 2], [1]], [[1], [float.NaN]]])
        {
            Assert.Throws<ArgumentException>(() => LandscapePlane.PrincipalComponents(path));
        }
    }

    [Fact]
    public void Project_PointInRandomPlane_ReturnsItsCoordinates()
    {
        Sequential graph = LinearModel();
        LandscapePlane plane = LandscapePlane.Random(graph, 3);
        double[] centre = [.. Weights(graph)];
        float[] at = [.. centre.Select((w, i) => (float)(w + (0.5 * plane.A[i]) - (0.25 * plane.B[i])))];
        (double a, double b) = plane.Project(at, centre);
        Assert.Equal(0.5, a, 1e-5);
        Assert.Equal(-0.25, b, 1e-5);
    }

    [Fact]
    public void Around_Path_ContainsAllPointsWithTheirLosses()
    {
        Sequential graph = LinearModel();
        float[][] path = [[1, 2, 0], [0.5f, 1, 0.3f], [0.2f, 0.5f, 0.1f], [.. Weights(graph).Select(w => (float)w)]];
        LossLandscape landscape = LossLandscape.Around(
            Function.OfParameters(graph, X, T),
            LandscapePlane.PrincipalComponents(path),
            path,
            points: 3,
            cancellation: Cancellation);
        Assert.Equal([0, 1, 2, 3], landscape.Path.Select(step => step.Epoch));
        Assert.All(landscape.Path, step =>
        {
            Assert.InRange(step.A, landscape.Grid.X[0], landscape.Grid.X[^1]);
            Assert.InRange(step.B, landscape.Grid.Y[0], landscape.Grid.Y[^1]);
            Assert.Equal(LossOf([.. path[step.Epoch].Select(w => (double)w)]), step.Loss, 1e-5 * (1 + step.Loss));
        });
        Assert.Equal((0, 0), (landscape.Path[^1].A, landscape.Path[^1].B));
        Assert.Null(landscape.Warning); // there are three dimensions, and two of them explain most
        Assert.Contains(
            "Random directions",
            LossLandscape.Around(
                Function.OfParameters(graph, X, T),
                LandscapePlane.Random(graph, 1),
                path,
                points: 2,
                cancellation: Cancellation).Warning,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Warning_DirectionsExplainLittle_SaysSo()
    {
        var random = new RandomStream(2, "walk");
        var graph = new Sequential(seed: 1, new Linear(6, 4));
        graph.AddLoss(new MeanSquaredError());

        // not a walk but independent points in 28 dimensions
        float[][] path = [.. Enumerable.Range(0, 60).Select(_ => Samples.Normal(28, random))];
        LossLandscape landscape = LossLandscape.Around(
            Function.OfParameters(graph, Samples.Tensor(new Shape(5, 6)), Samples.Tensor(new Shape(5, 4))),
            LandscapePlane.PrincipalComponents(path),
            path,
            points: 2,
            cancellation: Cancellation);
        Assert.InRange(landscape.Plane.ExplainedVariance!.Value.A + landscape.Plane.ExplainedVariance.Value.B, 0.08, 0.4);
        Assert.Contains("much of its movement is outside this plane", landscape.Warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Around_ReportsProgress_AndCanBeCancelled()
    {
        Sequential graph = LinearModel();
        Function loss = Function.OfParameters(graph, X, T);
        LandscapePlane plane = LandscapePlane.Random(graph, 1);
        var told = new RecordingProgress();
        LossLandscape.Around(loss, plane, [], points: 4, progress: told, cancellation: Cancellation);
        Assert.Equal(Enumerable.Range(1, 16).Select(i => i / 16.0), told.Values);
        double[] before = loss.Point;
        Assert.Throws<OperationCanceledException>(
            () => LossLandscape.Around(loss, plane, [], cancellation: new CancellationToken(canceled: true)));
        Assert.Equal(before, loss.Point);
        Assert.Throws<ArgumentOutOfRangeException>(() => LossLandscape.Around(loss, plane, [], points: 1, cancellation: Cancellation));
        Assert.Throws<ArgumentOutOfRangeException>(() => LossLandscape.Around(loss, plane, [], extent: 0, cancellation: Cancellation));
        Assert.Throws<ArgumentException>(() => LossLandscape.Around(loss, plane, [[1, 2]], cancellation: Cancellation));
    }

    [Fact]
    public void ReplayWeights_EveryEpoch_EqualsRun()
    {
        ClassifierRun run = Iris();
        int epochs = run.Train(cancellation: Cancellation).History.Epochs.Count;
        (Graph network, IReadOnlyList<float[]> weights, _) = Iris().ReplayWeights(cancellation: Cancellation);
        Assert.Equal(epochs + 1, weights.Count);
        Assert.Equal(AllWeights(run.Classifier.Network), AllWeights(network)); // the best epoch's
        Assert.Equal(AllWeights(network), weights[run.History.BestEpoch]);
        for (int epoch = 0; epoch < 3; epoch++)
        {
            Assert.Equal(AllWeights(Iris().GoTo(epoch + 1, 1, Cancellation).Graph), weights[epoch]);
        }
    }

    private static ClassifierRun Iris() =>
        new(
            CsvDataset.Load(Path.Combine(Repository.Root, "datasets", "iris.csv"), target: "species"),
            new ClassifierSettings { Seed = 3, Epochs = 8 });

    private static float[] AllWeights(Graph graph) => [.. graph.Parameters.SelectMany(parameter => parameter.Value.Span.ToArray())];

    private static Sequential LinearModel()
    {
        var graph = new Sequential(seed: 1, new Linear(2, 1));
        graph.AddLoss(new MeanSquaredError());
        return graph;
    }

    private static double[] Weights(Graph graph) => [.. AllWeights(graph).Select(w => (double)w)];

    private static double LossOf(double[] w) =>
        Enumerable.Range(0, 30).Average(i => Math.Pow((X[i, 0] * w[0]) + (X[i, 1] * w[1]) + w[2] - T[i, 0], 2));

    private sealed class RecordingProgress : IProgress<double>
    {
        public List<double> Values { get; } = [];

        public void Report(double value) => Values.Add(value);
    }
}
