using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Tensors;
using Xunit.Sdk;

namespace MiniNet.Tests;

/// <summary>Checks the derivative of every operation of MiniNet, and of random graphs of them, with finite differences.</summary>
public class FiniteDifferencesTests
{
    private const int Rows = 3, Width = 5;
    private const string Indices = "indices";

    // Add every new operation here. EveryOperationTests checks that none is missing.
    private static readonly Dictionary<string, (Type Operation, Func<Graph, Node, Node> Add)> Table = new(StringComparer.Ordinal)
    {
        ["Linear"] = (typeof(Linear), (graph, x) => graph.Add("y", new Linear(Width, 4), x)),
        ["Linear without bias"] = (typeof(Linear), (graph, x) => graph.Add("y", new Linear(Width, 4, bias: false), x)),
        ["ReLU"] = (typeof(ReLU), (graph, x) => graph.Add("y", new ReLU(), x)),
        ["Sigmoid"] = (typeof(Sigmoid), (graph, x) => graph.Add("y", new Sigmoid(), x)),
        ["Tanh"] = (typeof(Tanh), (graph, x) => graph.Add("y", new Tanh(), x)),
        ["LeakyReLU"] = (typeof(LeakyReLU), (graph, x) => graph.Add("y", new LeakyReLU(0.2f), x)),
        ["ELU"] = (typeof(ELU), (graph, x) => graph.Add("y", new ELU(1.5f), x)),
        ["GELU"] = (typeof(GELU), (graph, x) => graph.Add("y", new GELU(), x)),
        ["GELU by tanh"] = (typeof(GELU), (graph, x) => graph.Add("y", new GELU(tanhApproximation: true), x)),
        ["SiLU"] = (typeof(SiLU), (graph, x) => graph.Add("y", new SiLU(), x)),
        ["Softplus"] = (typeof(Softplus), (graph, x) => graph.Add("y", new Softplus(beta: 2), x)),
        ["Softmax"] = (typeof(Softmax), (graph, x) => graph.Add("y", new Softmax(), x)),
        ["LogSoftmax"] = (typeof(LogSoftmax), (graph, x) => graph.Add("y", new LogSoftmax(), x)),
        ["Dropout"] = (typeof(Dropout), (graph, x) => graph.Add("y", new Dropout(0.3f), x)),
        ["Exp"] = (typeof(Exp), (graph, x) => graph.Add("y", new Exp(), x)),
        ["Log of what is above 0"] = (typeof(Log), (graph, x) => graph.Add("y", new Log(), 2 + x.Tanh())),
        ["Sin"] = (typeof(Sin), (graph, x) => graph.Add("y", new Sin(), x)),
        ["Cos"] = (typeof(Cos), (graph, x) => graph.Add("y", new Cos(), x)),
        ["Cube"] = (typeof(Power), (graph, x) => graph.Add("y", new Power(3), x)),
        ["Square root of what is above 0"] = (typeof(Power), (graph, x) => graph.Add("y", new Power(0.5f), 2 + x.Tanh())),
        ["Affine"] = (typeof(Affine), (graph, x) => graph.Add("y", new Affine(-1.5f, 3), x)),
        ["Sum"] = (typeof(Sum), (graph, x) => graph.Add("y", new Multiply(), x.Sum(), x.Sum())),
        ["Mean"] = (typeof(Mean), (graph, x) => graph.Add("y", new Multiply(), (9 * x).Mean(), (9 * x).Mean())),
        ["Subtract"] = (typeof(Subtract), (graph, x) => graph.Add("y", new Subtract(), x, graph.Add("h", new Linear(Width, Width), x))),
        ["Divide"] = (
            typeof(Divide), (graph, x) => graph.Add("y", new Divide(), graph.Add("h", new Linear(Width, Width), x), 2 + x.Tanh())),
        ["Multiply"] = (typeof(Multiply), (graph, x) => graph.Add("y", new Multiply(), x, graph.Add("h", new Linear(Width, Width), x))),
        ["Multiply of a value with itself"] = (typeof(Multiply), (graph, x) => graph.Add("y", new Multiply(), x, x)),
        ["Add"] = (typeof(Add), (graph, x) => graph.Add("y", new Add(), x, graph.Add("h", new Linear(Width, Width), x))),
        ["Add of a value to itself"] = (typeof(Add), (graph, x) => graph.Add("y", new Add(), x, x)),
        ["BatchNorm1d"] = (typeof(BatchNorm1d), (graph, x) => graph.Add("y", WithValues(new BatchNorm1d(Width)), x)),
        ["BatchNorm1d without γ and β"] = (typeof(BatchNorm1d), (graph, x) => graph.Add("y", new BatchNorm1d(Width, affine: false), x)),
        ["BatchNorm1d of series"] = (
            typeof(BatchNorm1d), (graph, x) => Flat(graph, WithValues(new BatchNorm1d(2)), Reshaped(graph, x, 2, 4))),
        ["BatchNorm2d"] = (typeof(BatchNorm2d), (graph, x) => Flat(graph, WithValues(new BatchNorm2d(2)), Reshaped(graph, x, 2, 2, 3))),
        ["LayerNorm"] = (typeof(LayerNorm), (graph, x) => graph.Add("y", WithValues(new LayerNorm(Width)), x)),
        ["LayerNorm without γ and β"] = (typeof(LayerNorm), (graph, x) => graph.Add("y", new LayerNorm(Width, affine: false), x)),
        ["LayerNorm of two dimensions"] = (
            typeof(LayerNorm), (graph, x) => Flat(graph, WithValues(new LayerNorm(new Shape(2, 3))), Reshaped(graph, x, 2, 2, 3))),
        ["Embedding"] = (typeof(Embedding), (graph, x) => Flat(graph, new Embedding(4, 3), graph.Input(Indices, Shape.Batch(2)))),
        ["Conv2d"] = (typeof(Conv2d), (graph, x) => Flat(graph, new Conv2d(2, 3, (2, 3)), Reshaped(graph, x, 2, 3, 4))),
        ["Conv2d with stride and padding, without bias"] = (
            typeof(Conv2d), (graph, x) => Flat(graph, new Conv2d(2, 3, 3, (2, 1), (1, 2), bias: false), Reshaped(graph, x, 2, 3, 4))),
        ["MaxPool2d"] = (typeof(MaxPool2d), (graph, x) => Flat(graph, new MaxPool2d(2), Reshaped(graph, x, 1, 4, 5))),
        ["MaxPool2d with stride and padding"] = (
            typeof(MaxPool2d), (graph, x) => Flat(graph, new MaxPool2d(3, (2, 1), 1), Reshaped(graph, x, 1, 4, 5))),
        ["AveragePool2d"] = (
            typeof(AveragePool2d), (graph, x) => Flat(graph, new AveragePool2d(3, (2, 1), 1), Reshaped(graph, x, 1, 4, 5))),
        ["Flatten"] = (typeof(Flatten), (graph, x) => Flat(graph, new Tanh(), Reshaped(graph, x, 2, 3))),
        ["Unflatten"] = (typeof(Unflatten), (graph, x) => Flat(graph, new Tanh(), Reshaped(graph, x, 2, 3))),
        ["Concat"] = (typeof(Concat), (graph, x) => graph.Add("y", new Concat(), x, graph.Add("h", new Linear(Width, 2), x))),
        ["Concat of a value with itself"] = (typeof(Concat), (graph, x) => graph.Add("y", new Concat(), x, x)),
        ["Concat of three values, two of them the same"] = (
            typeof(Concat), (graph, x) => graph.Add("y", new Concat(), x, graph.Add("h", new Linear(Width, 2), x), x)),
        ["Concat of images"] = (
            typeof(Concat),
            (graph, x) => Flat(
                graph, graph.Add("y", new Concat(), Reshaped(graph, x, 2, 1, 2), graph.Add("c", new Conv2d(2, 1, 1), graph["reshaped"])))),
        ["MatMul"] = (
            typeof(MatMul), (graph, x) => graph.Add("y", new MatMul(), x, graph.Input("b", new Shape(Width, 4), needsGradient: true))),
        ["MatMul of a matrix with itself"] = (typeof(MatMul), (graph, x) => Flat(graph, Square(graph, Reshaped(graph, x, 3, 3)))),
        ["MatMul in every row"] = (
            typeof(MatMul),
            (graph, x) => Flat(
                graph,
                graph.Add(
                    "y",
                    new MatMul(),
                    Reshaped(graph, x, 2, 3),
                    graph.Add("b", new Unflatten(3, 4), graph.Add("h", new Linear(Width, 12), x))))),
        ["SoftmaxCrossEntropy"] = (typeof(SoftmaxCrossEntropy), (graph, x) => graph.AddLoss(new SoftmaxCrossEntropy(), x)),
        ["SoftmaxCrossEntropy with weights and smoothing"] = (
            typeof(SoftmaxCrossEntropy), (graph, x) => graph.AddLoss(new SoftmaxCrossEntropy([1, 2, 0.5f, 3, 0], 0.2f), x)),
        ["SoftmaxCrossEntropy of probabilities"] = (typeof(SoftmaxCrossEntropy), (graph, x) => graph.AddLoss(new SoftmaxCrossEntropy(), x)),
        ["SoftmaxCrossEntropy of probabilities with weights and smoothing"] = (
            typeof(SoftmaxCrossEntropy), (graph, x) => graph.AddLoss(new SoftmaxCrossEntropy([1, 2, 0.5f, 3, 0], 0.2f), x)),
        ["BinaryCrossEntropyWithLogits"] = (
            typeof(BinaryCrossEntropyWithLogits), (graph, x) => graph.AddLoss(new BinaryCrossEntropyWithLogits(), x)),
        ["BinaryCrossEntropyWithLogits with weights"] = (
            typeof(BinaryCrossEntropyWithLogits), (graph, x) => graph.AddLoss(new BinaryCrossEntropyWithLogits([1, 2, 0.5f, 3, 0]), x)),
        ["MeanSquaredError"] = (typeof(MeanSquaredError), (graph, x) => graph.AddLoss(new MeanSquaredError(), x)),
        ["MeanAbsoluteError"] = (typeof(MeanAbsoluteError), (graph, x) => graph.AddLoss(new MeanAbsoluteError(), x)),
        ["Huber"] = (typeof(Huber), (graph, x) => graph.AddLoss(new Huber(delta: 1.5f), x)),
        ["KullbackLeibler"] = (typeof(KullbackLeibler), (graph, x) => graph.AddLoss(new KullbackLeibler(), x)),
    };

