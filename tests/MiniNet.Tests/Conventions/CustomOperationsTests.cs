using System.Text.Json;
using MiniNet.Explanations;
using MiniNet.GradientChecking;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Pages;
using MiniNet.Stepping;
using MiniNet.Tensors;
using MiniNet.Tests.Pages;

namespace MiniNet.Tests.Conventions;

/// <summary>
/// Checks that everything that shows operations shows a custom layer and a custom optimizer: nothing in the libraries lists operations.
/// MiniNet.Page.Tests checks the numbers on their page.
/// </summary>
public class CustomOperationsTests
{
    private static readonly Shape Rows = new(3, 4);

    [Fact]
    public void GradientCheck_OfCustomLayer_Passes() =>
        Assert.True(GradientCheck.Check(new Centering(0.5f), Samples.Tensor(Rows)).Passed);

    [Fact]
    public void Stepper_AtCustomLayer_ShowsEquationsAndNumbers()
    {
        var stepper = new BackpropStepper(Network(), Samples.Tensor(Rows), new[] { 0, 1, 2 });
        Assert.Equal("centre · Centering · y = a·(x − (1/D) Σₖ xₖ)   [3x4]", stepper.RunTo("centre")!.ToString());
        Step back = stepper.RunTo("centre")!;
        Contribution added = Assert.Single(back.Contributions);
        Assert.Equal("dX += a·(dY − (1/D) Σₖ dYₖ)", added.Equation.Text);
        for (int row = 0; row < Rows.Rows; row++)
        {
            for (int k = 0; k < Rows.Columns; k++)
            {
                double expected = 0.5 * (back.Incoming![row, k] - back.Incoming.Row(row).ToArray().Average());
                Assert.Equal(expected, added.Added[row, k], 1e-6);
            }
        }
    }

    [Fact]
    public void Explain_ThroughCustomLayer_HasEveryTerm()
    {
        Graph graph = Network();
        graph.Forward(Samples.Tensor(Rows));
        graph.Loss(new[] { 0, 1, 2 });
        graph.ZeroGradients();
        graph.Backward();
        string text = graph.Explain(((Linear)graph["hidden"].Operation!).Bias!, 1).ToString();
        Assert.Contains("centre (Centering): y = a·(x − (1/D) Σₖ xₖ)", text, StringComparison.Ordinal);
        Assert.Contains("0.375", text, StringComparison.Ordinal);      // a·(1 − 1/4)
        Assert.Contains("-0.125", text, StringComparison.Ordinal);     // −a/4, for the other columns
    }

    [Fact]
    public void Page_OfCustomOperations_HasDependenciesConstantsAndState()
    {
        Graph graph = Network();
        var optimizer = new SignOfMean(graph.Parameters, 0.1f);
        List<Step> steps = [];
        foreach (Step step in new BackpropStepper(graph, Samples.Tensor(Rows), new[] { 0, 1, 2 }, optimizer))
        {
            steps.Add(step);
        }

        JsonElement data = BackpropPageTests.DataOf(BackpropPage.Draw(graph, steps, "custom", optimizer));
        JsonElement[] shown = [.. data.GetProperty("steps").EnumerateArray()];
        JsonElement centre = shown.First(step => step.GetProperty("name").GetString() == "centre");
        Assert.Equal("""{"kind":"groups","size":[4]}""", centre.GetProperty("dependencies").GetRawText());
        Assert.Equal("""["a = 0.5","D = 4"]""", Only(centre).GetProperty("constants").GetRawText());
        JsonElement update = Only(shown[^1]);
        Assert.Equal(
            ["w", "g", "m"], update.GetProperty("from").EnumerateArray().Select(tensor => tensor.GetProperty("symbol").GetString()));
        Assert.Equal("mean after the update", update.GetProperty("from")[2].GetProperty("description").GetString());
        Assert.Equal(
            ["α = 0.75", "η = 0.1"], update.GetProperty("constants").EnumerateArray().Select(constant => constant.GetString()));

        static JsonElement Only(JsonElement step) => Assert.Single(step.GetProperty("equations").EnumerateArray());
    }

    private static Graph Network()
    {
        var graph = new Graph(seed: 1);
        Node hidden = graph.Add("hidden", new Linear(4, 4), graph.Input("x", Shape.Batch(4)));
        graph.Add("out", new Linear(4, 3), graph.Add("centre", new Centering(0.5f), hidden));
        graph.AddLoss(new SoftmaxCrossEntropy());
        return graph;
    }
}
