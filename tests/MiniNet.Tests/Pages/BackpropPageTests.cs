using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Optimizers;
using MiniNet.Pages;
using MiniNet.Stepping;
using MiniNet.Tensors;

namespace MiniNet.Tests.Pages;

// MiniNet.Page.Tests tests the page in a browser.
public partial class BackpropPageTests
{
    private const string HostileText = "</script><script>alert(1)</script> <!-- \"'& {{data}} \u2028 größe 😀";

    [Fact]
    public void Draw_Steps_ContainsEveryStepAndNumberBitForBit()
    {
        (Graph graph, List<Step> steps) = Residual("hidden");
        JsonElement data = DataOf(BackpropPage.Draw(graph, steps, "title"));
        JsonElement[] shown = [.. data.GetProperty("steps").EnumerateArray()];
        Assert.Equal(steps.Select(step => step.ToString()), shown.Select(step => step.GetProperty("line").GetString()));
        for (int i = 0; i < steps.Count; i++)
        {
            Step step = steps[i];
            Tensor[] expected = step.Kind == StepKind.Backward
                ? [.. step.Contributions.Select(part => part.Added)]
                : step.Output is { } output ? [output] : [];
            JsonElement[] equations =
            [
                .. shown[i].GetProperty("equations").EnumerateArray()
                    .Where(e => step.Kind != StepKind.Backward || e.GetProperty("to").ValueKind == JsonValueKind.String),
            ];
            Assert.Equal(expected.Select(Bits), equations.Select(equation => Bits(data, equation.GetProperty("left"))));
            foreach (JsonElement from in equations.SelectMany(equation => equation.GetProperty("from").EnumerateArray()))
            {
                Tensor[] known = [.. step.Inputs, .. step.Cached, step.Output!, .. Some(step.Incoming), .. Some(step.LocalDerivative)];
                Assert.Contains(known, tensor => tensor.Name == from.GetProperty("symbol").GetString() && Bits(tensor) == Bits(data, from));
            }

            Assert.Equal(
                step.Contributions
                    .Where(part => !part.Accumulated.Span.SequenceEqual(part.Added.Span)).Select(part => Bits(part.Accumulated)),
                equations
                    .Where(equation => equation.TryGetProperty("sum", out _)).Select(equation => Bits(data, equation.GetProperty("sum"))));
        }

        Assert.Contains(
            shown, step => step.GetProperty("equations").EnumerateArray().Any(equation => equation.TryGetProperty("sum", out _)));
    }

    [Fact]
    public void Draw_ClipStep_HasCaptionAndMarksNodesWithParameters()
    {
        var graph = new Sequential(seed: 1, new Linear(4, 3), new ReLU(), new Linear(3, 2));
        graph.AddLoss(new SoftmaxCrossEntropy());
        var stepper = new BackpropStepper(
            graph, new Tensor(new Shape(1, 4)), new Targets([0]), new SGD(graph.Parameters, 0.1f), maxGradientNorm: 0.1f);
        Step clip = stepper.RunUntil(step => step.Kind == StepKind.Clip)!;
        string html = BackpropPage.Draw(graph, [clip], "title");
        JsonElement step = DataOf(html).GetProperty("steps")[0];
        Assert.Equal([1, 3], step.GetProperty("nodes").EnumerateArray().Select(node => node.GetInt32()));
        Assert.Equal(
            "the norm of all gradients before clipping",
            step.GetProperty("equations")[0].GetProperty("left").GetProperty("description").GetString());
        string says = Script().Matches(html)[^1].Groups["text"].Value.Split("const says = {")[1].Split('}')[0];
        Assert.All(Enum.GetNames<StepKind>(), kind => Assert.Contains($" {kind}: '", says, StringComparison.Ordinal));
    }

    [Fact]
    public void Draw_NumbersWithoutJsonNotation_RoundTrip()
    {
        var graph = new Graph();
        graph.Add("relu", new LeakyReLU(1), graph.Input("x", Shape.Batch(6)));
        var x = new Tensor(new Shape(1, 6));
        ((float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity, -0f, float.Epsilon, float.MaxValue]).CopyTo(x.Span);
        Step step = new BackpropStepper(graph, x).Next()!;
        JsonElement data = DataOf(BackpropPage.Draw(graph, [step], "title"));
        Assert.Equal(Bits(step.Output!), Bits(data, data.GetProperty("steps")[0].GetProperty("equations")[0].GetProperty("left")));
    }

