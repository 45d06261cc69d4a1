using MiniNet.Data;
using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Optimizers;
using MiniNet.Tensors;
using MiniNet.Tests.Models;

namespace MiniNet.Tests.Graphs;

/// <summary>Checks that training steps do not allocate once the largest batch has been seen.</summary>
[Collection(SerialTests.Name)]
public sealed class GraphAllocationTests : IDisposable
{
    private const int BatchSize = 128, Classes = 4;

    // Two full batches and a batch of half the size.
    private const int Rows = 320, Epochs = 67;

    // Large enough to run the products of a full batch on several threads, forward and backward. The plain kernels use one thread and are
    // slow.
    private static readonly int Inputs = Kernel.Backend == KernelBackend.Simd
        ? 128
        : 32, Hidden = Kernel.Backend == KernelBackend.Simd
        ? 256
        : 64;

    private readonly int maxThreads = Kernel.MaxThreads;

    public void Dispose() => Kernel.MaxThreads = maxThreads;

    [Theory]
    [InlineData("SGD", 1)]
    [InlineData("SGD", 2)]
    [InlineData("Adam", 1)]
    [InlineData("Adam", 2)]
    public void TrainingSteps_AllocateNothing(string rule, int threads)
    {
        Assert.True(Kernel.Backend == KernelBackend.Plain || (long)BatchSize * Inputs * Hidden >= WorkerThreads.MinMultiplicationsToSplit);
        Kernel.MaxThreads = threads;
        Graph graph = EveryLayer();
        Optimizer optimizer = rule == "SGD" ? new SGD(graph.Parameters, 0.01f, momentum: 0.9f) : new Adam(graph.Parameters);
        var random = new RandomStream(1, "test data");
        Tensor x = Samples.Tensor(new Shape(Rows, Inputs), random);
        var loader = new DataLoader(new Dataset(x, Samples.Classes(Rows, Classes, random)), BatchSize);
        AssertAllocatesNothing(() => Train(graph, loader, optimizer));
    }

    [Theory]
    [InlineData(typeof(MeanSquaredError))]
    [InlineData(typeof(MeanAbsoluteError))]
    [InlineData(typeof(Huber))]
    [InlineData(typeof(BinaryCrossEntropyWithLogits))]
    [InlineData(typeof(KullbackLeibler))]
    [InlineData(typeof(SoftmaxCrossEntropy))]
    public void TrainingSteps_WithValuesAsTargets_AllocateNothing(Type loss)
    {
        var graph = new Sequential(1, new Linear(4, 8), new Tanh(), new Linear(8, 2));
        graph.AddLoss(loss.Name switch
        {
            nameof(Huber) => new Huber(),
            nameof(BinaryCrossEntropyWithLogits) => new BinaryCrossEntropyWithLogits([1, 2]),
            nameof(SoftmaxCrossEntropy) => new SoftmaxCrossEntropy([1, 2], 0.1f),
            _ => (Loss)Activator.CreateInstance(loss)!,
        });
        var random = new RandomStream(2, "test data");
        Tensor x = Samples.Tensor(new Shape(20, 4), random), t = SoftmaxCrossEntropy.Softmax(Samples.Tensor(new Shape(20, 2), random));
        var loader = new DataLoader(new Dataset(x, t), batchSize: 8);
        var optimizer = new SGD(graph.Parameters, 0.01f);
        AssertAllocatesNothing(() => Train(graph, loader, optimizer));
    }

    [Fact]
    public void TrainingSteps_ThroughStructuredLayers_AllocateNothing()
    {
        Graph graph = TinyClassifier.Structured().Network;
        graph.AddLoss(new SoftmaxCrossEntropy());
        var random = new RandomStream(3, "test data");
        Tensor x = Samples.Tensor(new Shape(20, 4), random);
        var loader = new DataLoader(new Dataset(x, Samples.Classes(20, 2, random)), batchSize: 8);
        var optimizer = new SGD(graph.Parameters, 0.01f);
        AssertAllocatesNothing(() => Train(graph, loader, optimizer));
    }

    [Theory]
    [MemberData(nameof(Optimizers.OptimizerTests.Rules), MemberType = typeof(Optimizers.OptimizerTests))]
    public void OptimizerSteps_WithClippingAndASchedule_AllocateNothing(string rule)
    {
        (Graph graph, _, _) = GraphTests.Residual();
        Optimizer optimizer = Optimizers.OptimizerTests.New(rule, graph.Parameters);
        var schedule = new WarmupSchedule(5, new CosineSchedule(0.1f, 100));
        AssertAllocatesNothing(() =>
        {
            for (int i = 0; i < 200; i++)
            {
                for (int k = 0; k < graph.Parameters.Count; k++)
                {
                    graph.Parameters[k].Gradient.Span.Fill(i - 100);
                }

                GradientClipping.ByValue(graph.Parameters, 50);
                GradientClipping.ByNorm(graph.Parameters, 1);
                optimizer.LearningRate = schedule.At(i);
                optimizer.Step();
            }
        });
    }

    [Fact]
    public void TrainingSteps_WithEveryActivation_AllocateNothing()
    {
        var graph = new Sequential(
            1, new Linear(4, 10), new LeakyReLU(), new ELU(), new GELU(), new GELU(tanhApproximation: true), new SiLU(), new Softplus(),
            new Dropout(), new Softmax());
        graph.Add("log", new LogSoftmax(), graph.Add("product", new Multiply(), graph.Output, graph["0"]));
        graph.AddLoss(new MeanSquaredError());
        var random = new RandomStream(2, "test data");
        Tensor x = Samples.Tensor(new Shape(20, 4), random), t = Samples.Tensor(new Shape(20, 10), random);
        var loader = new DataLoader(new Dataset(x, t), batchSize: 8);
        var optimizer = new SGD(graph.Parameters, 0.01f);
        AssertAllocatesNothing(() => Train(graph, loader, optimizer));
    }

    private static void Train(Graph graph, DataLoader loader, Optimizer optimizer)
    {
        for (int epoch = 0; epoch < Epochs; epoch++)
        {
            foreach (Batch batch in loader)
            {
                graph.Forward(batch.Inputs);
                graph.Loss(batch.Targets);
                graph.ZeroGradients();
                graph.Backward();
                optimizer.Step();
            }
        }
    }

    private static Graph EveryLayer()
    {
        var graph = new Graph(seed: 1);
        Node hidden = graph.Add("relu", new ReLU(), graph.Add("hidden", new Linear(Inputs, Hidden), graph.Input("x", Shape.Batch(Inputs))));
        Node tanh = graph.Add("tanh", new Tanh(), hidden), sigmoid = graph.Add("sigmoid", new Sigmoid(), hidden);
        graph.Add("scores", new Linear(Hidden, Classes, bias: false), graph.Add("sum", new Add(), tanh, sigmoid));
        graph.AddLoss(new SoftmaxCrossEntropy());
        return graph;
    }

    // Counted over the whole process, because the work of other threads belongs to the step. Another thread, such as the test runner, may
    // allocate at the same time. What the steps allocate is in every measurement, so the minimum must be 0.
    private static void AssertAllocatesNothing(Action steps)
    {
        steps(); // buffers grow, methods are compiled
        long least = long.MaxValue;
        for (int measurement = 0; measurement < 20 && least > 0; measurement++)
        {
            Thread.Sleep(measurement); // lets other work finish, such as the report of the previous test
            long before = GC.GetTotalAllocatedBytes(precise: true);
            steps();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        Assert.Equal(0, least);
    }
}
