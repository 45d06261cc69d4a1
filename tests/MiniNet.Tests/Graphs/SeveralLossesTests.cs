using MiniNet.Data;
using MiniNet.Explanations;
using MiniNet.GradientChecking;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Optimizers;
using MiniNet.Stepping;
using MiniNet.Tensors;
using MiniNet.Training;

namespace MiniNet.Tests.Graphs;

/// <summary>Several losses add up with their weights, each can have its own targets, and none is ignored.</summary>
public class SeveralLossesTests
{
    private static readonly Tensor X = Samples.Tensor(new Shape(5, 4), 3), Values = Samples.Tensor(new Shape(5, 2), 4);
    private static readonly int[] Classes = [0, 2, 1, 1, 0];

    [Fact]
    public void Loss_TwoLossesWithOwnTargets_IsTheirWeightedSum()
    {
        Graph both = Create(classWeight: 1, valueWeight: 0.25f), first = Create(1, null), second = Create(null, 1);
        both.Forward(X);
        first.Forward(X);
        second.Forward(X);
        float a = first.Loss(Classes), b = second.Loss(Values);
        Assert.Equal(a + (0.25f * b), both.Loss(Targets.ForEachLoss(Classes, Values)));
        Assert.Equal((a, b), (both["loss"].Value.Span[0], both["loss2"].Value.Span[0]));
        Assert.Equal("y = a + 0.25·b", both["total"].Equations!.Value.Text);
        Assert.Same(both["classes"], both.Output);

        foreach (Graph graph in new[] { both, first, second })
        {
            graph.ZeroGradients();
            graph.Backward();
        }

        foreach (((Parameter sum, Parameter ofFirst), Parameter ofSecond) in both.Parameters.Zip(first.Parameters).Zip(second.Parameters))
        {
            for (int i = 0; i < sum.Gradient.Shape.Length; i++)
            {
                // A few roundings of numbers below 4.
                Assert.Equal(ofFirst.Gradient.Span[i] + (0.25f * ofSecond.Gradient.Span[i]), sum.Gradient.Span[i], 16 * Samples.U);
            }
        }
    }

    [Fact]
    public void Graph_WithThreeWeightedLosses_IsCheckedSteppedAndExplained()
    {
        Graph graph = Create(classWeight: 0.5f, valueWeight: 2);
        graph.AddLoss(new Huber(), graph["values"], weight: -1);
        Assert.Equal(
            ["loss", "total", "loss2", "total2", "loss3", "total3"],
            graph.Nodes.Where(node => node.NeedsTargets).Select(node => node.Name));
        var targets = Targets.ForEachLoss(Classes, Values, Samples.Tensor(new Shape(5, 2), 6));
        GradientReport report = GradientCheck.Check(graph, X, targets);
        Assert.True(report.Passed, report.ToString());

        var stepper = new BackpropStepper(graph, X, targets, new SGD(graph.Parameters, 0.1f));
        Assert.StartsWith("total2 · LossSum · y = a + 2·b", stepper.RunTo("total2")!.ToString(), StringComparison.Ordinal);
        Assert.Equal(["total", "loss2"], stepper.RunTo("total2")!.Contributions.Select(part => part.To));
        graph.Forward(X);
        graph.Loss(targets);
        graph.ZeroGradients();
        graph.Backward();
        Explanation explanation = graph.Explain(graph["hidden"], 1, 2);
        Assert.True(explanation.IsFull, explanation.ToString());
        Assert.InRange(explanation.RelativeError, 0, 1e-3);
    }

    [Fact]
    public void Loss_OneTargetsObject_IsUsedByAllLosses()
    {
        var graph = new Sequential(seed: 1, new Linear(4, 2));
        graph.AddLoss(new MeanSquaredError());
        graph.AddLoss(new MeanAbsoluteError());
        graph.Forward(X);
        Assert.Equal(graph.Loss(Values), graph["loss"].Value.Span[0] + graph["loss2"].Value.Span[0]);
    }

