// The same two-layer net in MiniNet (float32) and in TorchSharp (float64, the judge), from the same weights:
// one backward pass, then ten steps of each optimizer with TorchSharp's own SGD and Adam.
// Products are .mm: in TorchSharp 0.106.0 a shape error in .matmul kills the process.

using System.Globalization;
using global::TorchSharp;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Optimizers;
using MiniNet.Tensors;
using Xunit;
using TorchParameter = global::TorchSharp.Modules.Parameter;
using TorchTensor = global::TorchSharp.torch.Tensor;

namespace MiniNet.Tests.Torch;

/// <summary>Compares Linear, ReLU, Linear under softmax cross-entropy with TorchSharp.</summary>
public sealed class LinearReluCrossEntropyTests
{
    private const int Rows = 16, Inputs = 5, Hidden = 7, Classes = 3, Steps = 10;
    private const double OnePassTolerance = 2e-6, TenStepsTolerance = 2e-5;
    private static readonly string[] Names = ["0.weight", "0.bias", "2.weight", "2.bias"];
    private static readonly int[] Targets = [.. Enumerable.Range(0, Rows).Select(static row => row * 7 % 5 % Classes)];

    /// <summary>Outputs, loss and every parameter's gradient are TorchSharp's.</summary>
    [Fact]
    public void OneBackwardPass_EqualsTorch()
    {
        using var scope = torch.NewDisposeScope();
        Sequential graph = CreateGraph();
        Tensor x = CreateInputs();
        TorchParameter[] copies = CopyParameters(graph);

        double[,] outputs = InTorchLayout(graph.Forward(x), transpose: false);
        float loss = graph.Loss(Targets);
        graph.ZeroGradients();
        graph.Backward();

        TorchTensor theirOutputs = Forward(ToTorch(x), copies);
        TorchTensor theirLoss = torch.nn.functional.cross_entropy(theirOutputs, ToTorch(Targets));
        theirLoss.backward();

        AssertClose("outputs", Flatten(outputs), Flatten(theirOutputs), OnePassTolerance);
        AssertClose("loss", [loss], [theirLoss.item<double>()], OnePassTolerance);
        AssertParametersClose(graph, copies, gradients: true, OnePassTolerance);
    }

    /// <summary>Ten steps of gradient descent with momentum end where TorchSharp's do.</summary>
    [Fact]
    public void TenStepsOfSgdWithMomentum_EqualTorch()
    {
        Sequential graph = CreateGraph();
        var optimizer = new SGD(graph.Parameters, learningRate: 0.1f, momentum: 0.9f);
        AssertSameSteps(graph, () => optimizer.Step(), static copies => torch.optim.SGD(copies, 0.1, 0.9));
    }

    /// <summary>Ten steps of Adam end where TorchSharp's do.</summary>
    [Fact]
    public void TenStepsOfAdam_EqualTorch()
    {
        Sequential graph = CreateGraph();
        var optimizer = new Adam(graph.Parameters, learningRate: 0.01f);
        AssertSameSteps(graph, () => optimizer.Step(), static copies => torch.optim.Adam(copies, 0.01, 0.9, 0.999, 1e-8));
    }

    private static void AssertSameSteps(
        Sequential graph, Action step, Func<TorchParameter[], torch.optim.Optimizer> createOptimizer)
    {
        using var scope = torch.NewDisposeScope();
        Tensor x = CreateInputs();
        TorchParameter[] copies = CopyParameters(graph);
        using torch.optim.Optimizer optimizer = createOptimizer(copies);

        for (int n = 0; n < Steps; n++)
        {
            graph.Forward(x);
            graph.Loss(Targets);
            graph.ZeroGradients();
            graph.Backward();
            step();

            optimizer.zero_grad();
            torch.nn.functional.cross_entropy(Forward(ToTorch(x), copies), ToTorch(Targets)).backward();
            optimizer.step();
        }

        AssertParametersClose(graph, copies, gradients: false, TenStepsTolerance);
    }

    private static Sequential CreateGraph()
    {
        var graph = new Sequential(seed: 1, new Linear(Inputs, Hidden), new ReLU(), new Linear(Hidden, Classes));
        graph.AddLoss(new SoftmaxCrossEntropy());
        return graph;
    }

    private static Tensor CreateInputs()
    {
        var x = new Tensor(new Shape(Rows, Inputs));
        for (int i = 0; i < Rows * Inputs; i++)
        {
            x.Span[i] = 2 * MathF.Sin((1.7f * i) + 0.3f);
        }

        return x;
    }

    private static TorchTensor Forward(TorchTensor x, TorchParameter[] p) =>
        (x.mm(p[0].t()) + p[1]).relu().mm(p[2].t()) + p[3];

    private static TorchParameter[] CopyParameters(Sequential graph) =>
        [.. graph.Parameters.Select(static parameter => new TorchParameter(torch.tensor(InTorchLayout(parameter.Value, transpose: true))))];

    private static TorchTensor ToTorch(Tensor ours) => torch.tensor(InTorchLayout(ours, transpose: false));

    private static TorchTensor ToTorch(int[] targets) => torch.tensor(Array.ConvertAll(targets, static c => (long)c));

    // A weight [inputs, outputs] becomes PyTorch's [outputs, inputs]; a bias, a column here, becomes one row, which broadcasts.
    private static double[,] InTorchLayout(Tensor ours, bool transpose)
    {
        (int rows, int columns) = (ours.Shape.Rows, ours.Shape.Columns);
        var copy = transpose ? new double[columns, rows] : new double[rows, columns];
        for (int i = 0; i < rows * columns; i++)
        {
            (int row, int column) = transpose ? (i % columns, i / columns) : (i / columns, i % columns);
            copy[row, column] = ours.Span[i];
        }

        return copy;
    }

    private static double[] Flatten(double[,] ours) => [.. ours.Cast<double>()];

    private static double[] Flatten(TorchTensor theirs) => theirs.detach().contiguous().data<double>().ToArray();

    private static void AssertParametersClose(Sequential graph, TorchParameter[] copies, bool gradients, double tolerance)
    {
        int i = 0;
        foreach (Parameter parameter in graph.Parameters)
        {
            TorchTensor? theirs = gradients ? copies[i].grad : copies[i];
            Assert.NotNull(theirs);
            double[,] ours = InTorchLayout(gradients ? parameter.Gradient : parameter.Value, transpose: true);
            AssertClose(Names[i], Flatten(ours), Flatten(theirs), tolerance);
            i++;
        }

        Assert.Equal(Names.Length, i);
    }

    private static void AssertClose(string name, double[] ours, double[] theirs, double tolerance)
    {
        Assert.Equal(theirs.Length, ours.Length);
        double difference = Math.Sqrt(ours.Zip(theirs, static (a, b) => (a - b) * (a - b)).Sum());
        double norm = Math.Sqrt(theirs.Sum(static b => b * b));
        double error = difference / Math.Max(norm, 1e-6 * Math.Sqrt(theirs.Length));
        Assert.True(error <= tolerance, string.Create(CultureInfo.InvariantCulture, $"{name}: relative error {error:E2}"));
    }
}
