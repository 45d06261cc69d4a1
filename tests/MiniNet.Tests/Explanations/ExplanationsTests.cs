using System.Globalization;
using System.Text.RegularExpressions;
using MiniNet.Explanations;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Optimizers;
using MiniNet.Tensors;
using MiniNet.Tests.GradientChecking;

namespace MiniNet.Tests.Explanations;

/// <summary>
/// Parses the printed explanations: names, products and sums must be those of the chain rule, and the graph must be unchanged.
/// </summary>
public partial class ExplanationsTests
{
    private static readonly Shape X = Shape.Batch(3);

    public static TheoryData<string> Operations => [.. CorrectOperationsTests.Table.Select(entry => entry.Type.Name)];

    [Fact]
    public void Explain_Linear_WritesOneProductForEachRow()
    {
        var graph = new Graph();
        var linear = new Linear(2, 1);
        graph.Add("y", linear, graph.Input("x", Shape.Batch(2)));
        graph.AddLoss(new MeanSquaredError());
        linear.Weight.Value[0, 0] = 0.5f;
        linear.Weight.Value[1, 0] = -1;
        linear.Bias!.Value[0, 0] = 0.25f;
        Run(graph, new Tensor(new float[,] { { 1, 2 }, { 0, 5 }, { 3, -1 } }), new Tensor(new float[,] { { 0 }, { 0 }, { 1 } }));

        // p = −1.25, −4.75, 2.75;  dP = 2(p − t)/3 = −0.8333, −3.1667, 1.1667;  dW[0,0] = 1·(−0.8333) + 0·(−3.1667) + 3·1.1667
        string text = graph.Explain(linear.Weight, 0).ToString();
        Assert.Contains("dL/d y.weight[0,0] = 2.66667 ±", text);
        Assert.Contains("dW[0,0] = Σ over 3 rows  x[row,0] · dY[row,0]", text);
        Assert.Contains("\n    x[0,0] · dL/d y[0,0]  =  1 · (-0.833333)  =  -0.833333\n", text);
        Assert.Contains("\n    x[2,0] · dL/d y[2,0]  =  3 · 1.16667  =  3.5\n    1 more exactly 0\n  sum  =  2.66667\n", text);
        Assert.Contains("∂loss/∂y[0,0] · dL/d loss  =  (-0.833333) · 1  =  -0.833333", text);
        Assert.StartsWith("Finite difference: ", text.Split('\n')[^1]);
    }

    [Fact]
    public void Explain_IndexOutOfRange_ThrowsNamingTheArgument()
    {
        (Graph graph, Linear linear) = TwoOfRelu(1);
        Assert.Contains("column ('-1')", Assert.Throws<ArgumentOutOfRangeException>(() => graph.Explain(graph["relu"], 0, -1)).Message);
        Assert.Contains("j ('-1')", Assert.Throws<ArgumentOutOfRangeException>(() => graph.Explain(linear.Weight, 0, -1)).Message);
        Assert.Contains("i ('2')", Assert.Throws<ArgumentOutOfRangeException>(() => graph.Explain(linear.Weight, 2)).Message);
    }

    [Fact]
    public void Explain_AllProductsZero_SaysSoWithoutSuggestingOptions()
    {
        (Graph graph, Linear linear) = TwoOfRelu(-1);
        string text = graph.Explain(linear.Weight, 0, 0, depth: 1).ToString();
        Assert.Contains("all its 2 products are exactly 0", text);
        Assert.DoesNotContain("more exactly 0", text);
        Assert.DoesNotContain("int.MaxValue", graph.Explain(graph["dense"], 0, 0, depth: 1).ToString());
    }

    [Fact]
    public void Explain_DifferenceIsOnlyRounding_SaysRelativeErrorIsMeaningless()
    {
        var graph = new Graph();
        Node x = graph.Input("x", Shape.Batch(2), needsGradient: true);
        graph.Add("sum", new Sum(), graph.Add("far", new Affine(1, 3), graph.Add("little", new Affine(1e-7f), x)));
        graph.Forward(new Tensor(new float[,] { { 1, 2 } }));
        graph.Backward();
        string text = graph.Explain(x, 0, 0).ToString();
        Assert.Contains("no larger than the rounding of L", text);
        Assert.Contains("relative error", text.Split('\n')[^1]);
    }

