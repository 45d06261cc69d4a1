using System.Reflection;
using MiniNet.Data;
using MiniNet.Debugging;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Stepping;
using MiniNet.Tensors;
using MiniNet.Tests.Graphs;

namespace MiniNet.Tests.Debugging;

public class ProxyTests
{
    [Fact]
    public void TensorProxy_ShowsRows()
    {
        var tensor = new Tensor(new float[,] { { 1, -0.25f }, { float.NaN, 123456 } });
        TensorRow[] rows = ((TensorProxy)DisplayString.Proxy(tensor)).Rows;
        Assert.Equal(["1  -0.25", "NaN  1.235E+05"], rows.Select(DisplayString.Of));
        Assert.Equal([float.NaN, 123456], rows[1].Numbers);
        Assert.NotSame(tensor, rows[0].Numbers);
    }

    [Fact]
    public void TensorProxy_ManyRowsAndColumns_ShowsFirst()
    {
        TensorRow[] rows = new TensorProxy(new Tensor(new Shape(1000, 2000))).Rows;
        Assert.Equal(101, rows.Length);
        Assert.Equal("... 1000 rows in all", rows[100].Text);
        Assert.Equal(1000, rows[0].Numbers.Length);
        Assert.Equal("0" + string.Concat(Enumerable.Repeat("  0", 15)) + "  ... 2000 numbers", rows[0].Text);
    }

    [Theory]
    [InlineData]
    [InlineData(0)]
    [InlineData(0, 3)]
    [InlineData(3, 0)]
    [InlineData(2, 3, 4, 5)]
    public void TensorProxy_AnyShape_HasRows(params int[] shape)
    {
        TensorRow[] rows = new TensorProxy(new Tensor(new Shape(shape))).Rows;
        Assert.Equal(shape.Contains(0) ? 0 : shape.Length == 0 ? 1 : shape[0], rows.Length);
    }

    [Fact]
    public void TensorProxy_TensorMarkedAsCleared_KeepsMark()
    {
        var tensor = Samples.Tensor(new Shape(2, 3), name: "dW");
        FieldInfo mark = typeof(Tensor).GetField("isCleared", BindingFlags.Instance | BindingFlags.NonPublic)!;
        mark.SetValue(tensor, true); // as ClearLazily does with the SIMD kernels
        Assert.Equal("dW [2x3] 0..0", DisplayString.Of(tensor));
        Assert.Equal("dW [2, 3] 0..0", tensor.ToString());
        Assert.True(tensor.IsFinite);
        Assert.Equal(["0  0  0", "0  0  0"], new TensorProxy(tensor).Rows.Select(row => row.Text));
        Assert.True((bool)mark.GetValue(tensor)!);
    }

    // The debugger must not evaluate properties that would clear the elements.
    [Theory]
    [InlineData("Span")]
    [InlineData("Data")]
    [InlineData("Matrix")]
    [InlineData("Channels")]
    public void PropertiesThatClear_AreHiddenFromDebugger(string property) =>
        Assert.NotNull(typeof(Tensor)
            .GetProperty(property, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)!
            .GetCustomAttribute<System.Diagnostics.DebuggerBrowsableAttribute>());

    // Otherwise, a debugger shows a Results View, and to expand it would run steps or start another epoch.
    [Fact]
    public void Sequences_HaveAProxy_WhichRunsNothing()
    {
        Graph graph = Everything();
        var stepper = new BackpropStepper(graph, Samples.Tensor(new Shape(6, 8)), new Targets([0, 1, 2, 3, 4, 5]));
        var loader = new DataLoader(new Dataset(new Tensor(new Shape(6, 8)), new Targets(new int[6])), batchSize: 2);
        ulong random = loader.Random.State;
        foreach (object proxy in (object[])[DisplayString.Proxy(stepper), DisplayString.Proxy(loader)])
        {
            Assert.False(proxy is System.Collections.IEnumerable);
            Assert.All(proxy.GetType().GetProperties(), property => property.GetValue(proxy));
        }

        Assert.Equal(0, stepper.Position);
        Assert.Equal(random, loader.Random.State);
    }

    [Fact]
    public void NodeProxy_Consumers_MatchContributionsOfStepper()
    {
        Graph graph = Everything();
        var x = Samples.Tensor(new Shape(6, 8));
        var classes = new Targets([0, 1, 2, 3, 4, 5]);
        List<(string From, string Equation, float[] Added)> steps = [];
        foreach (Step step in new BackpropStepper(graph, x, classes))
        {
            if (step.Kind == StepKind.Backward)
            {
                steps.AddRange(
                    step.Contributions.Where(c => graph.Nodes.Any(node => node.Name == c.To))
                        .Select(c => (step.Name, c.Equation.Text, c.Added.Span.ToArray())));
            }
        }

        List<Use> uses = [.. graph.Nodes.Where(node => node.NeedsGradient)
            .SelectMany(node => ((NodeProxy)DisplayString.Proxy(node)).Consumers)];
        Assert.Equal(steps.Select(step => step.From).Order(), uses.Select(use => use.Node.Name).Order());
        foreach ((string from, string equation, float[] added) in steps)
        {
            Use use = uses.First(use => use.Node.Name == from && use.Equation == equation);
            Assert.StartsWith($"{from}: {equation}   ", DisplayString.Of(use), StringComparison.Ordinal);
            Assert.Equal(use.Node.Operation is LayerNorm ? null : added, use.Added?.Span.ToArray());
        }
    }