    [Fact]
    public void Draw_Page_NeedsNoNetworkAndAllowsNone()
    {
        (Graph graph, List<Step> steps) = Residual("hidden");
        string page = BackpropPage.Draw(graph, steps, "title");
        Assert.DoesNotContain("http:", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("https:", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("src=", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("@import", page, StringComparison.OrdinalIgnoreCase);
        string policy = Policy().Match(page).Groups["policy"].Value;
        Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Contains($"style-src '{Hash(Style().Match(page).Groups["text"].Value)}'", policy, StringComparison.Ordinal);
        Assert.Contains($"script-src '{Hash(Script().Matches(page)[^1].Groups["text"].Value)}'", policy, StringComparison.Ordinal);
    }

    [Fact]
    public void Draw_NamesWithMarkup_AreEscaped()
    {
        (Graph graph, List<Step> steps) = Residual(HostileText);
        string page = BackpropPage.Draw(graph, steps, HostileText);
        Assert.Equal(3, page.Split("</script", StringSplitOptions.None).Length); // the ends of the data and of the script
        Assert.DoesNotContain("<!--", page, StringComparison.Ordinal);
        Assert.DoesNotContain("alert(1)<", page, StringComparison.Ordinal);
        Assert.Contains($"<h1>{System.Net.WebUtility.HtmlEncode(HostileText)}</h1>", page, StringComparison.Ordinal);
        Assert.Contains(DataOf(page).GetProperty("steps").EnumerateArray(), step => step.GetProperty("name").GetString() == HostileText);
    }

    [Fact]
    public void Draw_NamesWithLoneSurrogatesOrControls_AreSanitized()
    {
        string name = "a" + (char)0xD800 + "b\u0001c";
        (Graph graph, List<Step> steps) = Residual(name);
        string page = BackpropPage.Draw(graph, steps, name);
        Assert.Contains("<h1>a\uFFFDb\uFFFDc</h1>", page, StringComparison.Ordinal);
        Assert.Contains(
            DataOf(page).GetProperty("steps").EnumerateArray(),
            step => step.GetProperty("name").GetString() == "a\uFFFDb\u0001c");
    }

    [Fact]
    public void Draw_Graph_HasEveryNodeAndEdge()
    {
        (Graph graph, List<Step> steps) = Residual("hidden");
        string page = BackpropPage.Draw(graph, steps, "title");
        Assert.All(graph.Nodes, node => Assert.Contains($"data-node=\"{node.Index}\"", page, StringComparison.Ordinal));
        Assert.All(graph.Nodes.SelectMany(node => node.Sources.Select(source => (source, node))), edge =>
            Assert.Contains($"data-from=\"{edge.source.Index}\" data-to=\"{edge.node.Index}\"", page, StringComparison.Ordinal));
    }

    [Fact]
    public void Draw_NoStepsOrStepsOfAnotherGraph_Throws()
    {
        (Graph graph, List<Step> steps) = Residual("hidden");
        Assert.Throws<ArgumentException>(() => BackpropPage.Draw(graph, [], "title"));
        Assert.Throws<ArgumentException>(() => BackpropPage.Draw(Residual("hidden").Graph, steps, "title"));
    }

    [Fact]
    public void Draw_TooManyNumbers_ThrowsWithAdvice()
    {
        var graph = new Sequential(seed: 1, new Linear(2000, 2001));
        graph.AddLoss(new MeanSquaredError());
        Step step = new BackpropStepper(graph, new Tensor(new Shape(1, 2000))).Next()!;
        string message = Assert.Throws<ArgumentException>(() => BackpropPage.Draw(graph, [step], "title")).Message;
        Assert.Contains("more than 4000000 numbers", message, StringComparison.Ordinal);
        Assert.Contains("Draw only some of the steps", message, StringComparison.Ordinal);
    }

    [Fact]
    public void PageFiles_Together_HaveAtMost850Lines()
    {
        string folder = Path.Combine(Repository.Root, "src", "MiniNet.Lab", "Pages", "Parts");
        Assert.InRange(Directory.GetFiles(folder, "BackpropPage.*").Sum(file => File.ReadLines(file).Count()), 1, 850);
    }

    private static (Graph Graph, List<Step> Steps) Residual(string name)
    {
        var graph = new Graph(seed: 1);
        Node x = graph.Input("x", Shape.Batch(4));
        Node h = graph.Add(name, new Linear(4, 3), x);
        graph.Add("sum", new Add(), h, graph.Add("tanh", new Tanh(), h));
        graph.AddLoss(new SoftmaxCrossEntropy());
        List<Step> steps = [];
        foreach (Step step in new BackpropStepper(graph, Samples.Tensor(new Shape(2, 4)), new[] { 0, 2 }, new SGD(graph.Parameters, 0.1f)))
        {
            steps.Add(step);
        }

        return (graph, steps);
    }

    internal static JsonElement DataOf(string page) => JsonDocument.Parse(Script().Match(page).Groups["text"].Value).RootElement;

    private static string Bits(Tensor tensor) => string.Join(' ', tensor.Span.ToArray().Select(BitConverter.SingleToInt32Bits));

    private static string Bits(JsonElement data, JsonElement tensor) => string.Join(
        ' ',
        data.GetProperty("numbers")[tensor.GetProperty("numbers").GetInt32()].EnumerateArray().Select(number =>
            BitConverter.SingleToInt32Bits(float.Parse(number.ToString(), System.Globalization.CultureInfo.InvariantCulture))));

    private static IEnumerable<Tensor> Some(Tensor? tensor) => tensor is null ? [] : [tensor];

    private static string Hash(string text) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    [GeneratedRegex("Content-Security-Policy\" content=\"(?<policy>[^\"]*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Policy();

    [GeneratedRegex("<style>(?<text>.*?)</style>", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1000)]
    private static partial Regex Style();

    [GeneratedRegex("<script[^>]*>(?<text>.*?)</script>", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1000)]
    private static partial Regex Script();
}
