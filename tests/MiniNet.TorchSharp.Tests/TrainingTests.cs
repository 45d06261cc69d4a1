using System.Text.Json.Nodes;
using MiniNet.Graphs;
using MiniNet.Optimizers;
using MiniNet.Tests.Oracle;
using TorchSharp;
using TorchParameter = TorchSharp.Modules.Parameter;
using TorchTensor = TorchSharp.torch.Tensor;

namespace MiniNet.Tests.Torch;

/// <summary>
/// Trains a small network for ten steps with MiniNet (float32) and with TorchSharp (float64), starting from the same weights.
/// </summary>
public class TrainingTests
{
    // Ten times the tolerance of a single pass, because errors accumulate over ten steps.
    private const double Tolerance = 2e-5;
    private const int Rows = 16, Steps = 10;

    // No bias before batch normalization, which removes constants. The gradient of such a bias would be rounding error only, and the
    // direction of Adam's step depends on its sign.
    private const string Architecture = """
        {"nodes":[
          {"name":"x","kind":"Input","shape":[-1,5],"from":[]},
          {"name":"a","kind":"Linear","inputs":5,"outputs":7,"bias":false,"from":["x"]},
          {"name":"b","kind":"BatchNorm1d","features":7,"epsilon":1e-5,"momentum":0.1,"affine":true,"from":["a"]},
          {"name":"c","kind":"ReLU","from":["b"]},
          {"name":"d","kind":"Linear","inputs":7,"outputs":3,"bias":true,"from":["c"]}]}
        """;

    [TorchSharpTheory]
    [InlineData("""{"kind":"SGD","learningRate":0.1,"momentum":0.9}""")]
    [InlineData("""{"kind":"Adam","learningRate":0.01}""")]
    public void TenTrainingSteps_MatchTorchSharp(string optimizer)
    {
        GraphCase of = CreateCase();
        var options = (JsonObject)JsonNode.Parse(optimizer)!;
        Comparison.AssertClose(optimizer, TrainOurs(of, options), TrainTheirs(of, options), Tolerance);
    }

    private static Dictionary<string, Numbers> TrainOurs(GraphCase of, JsonObject options)
    {
        Graph graph = MiniNetRunner.Build(of);
        var optimizer = OperationFactory.Create<Optimizer>(options, graph.Parameters);
        var results = new Dictionary<string, Numbers>(StringComparer.Ordinal);
        for (int step = 1; step <= Steps; step++)
        {
            graph.Forward(MiniNetRunner.ToTensor(of.Inputs["x"]));
            results[$"loss at step {step}"] = new Numbers([], [graph.Loss(MiniNetRunner.ToTargets(of.Loss!, of.Targets!))]);
            graph.ZeroGradients();
            graph.Backward();
            optimizer.Step();
        }

        foreach ((string name, Tensors.Tensor tensor, bool transposed) in graph.NamedTensors())
        {
            results[name] = MiniNetRunner.ToNumbers(tensor, transposed);
        }

        return results;
    }

    private static Dictionary<string, Numbers> TrainTheirs(GraphCase of, JsonObject options)
    {
        using var scope = torch.NewDisposeScope();
        var graph = new TorchGraph(of);
        TorchParameter[] parameters = [.. graph.Parameters];
        using torch.optim.Optimizer optimizer = TorchRunner.Optimizer(options, parameters);
        var results = new Dictionary<string, Numbers>(StringComparer.Ordinal);
        for (int step = 1; step <= Steps; step++)
        {
            TorchTensor loss = graph.Loss(graph.Forward());
            results[$"loss at step {step}"] = new Numbers([], [loss.item<double>()]);
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
        }

        foreach ((string name, TorchTensor tensor) in graph.Tensors)
        {
            results[name] = TorchGraph.ToNumbers(tensor);
        }

        return results;
    }

    private static GraphCase CreateCase()
    {
        var targets = new Numbers([Rows], [.. Enumerable.Range(0, Rows).Select(row => (double)(row * 7 % 5 % 3))]);
        var tensors = new Dictionary<string, Numbers>(StringComparer.Ordinal)
        {
            ["a.weight"] = Wave([7, 5], 0.5, 0),
            ["b.weight"] = Wave([7], 0.5, 1),
            ["b.bias"] = Wave([7], 0.3, 0),
            ["b.running_mean"] = Wave([7], 0.1, 0),
            ["b.running_var"] = Wave([7], 0.2, 1),
            ["d.weight"] = Wave([3, 7], 0.5, 0),
            ["d.bias"] = Wave([3], 0.2, 0),
        };
        return new GraphCase(
            "net",
            (JsonObject)JsonNode.Parse(Architecture)!,
            Phase.Training,
            new(StringComparer.Ordinal) { ["x"] = Wave([Rows, 5], 2, 0) },
            [],
            tensors,
            new() { ["kind"] = "SoftmaxCrossEntropy" },
            targets,
            []);
    }

    /// <summary>Creates varied numbers that float32 represents exactly.</summary>
    private static Numbers Wave(int[] shape, double height, double mean)
    {
        int count = shape.Aggregate(1, (product, size) => product * size);
        return new(
            shape,
            [.. Enumerable.Range(0, count).Select(i => (double)(float)(mean + (height * Math.Sin((1.7 * i) + 0.3 + count))))]);
    }
}