    public static TheoryData<string> Names => [.. Table.Keys];

    /// <summary>Gets the operations that are checked.</summary>
    internal static IEnumerable<Type> Operations => Table.Values.Select(entry => entry.Operation);

    [Theory]
    [MemberData(nameof(Names))]
    public void Backward_SingleOperation_MatchesFiniteDifferences(string name)
    {
        (Graph graph, Targets targets, Tensor[] inputs) = Prepare(name);
        FiniteDifferences.Check(graph, targets, inputs);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Backward_AfterAnotherStep_GivesSameGradients(string name)
    {
        (Graph graph, Targets targets, Tensor[] inputs) = Prepare(name);
        IReadOnlyList<ulong> random = graph.RandomState;
        float[][] alone = Step();
        Array.ForEach(inputs, input => input.Span.Reverse());
        Step();
        Array.ForEach(inputs, input => input.Span.Reverse());
        Assert.Equal(alone, Step()); // bit for bit: no buffer keeps anything from the previous step

        float[][] Step()
        {
            graph.RandomState = random;
            graph.ZeroGradients();
            graph.Forward(inputs);
            graph.Loss(targets);
            graph.Backward();
            return [
                .. graph.Nodes.Select(node => node.Gradient?.Span.ToArray() ?? []),
                .. graph.Parameters.Select(parameter => parameter.Gradient.Span.ToArray())];
        }
    }

    [Fact]
    public void Backward_RandomGraph_MatchesFiniteDifferences()
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            var random = new RandomStream(seed, "random graphs");
            (Graph graph, Targets targets, Tensor[] inputs) = RandomGraph(seed, random);
            try
            {
                FiniteDifferences.Check(graph, targets, inputs);
            }
            catch (XunitException e)
            {
                Assert.Fail(
                    $"seed {seed}: {e.Message}\n" +
                    string.Join(
                        '\n',
                        graph.Nodes.Select(node => $"{node} <- {string.Join(", ", node.Sources.Select(source => source.Name))}")));
            }
        }
    }

    [Fact]
    public void Check_WrongFactor_Fails() => Assert.Throws<TrueException>(() => CheckWith(new WrongSquare { Factor = 1 }));

    [Fact]
    public void Check_WrongSign_Fails() => Assert.Throws<TrueException>(() => CheckWith(new WrongSquare { Factor = -2 }));

    [Fact]
    public void Check_SmallError_Fails() => Assert.Throws<TrueException>(() => CheckWith(new WrongSquare { Factor = 2.02f }));

    [Fact]
    public void Check_AssignmentInsteadOfSum_Fails() => Assert.Throws<TrueException>(() => CheckWith(new WrongSquare { Assigns = true }));

    [Fact]
    public void Check_CorrectDerivative_Passes() => CheckWith(new WrongSquare());

    // Returns a graph with the operation, and a layer that produces its input shape if necessary, under a loss.
    private static (Graph Graph, Targets Targets, Tensor[] Inputs) Prepare(string name)
    {
        var graph = new Graph(seed: 5);
        Node x = graph.Input("x", Shape.Batch(Width), needsGradient: true);
        Node y = Table[name].Add(graph, x);
        if (y.Operation is not Loss)
        {
            graph.AddLoss(new MeanSquaredError(), y);
        }

        Tensor[] inputs = [.. graph.Nodes.Where(node => node.Operation is null).Select(InputFor)];
        Targets targets = y.Operation switch
        {
            SoftmaxCrossEntropy when !name.Contains("probabilities", StringComparison.Ordinal) => new[] { 2, 0, 4 },
            SoftmaxCrossEntropy or BinaryCrossEntropyWithLogits or KullbackLeibler =>
                SoftmaxCrossEntropy.Softmax(Samples.Tensor(new Shape(Rows, Width), 7)),
            MeanAbsoluteError or Huber => AwayFrom(inputs[0]),
            _ => Samples.Tensor(
                y.Operation is Loss ? new Shape(Rows, Width) : y.Shape.Rank == 0 ? y.Shape : new Shape(Rows, y.Shape.Columns), 7),
        };
        return (graph, targets, inputs);
    }

    private static void CheckWith(WrongSquare layer)
    {
        var graph = new Graph(seed: 8);
        Node x = graph.Input("x", Shape.Batch(Width), needsGradient: true);
        Node square = graph.Add("square", layer, x);
        graph.AddLoss(new MeanSquaredError(), graph.Add("sum", new Add(), x, square));
        FiniteDifferences.Check(graph, new Tensor(new Shape(Rows, Width)), Samples.Tensor(new Shape(Rows, Width), 9));
    }

    private static Tensor InputFor(Node node)
    {
        Tensor input = Samples.Tensor(node.Shape.Rows == Shape.Any ? node.Shape.WithRows(Rows) : node.Shape, 6 + (ulong)node.Index);
        if (node.Name == Indices)
        {
            new float[] { 2, 0, 3, 2, 2, 0 }.CopyTo(input.Span); // some several times, one never
        }

        return input;
    }

    // Moves x to 0.5 or 2.5 on both sides of 0, so that no step comes near a kink at 0 or at 1.5.
    private static Tensor AwayFrom(Tensor x)
    {
        Tensor t = x.Clone();
        for (int i = 0; i < t.Shape.Length; i++)
        {
            t.Span[i] += (i % 2 == 0 ? 1 : -1) * (i % 3 == 0 ? 2.5f : 0.5f);
        }

        return t;
    }

    // Adds a layer that produces the width and the shape that the operation needs.
    private static Node Reshaped(Graph graph, Node x, params int[] dimensions) =>
        graph.Add("reshaped", new Unflatten(dimensions), graph.Add("wide", new Linear(Width, dimensions.Aggregate((a, b) => a * b)), x));

    private static Node Flat(Graph graph, Layer layer, Node x) => Flat(graph, graph.Add("y", layer, x));

    // Flattens y to a matrix, because the targets are one.
    private static Node Flat(Graph graph, Node y) => graph.Add("flat", new Flatten(), y);

    private static Node Square(Graph graph, Node x) => graph.Add("y", new MatMul(), x, x);

    // Sets γ and β to other values than 1 and 0, which would hide mistakes.
    private static Layer WithValues(Layer layer)
    {
        foreach (Parameter parameter in layer.Parameters)
        {
            Samples.Tensor(parameter.Value.Shape, 11).Span.CopyTo(parameter.Value.Span);
        }

        return layer;
    }

    /// <summary>
    /// Returns a random graph: one or two inputs; 2 to 8 nodes, each a new layer, a reused one, or the sum of two values; and one loss or
    /// both.
    /// </summary>
    internal static (Graph Graph, Targets Targets, Tensor[] Inputs) RandomGraph(ulong seed, RandomStream random)
    {
        var graph = new Graph(seed);
        var layers = new List<Layer>();
        int inputs = 1 + random.NextInt32(2), rows = 1 + random.NextInt32(3), depth = 2 + random.NextInt32(7);
        Node last = graph.Input("x", Shape.Batch(Width), needsGradient: true);
        last = inputs == 1
            ? last
            : graph.Add("x + x2", new Add(), last, graph.Input("x2", Shape.Batch(Width), needsGradient: random.NextInt32(2) == 0));
        for (int i = 0; i < depth; i++)
        {
            int kind = random.NextInt32(8);
            if (kind < 2)
            {
                last = graph.Add($"sum{i}", new Add(), last, graph.Nodes[random.NextInt32(graph.Nodes.Count)]);
                continue;
            }

            Layer layer = kind switch
            {
                2 or 3 => new Linear(Width, Width, bias: kind == 2),
                4 => new ReLU(),
                5 => new Sigmoid(),
                6 => new Tanh(),
                _ => layers.Count == 0 ? new Linear(Width, Width) : layers[random.NextInt32(layers.Count)],
            };
            layers.Add(layer);
            last = graph.Add($"layer{i}", layer, last);
        }

        // Two losses, at different nodes: of the same kind, combined by a node or by their weights, or each with its own targets.
        Node end = graph.Add("end", new Linear(Width, Width), last);
        bool classes = random.NextInt32(2) == 0;
        int second = random.NextInt32(9); // from 3 on, there is only one loss
        Node loss = graph.AddLoss(classes ? new SoftmaxCrossEntropy() : new MeanSquaredError(), end);
        Targets targets = classes ? Samples.Classes(rows, Width, random) : Samples.Tensor(new Shape(rows, Width), random);
        if (second < 2)
        {
            Node other = graph.AddLoss(classes ? new SoftmaxCrossEntropy() : new MeanSquaredError(), last, weight: 0.5f);
            last = second == 0 ? graph.Add("both", new Add(), loss, other) : last;
        }
        else if (second == 2)
        {
            graph.AddLoss(new MeanSquaredError(), last, weight: -0.25f);
            targets = Targets.ForEachLoss(targets, Samples.Tensor(new Shape(rows, Width), random));
        }

        return (graph, targets, [.. Enumerable.Range(0, inputs).Select(_ => Samples.Tensor(new Shape(rows, Width), random))]);
    }

    /// <summary>Represents y = x², with a derivative that can be made wrong.</summary>
    private sealed class WrongSquare : Layer
    {
        public float Factor { get; init; } = 2;

        public bool Assigns { get; init; }

        public override Shape OutputShape(Shape input) => input;

        public override void Forward(Tensor x, Tensor y, NodeContext context)
        {
            for (int i = 0; i < x.Span.Length; i++)
            {
                y.Span[i] = x.Span[i] * x.Span[i];
            }
        }

        public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
        {
            for (int i = 0; dX is not null && i < x.Span.Length; i++)
            {
                dX.Span[i] = (Assigns ? 0 : dX.Span[i]) + (dY.Span[i] * Factor * x.Span[i]);
            }
        }
    }
}
