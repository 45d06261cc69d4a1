using MiniNet.GradientChecking;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Optimizers;
using MiniNet.Stepping;
using MiniNet.Tensors;

namespace MiniNet.Tests.Snippets;

/// <summary>Runs the sample of src/MiniNet/README.md that uses a custom layer.</summary>
public class ColumnScaleTests
{
    [Fact]
    public void ColumnScale_InAGraph_HasRightGradients()
    {
        var rows = new Tensor(new float[,] { { 0.5f, -1, 2, 0.25f }, { 1, 3, -0.5f, 1 } }, "x");
        int[] classes = [0, 2];

        var model = new Sequential(seed: 1, new Linear(4, 3), new ColumnScale(3));
        model.AddLoss(new SoftmaxCrossEntropy());
        GradientReport report = GradientCheck.Check(model, rows, classes);
        Console.WriteLine(report);                                      // graph of 4 nodes: every gradient is right ...

        Assert.StartsWith("graph of 4 nodes: every gradient is right\n", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ColumnScale_OfAnotherWidth_ThrowsWhenAdded() =>
        Assert.Equal(
            "1 (ColumnScale) expects [n, 4], got [n, 3] from 0",
            Assert.Throws<ShapeException>(() => new Sequential(1, new Linear(4, 3), new ColumnScale(4))).Message);

    [Fact]
    public void ColumnScale_InTheStepper_ShowsItsEquations()
    {
        var model = new Sequential(seed: 1, new Linear(2, 2), new ColumnScale(2));
        model.AddLoss(new MeanSquaredError());
        var x = new Tensor(new float[,] { { 1, 2 } }, "x");
        var stepper = new BackpropStepper(model, x, new Tensor(new float[,] { { 1, 1 } }, "t"), new SGD(model.Parameters, 0.1f));
        var steps = new List<Step>();
        foreach (Step step in stepper)
        {
            steps.Add(step);
        }

        Assert.Contains(
            steps,
            step => step.Name == "1" && step.Kind == StepKind.Backward && step.Equations.Gradients[0] == "dw += Σᵢ dYᵢ ⊙ xᵢ");
        Assert.Equal(
            ["dw", "dX"],
            steps.First(step => step.Name == "1" && step.Kind == StepKind.Backward).Contributions.Select(part => part.Added.Name));
    }
}
