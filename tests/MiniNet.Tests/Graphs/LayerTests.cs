using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Tensors;

namespace MiniNet.Tests.Graphs;

/// <summary>A layer of one's own, as the documentation of <see cref="Layer"/> shows it, is a layer like any other.</summary>
public class LayerTests
{
    [Fact]
    public void ALayerOfOnesOwn_WorksInAGraph()
    {
        var graph = new Graph();
        Node x = graph.Input("x", Shape.Batch(2), needsGradient: true);
        Node square = graph.Add("square", new Square(), x);
        Assert.Equal("square (Square)", square.Describe());
        Assert.Equal([9, 4], graph.Forward(new Tensor(new float[,] { { 3, -2 } })).Span);
    }

    [Fact]
    public void ALayerOfOnesOwn_IsWhatDifferencesSay()
    {
        var graph = new Graph(seed: 1);
        Node x = graph.Input("x", Shape.Batch(4), needsGradient: true);
        Node hidden = graph.Add("hidden", new Linear(4, 4), x);
        Node square = graph.Add("square", new Square(), hidden);
        graph.AddLoss(new MeanSquaredError(), graph.Add("sum", new Add(), square, hidden));
        FiniteDifferences.Check(graph, Samples.Tensor(new Shape(3, 4), 2), Samples.Tensor(new Shape(3, 4), 3));
    }

    [Fact]
    public void ALayerWithAParameterAndAState_IsTrainedAndNamed()
    {
        var graph = new Graph();
        graph.Add("scale", new Scale(), graph.Input("x", Shape.Batch(2)));
        graph.AddLoss(new MeanSquaredError());
        Assert.Equal("scale.factor, scale.calls", string.Join(", ", graph.NamedTensors().Select(named => named.Name)));

        Tensor input = new(new float[,] { { 1, 2 }, { 3, 4 } });
        FiniteDifferences.Check(graph, new Tensor(new Shape(2, 2)), input);

        // L = mean (f x)² with f = 3: dL/df = 2f · mean x² = 6 · 30/4.
        graph.Forward(input);
        graph.Loss(new Tensor(new Shape(2, 2)));
        graph.ZeroGradients();
        graph.Backward();
        Assert.Equal(45, graph.Parameters[0].Gradient.Span[0]);
    }

    private sealed class Square : Layer
    {
        public override Shape OutputShape(Shape input) => input;

        public override void Forward(Tensor x, Tensor y, Pass pass)
        {
            for (int i = 0; i < x.Span.Length; i++)
            {
                y.Span[i] = x.Span[i] * x.Span[i];
            }
        }

        public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, Pass pass)
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

        public override void Forward(Tensor x, Tensor y, Pass pass)
        {
            State[0].Span[0]++;
            for (int i = 0; i < x.Span.Length; i++)
            {
                y.Span[i] = factor.Value.Span[0] * x.Span[i];
            }
        }

        public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, Pass pass)
        {
            for (int i = 0; i < x.Span.Length; i++)
            {
                factor.Gradient.Span[0] += dY.Span[i] * x.Span[i];
                _ = dX is null ? 0 : dX.Span[i] += dY.Span[i] * factor.Value.Span[0];
            }
        }

        protected internal override void Initialize(RandomStream random) => factor.Value.Span[0] = 3;
    }
}
