using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Tensors;

namespace MiniNet.Tests.Graphs;

/// <summary>Tests custom layers, as in the documentation of <see cref="Layer"/>.</summary>
public class LayerTests
{
    [Fact]
    public void CustomLayer_InGraph_Works()
    {
        var graph = new Graph();
        Node x = graph.Input("x", Shape.Batch(2), needsGradient: true);
        Node square = graph.Add("square", new Square(), x);
        Assert.Equal("square (Square)", square.Describe());
        Assert.Equal([9, 4], graph.Forward(new Tensor(new float[,] { { 3, -2 } })).Span);
    }

    [Fact]
    public void CustomLayer_Gradient_MatchesFiniteDifferences()
    {
        var graph = new Graph(seed: 1);
        Node x = graph.Input("x", Shape.Batch(4), needsGradient: true);
        Node hidden = graph.Add("hidden", new Linear(4, 4), x);
        Node square = graph.Add("square", new Square(), hidden);
        graph.AddLoss(new MeanSquaredError(), graph.Add("sum", new Add(), square, hidden));
        FiniteDifferences.Check(graph, Samples.Tensor(new Shape(3, 4), 2), Samples.Tensor(new Shape(3, 4), 3));
    }

    [Fact]
    public void CustomLayer_WithParameterAndState_IsTrainedAndNamed()
    {
        var graph = new Graph();
        graph.Add("scale", new Scale(), graph.Input("x", Shape.Batch(2)));
        graph.AddLoss(new MeanSquaredError());
        Assert.Equal("scale.factor, scale.calls", string.Join(", ", graph.NamedTensors().Select(named => named.Name)));
        Assert.All(graph.NamedTensors(), named => Assert.False(named.Transposed));

        Tensor input = new(new float[,] { { 1, 2 }, { 3, 4 } });
        FiniteDifferences.Check(graph, new Tensor(new Shape(2, 2)), input);

        // L = mean (f x)² with f = 3: dL/df = 2f · mean x² = 6 · 30/4.
        graph.Forward(input);
        graph.Loss(new Tensor(new Shape(2, 2)));
        graph.ZeroGradients();
        graph.Backward();
        Assert.Equal(45, graph.Parameters[0].Gradient.Span[0]);
    }

    [Fact]
    public void LayerWithoutInputGradient_PassesNoGradientOn()
    {
        // L = mean table[x]² over two rows. The gradient is the content of rows 2 and 0 of the table; x is an index and has no gradient.
        var graph = new Graph();
        var probe = new CallCounter();
        Node x = graph.Input("x", Shape.Batch(1), needsGradient: true);
        Node lookup = graph.Add("lookup", new Lookup(3, 5, 7), graph.Add("probe", probe, x));
        graph.AddLoss(new MeanSquaredError());
        GraphBackwardTests.Step(graph, new Tensor(new float[,] { { 2 }, { 0 } }), new Tensor(new Shape(2, 1)));
        Assert.Equal([7, 3], lookup.Value.Span);
        Assert.Equal([3, 0, 7], graph.Parameters[0].Gradient.Span);
        Assert.Equal((1, 0), (probe.Forwards, probe.Backwards));
        Assert.Equal([0, 0], x.Gradient!.Span);
    }

    [Fact]
    public void Forward_ErrorInDataOfLayer_NamesNodes()
    {
        var graph = new Graph();
        graph.Add("lookup", new Lookup(3, 5, 7), graph.Input("x", Shape.Batch(1)));
        ShapeException e = Assert.Throws<ShapeException>(() => graph.Forward(new Tensor(new float[,] { { 2 }, { 3 } })));
        Assert.Equal("lookup (Lookup) expects indices below 3, got 3 in row 1 from x", e.Message);
    }

    [Fact]
    public void Forward_ErrorInDataOfMergeLayer_NamesNodesBeforeAdvice()
    {
        var graph = new Graph();
        Node a = graph.Input("a", Shape.Batch(1)), b = graph.Input("b", Shape.Batch(1));
        graph.Add("ratio", new Ratio(), a, b);
        Tensor ones = new(new float[,] { { 1 } }), zeros = new(new Shape(1, 1));
        ShapeException e = Assert.Throws<ShapeException>(() => graph.Forward([ones, zeros]));
        Assert.Equal("ratio (Ratio) expects no 0 below the line from a and b; look at b", e.Message);
    }

