using System.Runtime.CompilerServices;
using System.Xml.Linq;
using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Tensors;
using MiniNet.Tests.Models;

namespace MiniNet.Tests.Graphs;

[Collection(SerialTests.Name)]
public sealed class GraphPredictTests : IDisposable
{
    private readonly int maxThreads = Kernel.MaxThreads;

    public void Dispose() => Kernel.MaxThreads = maxThreads;

    [Fact]
    public void Fork_SharesParametersButNotValues()
    {
        (Graph graph, Tensor x, Targets t) = GraphTests.Residual();
        Graph fork = graph.Fork();
        Assert.Equal(graph.Parameters, fork.Parameters);
        Assert.Equal(graph.Nodes.Select(node => node.Describe()), fork.Nodes.Select(node => node.Describe()), StringComparer.Ordinal);
        Assert.Equal(graph.Nodes.Select(node => node.Operation), fork.Nodes.Select(node => node.Operation));
        Assert.All(fork.Nodes, node => Assert.All(node.Sources, source => Assert.Same(fork, source.Graph)));

        float[] before = graph.Forward(x).Span.ToArray();
        Tensor other = Samples.Tensor(new Shape(3, 4), 9);
        Assert.NotEqual(before[..12], fork.Forward(other).Span.ToArray());
        Assert.Equal(before, graph["sum"].Value.Span);

        // Training through one changes both: the fork has the loss of the graph, and its gradients go to the same parameters.
        graph.Parameters[0].Value.Span[0] += 1;
        GraphBackwardTests.Step(graph, x, t);
        float[] gradient = graph.Parameters[0].Gradient.Span.ToArray();
        graph.ZeroGradients();
        GraphBackwardTests.Step(fork, x, t);
        Assert.Equal(gradient, graph.Parameters[0].Gradient.Span);
        GraphBackwardTests.AssertSame(graph, fork);
    }

    [Fact]
    public void Predict_ReturnsCopyAndDoesNotChangeGraph()
    {
        (Graph graph, Tensor x, Targets t) = GraphTests.Residual();
        float[] expected = graph.Forward(x).Span.ToArray();
        Tensor first = graph.Predict(x);
        Tensor second = graph.Predict(Samples.Tensor(new Shape(2, 4), 9));
        Assert.Equal(expected, first.Span);
        Assert.NotSame(first, second);
        Assert.Equal(expected, graph["sum"].Value.Span);
        graph.Loss(t); // a prediction does not disturb training
        graph.Backward();
    }

    // What the documentation of the two methods says: a newcomer finds one of them and has to learn of the other there.
    [Fact]
    public void Forward_IsForTraining_AndPredictForTheTrainedNetwork()
    {
        var graph = new Sequential(seed: 1, Shape.Batch(4), new BatchNorm1d(4), new Dropout(0.5f));
        Tensor x = Samples.Tensor(new Shape(8, 4)), mean = graph["0"].Operation!.State[0];
        Tensor predicted = graph.Predict(x);
        float[] first = predicted.ToArray(), before = mean.ToArray();
        Assert.DoesNotContain(0, first); // nothing is dropped
        Assert.Equal(first, graph.Predict(x).Span);
        Assert.Equal(before, mean.Span);

        Tensor trained = graph.Forward(x);
        Assert.Contains(0, trained.ToArray());
        Assert.NotEqual(before, mean.ToArray());
        Assert.Same(trained, graph.Forward(x, Phase.Inference));
        Assert.NotEqual(first, trained.ToArray()); // overwritten, and with other statistics
        Assert.Equal(first, predicted.Span);

        XElement[] members = [.. XDocument.Load(Path.ChangeExtension(typeof(Graph).Assembly.Location, ".xml")).Descendants("member")];
        Assert.Contains("Graph.Predict(", Documentation("Forward(MiniNet.Tensors.Tensor,"), StringComparison.Ordinal);
        Assert.Contains("Phase.Training", Documentation("Forward(MiniNet.Tensors.Tensor,"), StringComparison.Ordinal);
        Assert.Contains("Graph.Forward(", Documentation("Predict("), StringComparison.Ordinal);
        Assert.Contains("Phase.Inference", Documentation("Predict("), StringComparison.Ordinal);

        string Documentation(string method) => members.Single(member => member.Attribute("name")!.Value
            .StartsWith("M:MiniNet.Graphs.Graph." + method, StringComparison.Ordinal)).ToString();
    }