    // Two rows; the ReLU passes both or neither.
    private static (Graph Graph, Linear Linear) TwoOfRelu(float x)
    {
        var graph = new Graph(seed: 1);
        var linear = new Linear(2, 2);
        graph.Add("relu", new ReLU(), graph.Add("dense", linear, graph.Input("x", Shape.Batch(2))));
        graph.AddLoss(new MeanSquaredError());
        linear.Weight.Value.Span.Fill(1);
        Run(graph, new Tensor(new float[,] { { x, x }, { x, x } }), new Tensor(new float[,] { { 5, 5 }, { 5, 5 } }));
        return (graph, linear);
    }

    [Fact]
    public void Explain_ResidualGraph_MatchesReadme()
    {
        var graph = new Graph(seed: 1);
        var hidden = new Linear(2, 3);
        Node h = graph.Add("hidden", hidden, graph.Input("x", Shape.Batch(2)));
        graph.Add("sum", new Add(), h, graph.Add("relu", new ReLU(), h));
        graph.AddLoss(new SoftmaxCrossEntropy());
        Run(graph, new Tensor(new float[,] { { 0.5f, -1 }, { 2, 0.25f } }), (int[])[0, 2]);
        string[] shown = ReadmeTests.TextBlock("src/MiniNet.Lab/README.md", "dL/d hidden.weight[0,1]");
        string[] printed = graph.Explain(hidden.Weight, 0, 1).ToString().Split('\n');

        // The digits of the finite difference depend on the kernel.
        Assert.All(shown[..^1], line => Assert.Contains(line, printed));
        Assert.Equal(ReadmeTests.WithoutNumbers(printed[^1]), ReadmeTests.WithoutNumbers(shown[^1]));
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void Explain_EveryOperation_ProductsAddUpToGradient(string name)
    {
        (_, Shape[] shapes, Func<Shape, Operation>[] make) = CorrectOperationsTests.Table.Single(entry => entry.Type.Name == name);

        // Normalizing two numbers cancels nearly everything.
        double digits = name.EndsWith("Norm", StringComparison.Ordinal)
            || name.StartsWith("BatchNorm", StringComparison.Ordinal) ? 0.01 : 2e-5;
        foreach ((Shape shape, Func<Shape, Operation> made) in shapes.Zip(
            Enumerable.Repeat(make, shapes.Length).SelectMany((all, i) => all.Skip(i % all.Length).Take(1))))
        {
            Graph graph = GraphOf(made(shape), shape, new RandomStream(3, name));
            foreach (Parameter parameter in graph.Parameters)
            {
                ForSome(
                    parameter.Value.Shape,
                    (i, j) => Check(graph.Explain(parameter, i, j, int.MaxValue), parameter.Gradient[i, j], digits: digits));
            }

            foreach (Node node in graph.Nodes.Where(node => node.NeedsGradient))
            {
                ForSome(node.Value.Shape, (i, j) => Check(graph.Explain(node, i, j, int.MaxValue), node.Gradient![i, j], digits: digits));
            }
        }
    }

    [Fact]
    public void Explain_ResidualGraph_SumsOverBranchesAndPaths()
    {
        Graph graph = Residual(out Linear hidden);
        Explanation explanation = graph.Explain(hidden.Weight, 1, 2);
        ExplainedGradient h = explanation.Gradients.First(gradient => gradient.Factor.WithRespectTo == "hidden[0,2]");
        Assert.Equal(["relu (ReLU)", "sum (Add)"], h.Branches.Select(branch => branch.Operation));
        Assert.True(explanation.IsFull);
        Assert.Same(h, explanation.Gradients[0].Terms.First().From);

        // Each appears once, even if several paths lead to it.
        Assert.Equal(explanation.Gradients.Count, explanation.Gradients.Select(gradient => gradient.Factor.Name).Distinct().Count());
        Check(explanation, hidden.Weight.Gradient[1, 2]);

        // Multiplies along every path, without using any stored gradient in between.
        Assert.Equal(hidden.Weight.Gradient[1, 2], AlongPaths(explanation.Gradients[0]), 1e-6);

        static double AlongPaths(ExplainedGradient gradient) =>
            gradient.Terms.Sum(term => term.Local.Value * (term.From is null ? 1 : AlongPaths(term.From)));
    }

    [Fact]
    public void Explain_TwoLosses_BeginsAtTheirSum()
    {
        var graph = new Graph(seed: 4);
        Node y = graph.Add("y", new Linear(3, 3), graph.Input("x", X));
        Node first = graph.AddLoss(new MeanSquaredError(), y, "first");
        graph.Add("loss", new Add(), first, graph.AddLoss(new MeanAbsoluteError(), y, "second"));
        Run(graph, Samples.Tensor(new Shape(2, 3)), Samples.Tensor(new Shape(2, 3), 2));
        Explanation explanation = graph.Explain(y, 1, 0);
        Assert.Equal(
            ["first (MeanSquaredError)", "second (MeanAbsoluteError)"],
            explanation.Gradients[0].Branches.Select(branch => branch.Operation));
        Assert.Equal(["y[1,0]", "first", "second"], explanation.Gradients.Select(gradient => gradient.Factor.WithRespectTo));
        Check(explanation, y.Gradient![1, 0]);
    }

    [Fact]
    public void Explain_SharedLayer_SumsOverItsUses()
    {
        var graph = new Graph(seed: 4);
        var shared = new Linear(3, 3);
        Node first = graph.Add("first", shared, graph.Input("x", X));
        graph.Add("second", shared, graph.Add("tanh", new Tanh(), first));
        graph.AddLoss(new MeanSquaredError());
        Run(graph, Samples.Tensor(new Shape(2, 3)), Samples.Tensor(new Shape(2, 3), 2));

        Explanation explanation = graph.Explain(shared.Weight, 0, 1);
        Assert.Equal(
            ["first (Linear 3 -> 3)", "second (Linear 3 -> 3)"],
            explanation.Gradients[0].Branches.Select(branch => branch.Operation));
        Check(explanation, shared.Weight.Gradient[0, 1]);
        Check(graph.Explain(shared.Bias!, 2), shared.Bias!.Gradient[2, 0]);
    }

    [Fact]
    public void Explain_NodeAsBothInputs_SumsOverBoth()
    {
        var graph = new Graph();
        Node x = graph.Input("x", X, needsGradient: true);
        graph.Add("square", new Multiply(), x, x);
        graph.AddLoss(new MeanSquaredError());
        Run(graph, Samples.Tensor(new Shape(2, 3)), Samples.Tensor(new Shape(2, 3), 2));
        Explanation explanation = graph.Explain(x, 1, 2);
        Assert.Equal([x.Value[1, 2], x.Value[1, 2]], explanation.Gradients[0].Terms.Select(term => term.Local.Value));
        Assert.Contains("as a;", explanation.ToString());
        Check(explanation, x.Gradient![1, 2]);
    }

    [Fact]
    public void Explain_Depth_LimitsExplainedOperations()
    {
        Graph graph = Residual(out Linear hidden);
        Explanation one = graph.Explain(hidden.Weight, 1, 2, depth: 1), two = graph.Explain(hidden.Weight, 1, 2, depth: 2);
        Assert.Single(one.Gradients);
        Assert.False(one.IsFull);
        Assert.All(one.Gradients[0].Terms, term => Assert.Null(term.From));
        Assert.Contains("Not complete: ", one.ToString());
        Assert.Equal(
            ["L/hidden.weight[1,2]", "L/hidden[0,2]", "L/hidden[1,2]"],
            two.Gradients.Select(gradient => $"L/{gradient.Factor.WithRespectTo}"));
        Check(two, hidden.Weight.Gradient[1, 2]);
    }

    [Fact]
    public void Explain_LargeGraph_StopsAfterOneLayer()
    {
        var norm = new BatchNorm1d(100);
        var model = new Sequential(1, new Linear(64, 100), norm, new ReLU(), new Linear(100, 32), new ReLU(), new Linear(32, 10));
        model.AddLoss(new SoftmaxCrossEntropy());
        Run(model, Samples.Tensor(new Shape(1000, 64)), Samples.Classes(1000, 10, new RandomStream(1, "classes")));
        Explanation explanation = model.Explain(((Linear)model["0"].Operation!).Weight, 3, 4),
            ofNorm = model.Explain(norm.Weight!, 7),
            deep = model.Explain(model["4"], 5, 6);
        // A full explanation would have millions of products.
        Assert.All([explanation, ofNorm, deep], each => Assert.InRange(each.Gradients.Sum(gradient => gradient.Terms.Count()), 1, 10_000));
        Assert.Contains("Not complete, which would take more than 200 products", explanation.ToString());
        Assert.Equal(1000, explanation.Gradients.Single().Terms.Count());
        Assert.Contains("800 smaller products together", explanation.ToString());
        Assert.True(deep.IsFull); // a single row has few products
        Assert.Contains("dL/d ReLU4[5,6]", deep.ToString());
        Check(explanation, explanation.Stored);
        Check(ofNorm, norm.Weight!.Gradient[7, 0]);
    }

    [Fact]
    public void Explain_DropoutAndRunningStatistics_RestoresThemExactly()
    {
        var norm = new BatchNorm1d(4);
        var model = new Sequential(2, new Linear(3, 4), norm, new Dropout(0.5f), new Linear(4, 2));
        model.AddLoss(new SoftmaxCrossEntropy());
        Run(model, Samples.Tensor(new Shape(5, 3)), (int[])[0, 1, 1, 0, 1]);
        model.Forward(Samples.Tensor(new Shape(5, 3), 7)); // a second pass, with a different mask
        model.Loss((int[])[1, 1, 1, 0, 1]);
        model.ZeroGradients();
        model.Backward();

        Tensor[] all =
        [
            .. model.Nodes.SelectMany(node => (IEnumerable<Tensor>)[node.Value, .. node.Context.AllBuffers]),
            .. model.Nodes.Select(node => node.Gradient).OfType<Tensor>(),
            .. model.Parameters.SelectMany(parameter => (Tensor[])[parameter.Value, parameter.Gradient]), .. norm.State,
        ];
        float[][] before = [.. all.Select(tensor => tensor.Span.ToArray())];
        IReadOnlyList<ulong> random = model.RandomState;
        Check(model.Explain(model.Parameters[0], 1, 1, int.MaxValue), model.Parameters[0].Gradient[1, 1], within: 0.01);
        Assert.Equal(before, all.Select(tensor => tensor.Span.ToArray()));
        Assert.Equal(random, model.RandomState);
        Assert.All(model.Nodes.Where(node => node.NeedsGradient), node => Assert.True(node.HasReceivedGradient));
    }

    [Fact]
    public void Explain_NaN_ShowsItsOrigin()
    {
        Graph graph = Residual(out Linear hidden, nan: true);
        Explanation explanation = graph.Explain(hidden.Weight, 1, 2);
        Assert.True(double.IsNaN(explanation.Total));
        Assert.True(double.IsNaN(explanation.Stored));
        Assert.Contains("x[0,1] · dL/d hidden[0,2]  =  NaN · NaN  =  NaN", explanation.ToString());
        Assert.Contains("\\text{NaN}", explanation.ToMarkdown());
    }

    [Fact]
    public void Explain_GradientsOfTwoPasses_ReportsDifferentStoredGradient()
    {
        Graph graph = Residual(out Linear hidden);
        graph.Backward();
        Explanation explanation = graph.Explain(hidden.Weight, 1, 2);
        Assert.Equal(2 * explanation.Total, explanation.Stored, 1e-5);
        Assert.Contains("The graph holds a different gradient", explanation.ToString());
    }

    [Fact]
    public void Explain_LossDoesNotDependOnParameter_SaysSo()
    {
        Graph graph = Residual(out _);
        var unused = new Linear(4, 1);
        graph.Add("unused", unused, graph["relu"]);
        Run(graph, Samples.Tensor(new Shape(2, 3)), (int[])[1, 3]);
        Assert.Contains("dL/d unused.weight[0,0] = 0: the loss does not depend on it", graph.Explain(unused.Weight, 0).ToString());
        Explanation loss = graph.Explain(graph["loss"], 0);
        Assert.Equal((1, 1), (loss.Total, loss.FiniteDifference!.Value));
    }

    [Fact]
    public void Explain_BeforeBackwardOrAfterStep_Throws()
    {
        Graph graph = Residual(out Linear hidden, run: false);
        Tensor x = Samples.Tensor(new Shape(2, 3));
        Refused();
        graph.Forward(x);
        Refused();
        graph.Loss((int[])[1, 3]);
        Refused();
        graph.Backward();
        _ = graph.Explain(hidden.Weight, 0);
        new SGD(graph.Parameters, 0.1f).Step();
        Assert.Contains("hidden (Linear 3 -> 4) does not hold", Refused());
        graph.Forward(x);
        Refused();
        graph.Loss((int[])[1, 3]);
        Refused();
        graph.Backward();
        _ = graph.Explain(hidden.Weight, 0);
        x[0, 0] += 1;
        Refused();

        string Refused()
        {
            _ = Assert.Throws<InvalidOperationException>(() => graph.Explain(graph["hidden"], 0));
            return Assert.Throws<InvalidOperationException>(() => graph.Explain(hidden.Weight, 0)).Message;
        }
    }

    [Fact]
    public void Explain_InvalidElement_Throws()
    {
        Graph graph = Residual(out Linear hidden);
        Assert.Throws<ArgumentOutOfRangeException>(() => graph.Explain(hidden.Weight, 3, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => graph.Explain(hidden.Weight, 0, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => graph.Explain(hidden.Bias!, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => graph.Explain(graph["sum"], 2, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => graph.Explain(hidden.Weight, 0, 0, depth: 0));
        Assert.Throws<ArgumentException>(() => graph.Explain(new Linear(3, 4).Weight, 0));
        Assert.Throws<ArgumentException>(() => graph.Explain(Residual(out _)["sum"], 0));
        Assert.Contains("needsGradient: true", Assert.Throws<ArgumentException>(() => graph.Explain(graph["x"], 0)).Message);
    }

    [Fact]
    public void Explain_AtKink_ReportsErrorOfFiniteDifference()
    {
        var graph = new Graph();
        Node x = graph.Input("my_x", Shape.Batch(1), needsGradient: true);
        graph.Add("relu", new ReLU(), x);
        graph.AddLoss(new MeanAbsoluteError());
        Run(graph, new Tensor(new float[,] { { 0 } }), new Tensor(new float[,] { { 5 } }));
        Explanation explanation = graph.Explain(x, 0);
        Assert.Equal((0, -0.5, 1), (explanation.Total, explanation.FiniteDifference!.Value, explanation.RelativeError));
        Assert.Contains("a kink", explanation.ToString());
        Assert.Contains("\\frac{\\partial L}{\\partial \\text{my\\_x}_{0,0}}", explanation.ToMarkdown());
    }

    private static Graph Residual(out Linear hidden, bool run = true, bool nan = false)
    {
        var graph = new Graph(seed: 1);
        hidden = new Linear(3, 4);
        Node h = graph.Add("hidden", hidden, graph.Input("x", X)), r = graph.Add("relu", new ReLU(), h);
        graph.Add("sum", new Add(), h, r);
        graph.AddLoss(new SoftmaxCrossEntropy());
        Tensor x = Samples.Tensor(new Shape(2, 3));
        x[0, 1] = nan ? float.NaN : x[0, 1];
        if (run)
        {
            Run(graph, x, (int[])[1, 3]);
        }

        return graph;
    }

    private static void Run(Graph graph, Tensor x, Targets targets)
    {
        graph.Forward(x);
        graph.Loss(targets);
        graph.ZeroGradients();
        graph.Backward();
    }

    private static Graph GraphOf(Operation operation, Shape shape, RandomStream random)
    {
        var graph = new Graph(seed: 6);
        Node x = graph.Input("x", shape, needsGradient: true);
        Tensor[] inputs =
        [
            operation is Embedding embedding
                ? CorrectOperationsTests.Indices(shape, random, embedding.Count)
                : CorrectOperationsTests.InDomain(
                operation,
                Samples.Tensor(shape, random)),
        ];
        if (operation is BinaryLayer merge)
        {
            Shape other = operation is MatMul ? (shape.Rank == 2 ? new(shape.Columns, 2) : new(shape[0], shape[2], 2)) : shape;
            inputs = [inputs[0], Samples.Tensor(other, random)];
            graph.Add("y", merge, x, graph.Input("b", other, needsGradient: true));
        }
        else if (operation is Layer layer)
        {
            graph.Add("y", layer, x);
        }

        Loss loss = operation as Loss ?? new MeanSquaredError();
        graph.AddLoss(loss);
        graph.Forward(inputs);
        graph.Loss(CorrectOperationsTests.TargetsOf(loss, graph.Output.Value.Shape, random));
        graph.ZeroGradients();
        graph.Backward();
        return graph;
    }

    // Checks the first, the last and some elements in between.
    private static void ForSome(Shape shape, Action<int, int> check)
    {
        for (int k = 0; k < shape.Length; k += Math.Max(1, (shape.Length - 1) / 3))
        {
            check(k / shape.Columns, k % shape.Columns);
        }
    }

    /// <summary>Parses the text, multiplies the factors and adds up the products.</summary>
    private static void Check(Explanation explanation, double stored, double within = double.PositiveInfinity, double digits = 2e-5)
    {
        string text = explanation.ToString();
        Assert.Equal(stored, explanation.Stored);
        Assert.Equal(stored, explanation.Gradients[0].ByBackward);
        (string Name, double Gradient, double Rounding, double Sum, double Sizes)[] printed = [.. ReadBack(text)];
        Assert.Equal(
            explanation.Gradients.Where(gradient => gradient.Branches.Count + gradient.Start > 0).Select(gradient => gradient.Factor.Name),
            printed.Select(p => p.Name));
        Assert.All(
            explanation.Gradients.Where(gradient => gradient.Branches.Count + gradient.Start == 0),
            gradient => Assert.Equal(0, gradient.ByBackward));
        foreach ((string name, double gradient, double rounding, double sum, double sizes) in printed)
        {
            Assert.True(Math.Abs(gradient - sum) <= rounding, $"{name}: {gradient} is not {sum} ± {rounding}, in\n{text}");
            Assert.True(rounding <= digits * sizes, $"{name}: ± {rounding} says little, in\n{text}");
        }

        double[] products =
        [
            .. Number()
                .Matches(string.Join(
                    '\n',
                    explanation.ToMarkdown().Split('\n').Where(line => line.Contains("\\cdot", StringComparison.Ordinal))))
                .Select(Read),
        ];
        double[] same =
        [
            .. ProductLine().Matches(text).SelectMany(match => (double[])
                [
                    double.Parse(match.Groups["a"].Value, CultureInfo.InvariantCulture),
                    double.Parse(match.Groups["b"].Value, CultureInfo.InvariantCulture),
                ]),
        ];
        Assert.Equal(same, products);

        if (explanation.FiniteDifference is { } difference)
        {
            Assert.True(Math.Abs(difference.Value - stored) <= (0.02 * Math.Abs(stored)) + (40 * difference.Rounding), text);
            Assert.True(explanation.RelativeError <= within, text);
        }
    }

    private static double Read(Match match) =>
        double.Parse(
            $"{match.Groups["digits"]}E{(match.Groups["power"].Success ? match.Groups["power"] : "0")}",
            CultureInfo.InvariantCulture);

    private static IEnumerable<(string Name, double Gradient, double Rounding, double Sum, double Sizes)> ReadBack(string text)
    {
        foreach (Match heading in Heading().Matches(text))
        {
            string[] lines = [.. text[(heading.Index + heading.Length)..].Split('\n').Skip(1).TakeWhile(line => line.Length > 0)];
            double[] products =
            [
                .. lines.Select(line => ProductLine().Match(line)).Where(match => match.Success).Select(
                    match => Parse(match, "a") * Parse(match, "b")),
                .. lines.Select(line => Rest().Match(line)).Where(match => match.Success).Select(match => Parse(match, "rest")),
            ];
            int start = heading.Groups["name"].Value == "dL/d loss" ? 1 : 0;
            yield return (
                heading.Groups["name"].Value,
                Parse(heading, "gradient"),
                Parse(heading, "rounding"),
                products.Sum() + start,
                products.Sum(Math.Abs) + start);
        }

        static double Parse(Match match, string group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(
        @"^(?<name>dL/d \S+) = (?<gradient>\S+) ± (?<rounding>\S+)$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex Heading();

    [GeneratedRegex(@"  =  \(?(?<a>[-.\dE+]+)\)? · \(?(?<b>[-.\dE+]+)\)?  =  (?<product>\S+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ProductLine();

    [GeneratedRegex(@"smaller products together  =  (?<rest>\S+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Rest();

    [GeneratedRegex(@"\\underbrace\{\(?(?<digits>[-.\d]+)( \\times 10\^\{(?<power>[-\d]+)\})?\)?\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Number();
}