    [Fact]
    public void Forward_InvalidNumberOfRows_ThrowsBeforeComputationAndNamesNodes()
    {
        var graph = new Graph();
        var probe = new CallCounter();
        graph.Add("pairs", new Pairs(), graph.Add("probe", probe, graph.Input("x", Shape.Batch(1))));
        ShapeException e = Assert.Throws<ShapeException>(() => graph.Forward(new Tensor(new Shape(3, 1))));
        Assert.Equal("pairs (Pairs) expects an even number of rows, got [3, 1] from probe", e.Message);
        Assert.Equal(0, probe.Forwards);
        Assert.Equal([3, 7], graph.Forward(new Tensor(new float[,] { { 1 }, { 2 }, { 3 }, { 4 } })).Span);
    }

    private sealed class Ratio : BinaryLayer
    {
        public override Shape OutputShape(Shape a, Shape b) => a;

        public override void Forward(Tensor a, Tensor b, Tensor y, NodeContext context) =>
            y.Span[0] = b.Span[0] == 0 ? throw new ShapeException("expects no 0 below the line; look at b") : a.Span[0] / b.Span[0];

        public override void Backward(Tensor a, Tensor b, Tensor y, Tensor dY, Tensor? dA, Tensor? dB, NodeContext context) =>
            throw new NotSupportedException();
    }

    private sealed class Square : Layer
    {
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
                dX.Span[i] += dY.Span[i] * 2 * x.Span[i];
            }
        }
    }

    private sealed class Scale : Layer
    {
        private readonly Parameter factor = new("factor", new Shape(1));

        public override IReadOnlyList<Parameter> Parameters => [factor];

        public override IReadOnlyList<Tensor> State { get; } = [new Tensor(new Shape(1), "calls")];

        public override Shape OutputShape(Shape input) => input;

        public override void Forward(Tensor x, Tensor y, NodeContext context)
        {
            State[0].Span[0]++;
            for (int i = 0; i < x.Span.Length; i++)
            {
                y.Span[i] = factor.Value.Span[0] * x.Span[i];
            }
        }

        public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
        {
            for (int i = 0; i < x.Span.Length; i++)
            {
                factor.Gradient.Span[0] += dY.Span[i] * x.Span[i];
                _ = dX is null ? 0 : dX.Span[i] += dY.Span[i] * factor.Value.Span[0];
            }
        }

        protected internal override void Initialize(RandomStream random) => factor.Value.Span[0] = 3;
    }

    /// <summary>y = table[x], one number per index.</summary>
    private sealed class Lookup(params float[] table) : Layer
    {
        private readonly Parameter values = new("values", new Shape(table.Length));

        public override IReadOnlyList<Parameter> Parameters => [values];

        public override bool HasInputGradient => false;

        public override Shape OutputShape(Shape input) => input;

        public override void Forward(Tensor x, Tensor y, NodeContext context)
        {
            for (int i = 0; i < x.Span.Length; i++)
            {
                y.Span[i] = x.Span[i] < table.Length
                    ? values.Value.Span[(int)x.Span[i]]
                    : throw new ShapeException($"expects indices below {table.Length}, got {x.Span[i]} in row {i}");
            }
        }

        public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
        {
            Assert.Null(dX); // although the source has a gradient
            for (int i = 0; i < x.Span.Length; i++)
            {
                values.Gradient.Span[(int)x.Span[i]] += dY.Span[i];
            }
        }

        protected internal override void Initialize(RandomStream random) => table.CopyTo(values.Value.Span);
    }

    /// <summary>Adds pairs of rows. The number of rows is known only for a batch.</summary>
    private sealed class Pairs : Layer
    {
        public override Shape OutputShape(Shape input) => input.Rows == Shape.Any || input.Rows % 2 == 0
            ? new Shape(input.Rows == Shape.Any ? Shape.Any : input.Rows / 2, 1)
            : throw new ShapeException($"expects an even number of rows, got {input}");

        public override void Forward(Tensor x, Tensor y, NodeContext context)
        {
            for (int i = 0; i < y.Span.Length; i++)
            {
                y.Span[i] = x.Span[2 * i] + x.Span[(2 * i) + 1];
            }
        }

        public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context) => throw new NotSupportedException();
    }
}
