using BenchmarkDotNet.Attributes;
using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Optimizers;
using MiniNet.Tensors;

namespace MiniNet.Benchmarks;

/// <summary>Measures the three matrix products of a linear layer with K inputs and N outputs on M rows, written MxKxN.</summary>
public class ProductBenchmarks
{
    private Tensor x = null!, w = null!, y = null!, dW = null!, dX = null!;

    [Params("16x4x16", "32x128x64", "97x131x89", "128x512x256")]
    public string Size { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        Kernel.MaxThreads = 1;
        int[] size = [.. Size.Split('x').Select(part => int.Parse(part, System.Globalization.CultureInfo.InvariantCulture))];
        (x, w, y) = (
            NodeProbe.Random(-1, 1, size[0], size[1]),
            NodeProbe.Random(-1, 1, size[1], size[2]),
            NodeProbe.Random(-1, 1, size[0], size[2]));
        (dW, dX) = (new Tensor(w.Shape), new Tensor(x.Shape));
    }

    [Benchmark(Description = "y += x·w")]
    public void Forward() => y.AddProduct(x, w);

    [Benchmark(Description = "dW += xᵀ·dY")]
    public void Weights() => dW.AddProduct(x.T, y);

    [Benchmark(Description = "dX += dY·wᵀ")]
    public void Inputs() => dX.AddProduct(y, w.T);
}

/// <summary>Measures the activation functions on 128 rows with 256 columns.</summary>
public class ActivationBenchmarks
{
    private NodeProbe probe = null!;

    [Params(
        nameof(ReLU),
        nameof(LeakyReLU),
        nameof(ELU),
        nameof(GELU),
        nameof(SiLU),
        nameof(Sigmoid),
        nameof(Tanh),
        nameof(Softplus),
        nameof(Softmax),
        nameof(LogSoftmax))]
    public string Name { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        Layer layer = Name switch
        {
            nameof(ReLU) => new ReLU(),
            nameof(LeakyReLU) => new LeakyReLU(),
            nameof(ELU) => new ELU(),
            nameof(GELU) => new GELU(),
            nameof(SiLU) => new SiLU(),
            nameof(Sigmoid) => new Sigmoid(),
            nameof(Tanh) => new Tanh(),
            nameof(Softplus) => new Softplus(),
            nameof(Softmax) => new Softmax(),
            _ => new LogSoftmax(),
        };
        probe = NodeProbe.Of(layer, 128, 256);
    }

    [Benchmark]
    public void Forward() => probe.Forward();

    [Benchmark]
    public void Backward() => probe.Backward();
}

/// <summary>Measures the losses on 128 rows with 10 columns.</summary>
public class LossBenchmarks
{
    private NodeProbe probe = null!;

    [Params(
        nameof(SoftmaxCrossEntropy),
        nameof(BinaryCrossEntropyWithLogits),
        nameof(MeanSquaredError),
        nameof(MeanAbsoluteError),
        nameof(Huber),
        nameof(KullbackLeibler))]
    public string Name { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        Loss loss = Name switch
        {
            nameof(SoftmaxCrossEntropy) => new SoftmaxCrossEntropy(),
            nameof(BinaryCrossEntropyWithLogits) => new BinaryCrossEntropyWithLogits(),
            nameof(MeanSquaredError) => new MeanSquaredError(),
            nameof(MeanAbsoluteError) => new MeanAbsoluteError(),
            nameof(Huber) => new Huber(),
            _ => new KullbackLeibler(),
        };
        Targets targets = loss is SoftmaxCrossEntropy
            ? new Targets([.. Enumerable.Range(0, 128).Select(row => row % 10)])
            : NodeProbe.Random(0.1f, 0.1f, 128, 10); // rows that add up to 1, because some losses require probabilities
        probe = NodeProbe.Of(loss, NodeProbe.Random(-1, 1, 128, 10), targets);
    }

    [Benchmark]
    public void Forward() => probe.Forward();

    [Benchmark]
    public void Backward() => probe.Backward();
}

/// <summary>Measures one optimizer step on a linear layer with 784 inputs and 512 outputs (401,920 parameters).</summary>
public class OptimizerBenchmarks
{
    private Optimizer optimizer = null!;

    [Params("SGD", "SGD with momentum", nameof(RMSProp), nameof(Adagrad), nameof(Adam), nameof(AdamW), nameof(NAdam), nameof(RProp))]
    public string Name { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        IReadOnlyList<Parameter> parameters = new Sequential(seed: 1, new Linear(784, 512)).Parameters;
        foreach (Parameter parameter in parameters)
        {
            parameter.Gradient.CopyFrom(NodeProbe.Random(
                -1,
                1,
                [.. Enumerable.Range(0, parameter.Value.Shape.Rank).Select(d => parameter.Value.Shape[d])]));
        }

        const float Small = 1e-9f; // so small that the weights hardly change over any number of steps
        optimizer = Name switch
        {
            "SGD" => new SGD(parameters, Small),
            "SGD with momentum" => new SGD(parameters, Small, momentum: 0.9f),
            nameof(RMSProp) => new RMSProp(parameters, Small),
            nameof(Adagrad) => new Adagrad(parameters, Small),
            nameof(Adam) => new Adam(parameters, Small),
            nameof(AdamW) => new AdamW(parameters, Small),
            nameof(NAdam) => new NAdam(parameters, Small),
            _ => new RProp(parameters, Small, maxStep: Small * 1000),
        };
    }

    [Benchmark]
    public void Step() => optimizer.Step();
}