    [Fact]
    public void Predict_Repeated_ReusesBuffers()
    {
        var probe = new CallCounter();
        var graph = new Sequential(0, Shape.Batch(1), probe);
        graph.Predict(GraphTests.One(1));
        NodeContext first = probe.Context!;
        graph.Predict(GraphTests.One(2));
        Assert.Same(first, probe.Context); // each node of each fork has its own context, so a second fork would show here
    }

    [Fact]
    public void Predict_AfterAddingNode_ReturnsNewOutput()
    {
        var graph = new Graph();
        Node x = graph.Input("x", Shape.Batch(1));
        Node twice = graph.Add("twice", new Add(), x, x);
        Assert.Equal([6], graph.Predict(GraphTests.One(3)).Span);
        graph.Add("four times", new Add(), twice, twice);
        Assert.Equal([12], graph.Predict(GraphTests.One(3)).Span);
    }

    [Fact]
    public void Predict_AfterException_Works()
    {
        var graph = new Sequential(0, new Linear(4, 3));
        Tensor x = Samples.Tensor(new Shape(2, 4));
        float[] expected = graph.Predict(x).Span.ToArray();
        Assert.Throws<ShapeException>(() => graph.Predict(new Tensor(new Shape(2, 5))));
        Assert.Equal(expected, graph.Predict(x).Span);
    }

    [Fact]
    public void Predict_ReleasesInputTensor()
    {
        var graph = new Sequential(0, new Linear(4, 3));
        WeakReference[] inputs = [Predict(graph, 2), Predict(graph, 3), Predict(graph, 3)];
        for (int i = 0; i < 10 && inputs.Any(x => x.IsAlive); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.All(inputs, x => Assert.False(x.IsAlive));
        GC.KeepAlive(graph);

        // A separate method, so that no local variable of the test keeps the tensor alive.
        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference Predict(Graph graph, int rows)
        {
            Tensor x = Samples.Tensor(new Shape(rows, 4));
            Assert.Equal(rows, graph.Predict(x).Shape.Rows);
            return new WeakReference(x);
        }
    }

    [Fact]
    public void Predict_FromEightThreads_IsBitIdenticalToOneThread()
    {
        // The first product, 64 x 128 x 256, is large enough that the threads also compete for the worker threads.
        Kernel.MaxThreads = 3;
        var graph = new Sequential(3, new Linear(128, 256), new ReLU(), new Linear(256, 16), new Tanh(), new Linear(16, 4));
        graph.AddLoss(new SoftmaxCrossEntropy());
        AssertPredictsTheSameFromEightThreads(graph, columns: 128);
    }

    [Fact]
    public void Predict_StructuredLayersFromEightThreads_IsBitIdenticalToOneThread() =>
        AssertPredictsTheSameFromEightThreads(TinyClassifier.Structured().Network, columns: 4);

    private static void AssertPredictsTheSameFromEightThreads(Graph graph, int columns)
    {
        Tensor[] inputs = [.. Enumerable.Range(1, 6).Select(i => Samples.Tensor(new Shape(i == 6 ? 64 : i * 3, columns), (ulong)i))];
        float[][] expected = [.. inputs.Select(x => graph.Forward(x, Phase.Inference).Span.ToArray())];

        const int Count = 8;
        int wrong = 0, done = 0;
        using var start = new Barrier(Count);
        Threads.Run([.. Enumerable.Range(0, Count).Select(offset => (Action)(() =>
        {
            Assert.True(start.SignalAndWait(Threads.Patience));
            for (int i = 0; i < 30; i++)
            {
                int which = (i + offset) % inputs.Length;
                bool same = graph.Predict(inputs[which]).Span.SequenceEqual(expected[which]);
                Interlocked.Add(ref wrong, same ? 0 : 1);
                Interlocked.Increment(ref done);
            }
        }))]);
        Assert.Equal((0, Count * 30), (wrong, done));
    }
}