    [Fact]
    public void Loss_NodeThatIgnoresALoss_Throws()
    {
        Graph graph = Create(1, 1);
        graph.Add("twice", new Affine(2), graph["loss"]);
        graph.Forward(X);
        Assert.Equal(
            $"{graph["twice"].Describe()}, where Backward starts, does not depend on loss2 (MeanSquaredError): " +
            "combine all losses in the last node.",
            Assert.Throws<InvalidOperationException>(() => graph.Loss(Targets.ForEachLoss(Classes, Values))).Message);
        graph.Add("all", new Add(), graph["twice"], graph["loss2"]);
        graph.Forward(X);
        float loss = graph.Loss(Targets.ForEachLoss(Classes, Values));
        Assert.Equal((2 * graph["loss"].Value.Span[0]) + graph["loss2"].Value.Span[0], loss);
    }

    [Fact]
    public void ForEachLoss_WrongNumberOfTargets_Throws()
    {
        Graph graph = Create(1, 1);
        graph.Forward(X);
        Assert.Equal(
            "The graph has 2 loss(es), but got targets for 1.",
            Assert.Throws<TargetsException>(() => graph.Loss(Targets.ForEachLoss(Classes))).Message);
        Assert.StartsWith(
            "The targets of one loss have 5 rows, those of another 1.",
            Assert.Throws<ArgumentException>(() => Targets.ForEachLoss(Classes, new[] { 1 })).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Targets.ForEachLoss());
        Assert.Throws<ArgumentOutOfRangeException>(() => graph.AddLoss(new Huber(), weight: float.NaN));
    }

    [Fact]
    public void Trainer_OwnTargetsForEachLoss_ReducesBothLosses()
    {
        Tensor x = Samples.Tensor(new Shape(70, 4), 3), values = new(new Shape(70, 2));
        var classes = new int[70];
        for (int row = 0; row < 70; row++)
        {
            (classes[row], values[row, 0], values[row, 1]) = (x[row, 0] > 0 ? 2 : 0, x[row, 1], x[row, 2] - x[row, 3]);
        }

        var rows = new Dataset(x, Targets.ForEachLoss(classes, values));
        Assert.Equal(
            [.. values.Row(68), .. values.Row(69)],
            new DataLoader(rows, 68, shuffle: false).ToList()[1].Targets.ForLoss(1, 2).Values!.ToArray());
        Graph graph = Create(1, 1);
        (double before, double beforeValues) = Losses();
        var trainer = new Trainer(graph, new Adam(graph.Parameters, 0.02f)) { BatchSize = 16 };
        trainer.Train(rows, rows, epochs: 40, cancellation: TestContext.Current.CancellationToken);
        (double after, double afterValues) = Losses();
        Assert.InRange(after, 0, before / 3);
        Assert.InRange(afterValues, 0, beforeValues / 3);
        Assert.InRange(trainer.History.Epochs[^1].ValidationAccuracy!.Value, 0.9, 1);

        (double, double) Losses()
        {
            graph.Forward(x, Phase.Inference);
            graph.Loss(rows.Targets);
            return (graph["loss"].Value.Span[0], graph["loss2"].Value.Span[0]);
        }
    }

    // A network with two outputs, and a loss for each of those that have a weight.
    private static Graph Create(float? classWeight, float? valueWeight)
    {
        var graph = new Graph(seed: 7);
        Node x = graph.Input("x", Shape.Batch(4));
        Node h = graph.Add("tanh", new Tanh(), graph.Add("hidden", new Linear(4, 6), x));
        Node classes = graph.Add("classes", new Linear(6, 3), h), values = graph.Add("values", new Linear(6, 2), h);
        if (classWeight is { } ofClasses)
        {
            graph.AddLoss(new SoftmaxCrossEntropy(), classes, weight: ofClasses);
        }

        if (valueWeight is { } ofValues)
        {
            graph.AddLoss(new MeanSquaredError(), values, weight: ofValues);
        }

        return graph;
    }
}
