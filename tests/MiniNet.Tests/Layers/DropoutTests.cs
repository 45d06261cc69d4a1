using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Tensors;

namespace MiniNet.Tests.Layers;

public class DropoutTests
{
    private const int Rows = 100, Columns = 100;

    [Theory]
    [InlineData(0.5f)]
    [InlineData(0.1f)]
    [InlineData(0.9f)]
    public void Training_DropsElementsWithProbabilityAndScalesOthers(float p)
    {
        (Graph graph, _) = Make(p);
        float[] y = graph.Forward(Ones()).Span.ToArray();
        // A difference, a quotient, and the product in this line, each rounded once.
        Assert.All(y, value => Assert.True(value == 0 || Math.Abs((value * (1 - p)) - 1) < 4 * Samples.U, $"{value}"));

        // In 10,000 draws, the share is within five standard deviations, √(p(1 − p)/10,000), of p, except for one in a million seeds.
        double share = y.Count(value => value == 0) / (double)y.Length;
        Assert.Equal(p, share, 5 * Math.Sqrt(p * (1 - p) / y.Length));
        Assert.Equal(1, y.Average(), 5 * Math.Sqrt(p / (1 - p) / y.Length)); // the mean does not change: an element has variance p/(1 − p)

        // The share is the same in every row and column, within ten standard deviations of 100 draws.
        for (int i = 0; i < Rows; i++)
        {
            Assert.InRange(
                y.Skip(i * Columns).Take(Columns).Count(value => value == 0) / 100.0,
                p - Math.Sqrt(p * (1 - p)),
                p + Math.Sqrt(p * (1 - p)));
            Assert.InRange(
                y.Where((_, at) => at % Columns == i).Count(value => value == 0) / 100.0,
                p - Math.Sqrt(p * (1 - p)),
                p + Math.Sqrt(p * (1 - p)));
        }
    }

    [Fact]
    public void Backward_UsesMaskOfForward()
    {
        (Graph graph, Node x) = Make(0.3f);
        graph.Add("total", new Total(), graph.Output);
        for (int step = 0; step < 2; step++)
        {
            graph.Forward(Ones());
            graph.Backward();
            Assert.Equal(graph["dropout"].Value.Span, x.Gradient!.Span); // x is 1 everywhere, so y is the mask, and ∂sum/∂x too
            Assert.Contains(0, x.Gradient.Span.ToArray());
        }
    }

    [Fact]
    public void Training_EachStep_DrawsNewMaskDeterminedBySeed()
    {
        (Graph graph, _) = Make(0.5f, seed: 3);
        float[][] masks = [.. Enumerable.Range(0, 3).Select(_ => graph.Forward(Ones()).Span.ToArray())];
        Assert.NotEqual(masks[0], masks[1]);
        Assert.NotEqual(masks[1], masks[2]);

        (Graph again, _) = Make(0.5f, seed: 3);
        again.Predict(Ones()); // does not draw random numbers
        again.Forward(Ones(), Phase.Inference);
        Assert.Equal(masks, Enumerable.Range(0, 3).Select(_ => again.Forward(Ones()).Span.ToArray()));

        (Graph other, _) = Make(0.5f, seed: 4);
        Assert.NotEqual(masks[0], other.Forward(Ones()).Span.ToArray());
    }

    [Fact]
    public void Training_LayerAtTwoNodes_DrawsTwoMasks()
    {
        var dropout = new Dropout();
        var graph = new Graph(seed: 1);
        Node x = graph.Input("x", Shape.Batch(Columns));
        Node first = graph.Add("first", dropout, x), second = graph.Add("second", dropout, x);
        graph.Forward(Ones());
        Assert.NotEqual(first.Value.Span.ToArray(), second.Value.Span.ToArray());
    }

    [Fact]
    public void Inference_ForwardAndBackward_AreIdentity()
    {
        (Graph graph, Node x) = Make(0.5f);
        Tensor some = Samples.Tensor(new Shape(Rows, Columns));
        Assert.Equal(some.Span, graph.Predict(some).Span);
        graph.Add("total", new Total(), graph.Output);
        graph.Forward(some); // leaves a mask, which must not be used
        graph.Forward(some, Phase.Inference);
        Assert.Equal(some.Span, graph["dropout"].Value.Span);
        graph.Backward();
        Assert.All(x.Gradient!.Span.ToArray(), d => Assert.Equal(1, d));
    }

    [Fact]
    public void Training_Probability0KeepsAll_Probability1DropsAll()
    {
        Tensor some = Samples.Tensor(new Shape(Rows, Columns));
        (Graph all, _) = Make(0);
        Assert.Equal(some.Span, all.Forward(some).Span);
        (Graph none, Node x) = Make(1);
        none.Add("total", new Total(), none.Output);
        none.Forward(some);
        none.Backward();
        Assert.All(none["dropout"].Value.Span.ToArray(), y => Assert.Equal(0, y));
        Assert.All(x.Gradient!.Span.ToArray(), d => Assert.Equal(0, d));
        (Graph never, _) = Make(1);
        Assert.Equal(some.Span, never.Predict(some).Span);
    }

    [Theory]
    [InlineData(-0.01f)]
    [InlineData(1.01f)]
    [InlineData(float.NaN)]
    public void Constructor_InvalidProbability_Throws(float p) =>
        Assert.Equal("probability", Assert.Throws<ArgumentOutOfRangeException>(() => new Dropout(p)).ParamName);

    [Fact]
    public void OutputShape_IsInputShape_ToStringShowsProbability()
    {
        Assert.Equal(Shape.Batch(2, 3), new Dropout().OutputShape(Shape.Batch(2, 3)));
        Assert.Equal((0.5f, "Dropout 0.5"), (new Dropout().Probability, new Dropout().ToString()));
    }

    private static (Graph Graph, Node X) Make(float p, ulong seed = 1)
    {
        var graph = new Graph(seed);
        Node x = graph.Input("x", Shape.Batch(Columns), needsGradient: true);
        graph.Add("dropout", new Dropout(p), x);
        return (graph, x);
    }

    private static Tensor Ones()
    {
        var ones = new Tensor(new Shape(Rows, Columns));
        ones.Span.Fill(1);
        return ones;
    }

    /// <summary>Computes the sum of all elements as a scalar, so that ∂y/∂x is 1 everywhere.</summary>
    private sealed class Total : Layer
    {
        public override Shape OutputShape(Shape input) => new();

        public override void Forward(Tensor x, Tensor y, NodeContext context)
        {
            y.Span[0] = 0;
            foreach (float value in x.Span)
            {
                y.Span[0] += value;
            }
        }

        public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
        {
            for (int i = 0; i < dX!.Span.Length; i++)
            {
                dX.Span[i] += dY.Span[0];
            }
        }
    }
}