    [Fact]
    public void NodeProxy_Consumers_AddUpToGradient()
    {
        var graph = new Graph();
        Node x = graph.Input("x", new Shape(1, 1), needsGradient: true);
        graph.Add("sum", new Add(), graph.Add("square", new Multiply(), x, x), x);
        graph.Forward(new Tensor(new float[,] { { 3 } }));
        var proxy = new NodeProxy(x);
        Assert.All(proxy.Consumers, use => Assert.EndsWith("no gradient has reached it", use.Text, StringComparison.Ordinal));
        graph.Backward();
        Assert.Equal(
            ["square: dA += dY ⊙ b   dA [1x1] 3..3", "square: dB += dY ⊙ a   dB [1x1] 3..3", "sum: dB += dY   dB [1x1] 1..1"],
            proxy.Consumers.Select(use => use.Text));
        Assert.Equal(7, proxy.Gradient!.Span[0]);
        Assert.Equal("the contributions of the consumers add up to the gradient", proxy.Sum);
        var stepper = new BackpropStepper(graph, new Tensor(new float[,] { { 3 } }));
        stepper.RunUntil(step => step is { Kind: StepKind.Backward, Name: "sum" });
        Assert.StartsWith("differs from the gradient", proxy.Sum, StringComparison.Ordinal);
        stepper.RunUntil(step => step is { Kind: StepKind.Backward, Name: "square" });
        Assert.StartsWith("the contributions of the consumers", proxy.Sum, StringComparison.Ordinal);
    }

    [Fact]
    public void Proxies_ReadCompletely_ChangeNothingAndNeverThrow()
    {
        Graph graph = Everything();
        graph.Add("custom", new CallCounter(), graph["logits"]);
        LookAtAll(graph);                                                       // before the first pass
        graph.Forward(Samples.Tensor(new Shape(6, 8)));
        graph.Loss(new Targets([0, 1, 2, 3, 4, 5]));
        LookAtAll(graph);
        graph.ZeroGradients();
        graph.Backward();
        float[] before = StateOf(graph);
        LookAtAll(graph);
        Assert.Equal(before, StateOf(graph));
        Assert.Equal(0, ((CallCounter)graph["custom"].Operation!).Backwards);
        graph.Forward(Samples.Tensor(new Shape(2, 8)));                         // gradients with six rows, values with two
        LookAtAll(graph);
        LookAtAll(new Graph());
    }

    // A residual connection, a shared value, dropout, layers with and without parameters, and a loss.
    private static Graph Everything()
    {
        var graph = new Graph(seed: 1);
        Node x = graph.Input("x", Shape.Batch(8));
        Node h = graph.Add("hidden", new Linear(8, 8), x);
        Node r = graph.Add("relu", new ReLU(), h);
        Node d = graph.Add("dropout", new Dropout(0.5f), r);
        Node m = graph.Add("gate", new Multiply(), h, d);
        Node n = graph.Add("norm", new LayerNorm(8), m);
        Node c = graph.Add("both", new Concat(), n, h);
        graph.Add("logits", new Linear(16, 6), c);
        graph.AddLoss(new SoftmaxCrossEntropy());
        return graph;
    }

    private static void LookAtAll(Graph graph)
    {
        Expand(DisplayString.Proxy(graph));
        foreach (Node node in graph.Nodes)
        {
            Expand(DisplayString.Proxy(node));
        }

        foreach (Parameter parameter in graph.Parameters)
        {
            Expand(DisplayString.Proxy(parameter));
        }
    }

    // Reads every property, its text, and the rows of tensors, as the Locals window does.
    private static void Expand(object proxy)
    {
        foreach (PropertyInfo property in proxy.GetType().GetProperties())
        {
            foreach (object? value in property.GetValue(proxy) is Array array ? array.Cast<object?>() : [property.GetValue(proxy)])
            {
                _ = value is Tensor or Node or Parameter or Use ? DisplayString.Of(value) : value?.ToString();
                _ = value is Tensor tensor ? new TensorProxy(tensor).Rows : null;
            }
        }
    }

    private static float[] StateOf(Graph graph) =>
    [
        .. graph.Nodes.SelectMany(
            node => node.Value.Span.ToArray()
                .Concat(node.Gradient?.Span.ToArray() ?? []).Concat(node.Context.AllBuffers.SelectMany(kept => kept.Span.ToArray()))),
        .. graph.Parameters.SelectMany(parameter => parameter.Value.Span.ToArray().Concat(parameter.Gradient.Span.ToArray())),
        .. graph.RandomState.Select(state => (float)state),
    ];
}
