using MiniNet.Calculus;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Tensors;
using MiniNet.Tests.Calculus;

namespace MiniNet.Tests.Oracle;

/// <summary>
/// Compares derivatives of functions with torch.autograd.functional in float64: the value, the Jacobian, the Hessian and its product with a
/// vector.
/// </summary>
public class FunctionsTests(WorstErrors worst) : IClassFixture<WorstErrors>
{
    // A few roundings, as for a layer.
    private const double First = 2e-6;

    // The accuracy that Function.Hessian documents.
    private const double Second = 1e-3;

    public static TheoryData<string> Names => [.. Recordings.Functions.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Derivatives_OfAFunction_EqualPyTorch(string name)
    {
        FunctionCase of = Recordings.Functions[name];
        Function f = Build(of);
        double[] at = of.At.Data;
        var first = new Dictionary<string, Numbers>(StringComparer.Ordinal)
        {
            ["value"] = Vector(f.Evaluate(at)),
            ["jacobian"] = Matrix(f.Jacobian(at)),
        };
        Comparison.AssertClose(name, first, Only(of.Expected, first), First, worst);
        if (of.Expected.ContainsKey("hessian"))
        {
            Comparison.AssertClose(name, new() { ["jacobian"] = Matrix(Row(f.Gradient(at))) }, Only(of.Expected, ["jacobian"]), First);
            var second = new Dictionary<string, Numbers>(StringComparer.Ordinal)
            {
                ["hessian"] = Matrix(f.Hessian(at)),
                ["hessian times v"] = Vector(f.HessianVectorProduct(at, of.Direction.Data)),
            };
            Comparison.AssertClose($"second derivatives of {name}", second, Only(of.Expected, second), Second, worst);
        }
    }

    private static Function Build(FunctionCase of)
    {
        var graph = new Graph();
        switch (of.Function)
        {
            case "outputs of an MLP":
                Node y = graph.Input("x", Shape.Batch(3), needsGradient: true).Then(new Linear(3, 5)).Then(new Tanh())
                    .Then(new Linear(5, 4));
                double[] weights = of.Data["weights"].Data;
                foreach (Parameter parameter in graph.Parameters)
                {
                    int count = parameter.Value.Span.Length;
                    Array.ConvertAll(weights[..count], weight => (float)weight).CopyTo(parameter.Value.Span);
                    weights = weights[count..];
                }

                Assert.Empty(weights);
                return new Function(y);
            case "squares of an MLP":
                graph.Input("x", Shape.Batch(2)).Then(new Linear(2, 3)).Then(new Tanh()).Then(new Linear(3, 2));
                graph.AddLoss(new MeanSquaredError());
                return Function.OfParameters(graph, MiniNetRunner.ToTensor(of.Data["x"]), MiniNetRunner.ToTensor(of.Data["targets"]));
            case "cross-entropy of an MLP":
                graph.Input("x", Shape.Batch(3)).Then(new Linear(3, 4)).Then(new Tanh()).Then(new Linear(4, 3));
                graph.AddLoss(new SoftmaxCrossEntropy());
                return Function.OfParameters(
                    graph, MiniNetRunner.ToTensor(of.Data["x"]), Array.ConvertAll(of.Data["targets"].Data, index => (int)index));
            default:
                return KnownFunctions.Of(of.Function);
        }
    }

    private static Dictionary<string, Numbers> Only(Dictionary<string, Numbers> all, Dictionary<string, Numbers> names) =>
        Only(all, [.. names.Keys]);

    private static Dictionary<string, Numbers> Only(Dictionary<string, Numbers> all, string[] names) =>
        names.ToDictionary(name => name, name => all[name], StringComparer.Ordinal);

    private static Numbers Vector(double[] numbers) => new([numbers.Length], numbers);

    private static Numbers Matrix(double[,] numbers) => new([numbers.GetLength(0), numbers.GetLength(1)], [.. numbers.Cast<double>()]);

    private static double[,] Row(double[] numbers)
    {
        var row = new double[1, numbers.Length];
        Buffer.BlockCopy(numbers, 0, row, 0, numbers.Length * sizeof(double));
        return row;
    }
}
