#pragma warning disable MA0084, xUnit1051 // the samples are written as a user writes them, without a cancellation token

using MiniNet.Calculus;
using MiniNet.Explanations;
using MiniNet.Figures;
using MiniNet.GradientChecking;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Optimizers;
using MiniNet.Pages;
using MiniNet.Stepping;
using MiniNet.Tensors;

namespace MiniNet.Tests.Snippets;

/// <summary>Runs the samples of src/MiniNet.Lab/README.md.</summary>
public sealed class LabSnippets : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Sequential graph;
    private readonly SGD optimizer;
    private readonly Tensor x = new(new float[,] { { 0.5f, -1 }, { 2, 0.25f } }, "x");
    private readonly Targets targets = (int[])[0, 2];

    public LabSnippets()
    {
        graph = new Sequential(seed: 1, new Linear(2, 4), new ReLU(), new Linear(4, 3));
        graph.AddLoss(new SoftmaxCrossEntropy());
        optimizer = new SGD(graph.Parameters, learningRate: 0.1f);
    }

    [Fact]
    public void Stepper_GoesForwardAndBack()
    {
        var stepper = new BackpropStepper(graph, x, targets, optimizer);
        Step? step = stepper.Next();                     // 0 · Linear · y = x·W + b   [2x4] = [2x2]·[2x4] + [4]
        step = stepper.RunTo("loss");                    // loss · SoftmaxCrossEntropy · L = −mean log pₜ
        step = stepper.RunUntil(each => each.Kind == StepKind.Backward && each.Contributions.Any(part => !part.Added.IsFinite));
        stepper.Back();                                  // takes the last step back: every number is what it was before

        Assert.Null(step);
        Assert.Equal(stepper.StepCount - 1, stepper.Position);
        while (stepper.Back() is not null)
        {
        }

        Assert.Equal("0 · Linear · y = x·W + b   [2x4] = [2x2]·[2x4] + [4]", $"{stepper.Next()}");
        Assert.StartsWith("loss · SoftmaxCrossEntropy · L = −mean log pₜ", $"{stepper.RunTo("loss")}", StringComparison.Ordinal);
    }

    [Fact]
    public void Page_OfOneTrainingStep_IsWritten()
    {
        string path = folder["backprop.html"];

        List<Step> steps = [];
        foreach (Step step in new BackpropStepper(graph, x, targets, optimizer))
        {
            steps.Add(step);
        }

        File.WriteAllText(path, BackpropPage.Draw(graph, steps, "One training step", optimizer));

        Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(path), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Drawings_OfAGraph_AreText()
    {
        string svg = GraphExport.Draw(graph);           // a picture
        string mermaid = GraphExport.Mermaid(graph);    // for Markdown
        string dot = GraphExport.Dot(graph);            // for Graphviz

        Assert.Contains("<svg", svg, StringComparison.Ordinal);
        Assert.StartsWith("flowchart TD", mermaid, StringComparison.Ordinal);
        Assert.StartsWith("digraph", dot, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_LayerWithAMistake_NamesIt()
    {
        var x = new Tensor(new float[,] { { 0.5f, -1, 2 }, { 1, 3, -0.5f } }, "x");
        GradientReport report = GradientCheck.Check(new Square(), x);
        Console.WriteLine(report);

        Assert.Equal(
            ReadmeTests.TextBlock("src/MiniNet.Lab/README.md", "Square: WRONG").Select(ReadmeTests.WithoutNumbers),
            report.ToString().Split('\n').Select(ReadmeTests.WithoutNumbers));
    }

    [Fact]
    public void Explanation_OfAWeight_NeedsABackwardPass()
    {
        var hidden = (Linear)graph["0"].Operation!;
        graph.Forward(x);
        graph.Loss(targets);
        graph.ZeroGradients();
        graph.Backward();
        Console.WriteLine(graph.Explain(hidden.Weight, 0, 1));          // before the optimizer's step

        Assert.Equal(hidden.Weight.Gradient[0, 1], graph.Explain(hidden.Weight, 0, 1).Gradients[0].Factor.Value, 1e-6);
    }

    [Fact]
    public void Function_OfTwoVariables_HasDerivativesAndCriticalPoints()
    {
        var graph = new Graph();
        Node x = graph.Variable("x"), y = graph.Variable("y");
        var f = new Function(4 * x + 3 * y - x * x - x * y - y * y);    // or Expression.Parse("4*x + 3*y - x^2 - x*y - y^2", "x", "y")

        double[] gradient = f.Gradient(1, 0.5);                         // [1.5, 1]: exact, by backpropagation
        double[,] hessian = f.Hessian(1, 0.5);                          // [[-2, -1], [-1, -2]]: differences of exact gradients
        CriticalPoints points = CriticalPoints.Find(f, [(-2, 4), (-2, 4)]);     // one maximum, at (5/3, 2/3)
        DescentPath path = Descent.Trace(f, p => new Adam(p, 0.1f), [-1, 0], steps: 100, ascent: true);
        string page = SurfacePage.Draw(f.Sample((-2, 4), (-2, 4)), new() { Paths = [PlottedPath.Of("Adam", path)] });

        Assert.Equal([1.5, 1], gradient);
        Assert.Equal([-2, -1, -1, -2], hessian.Cast<double>().Select(value => Math.Round(value, 3)));
        CriticalPoint maximum = Assert.Single(points);
        Assert.Equal(5.0 / 3, maximum.Point[0], 1e-5);
        Assert.Equal(2.0 / 3, maximum.Point[1], 1e-5);
        Assert.Equal(maximum.Value, path.Steps[^1].Value, 1e-2);
        Assert.Contains("<html", page, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(f.Value(1, 0.5), Expression.Parse("4*x + 3*y - x^2 - x*y - y^2", "x", "y").Value(1, 0.5), 1e-6);
    }

    public void Dispose() => folder.Dispose();
}
