using MiniNet.Data;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Optimizers;
using MiniNet.Plots;
using MiniNet.Stepping;
using MiniNet.Tensors;

namespace MiniNet.Tests.Page;

/// <summary>Steps, and the page made of them.</summary>
internal sealed record Pages(List<Step> Steps, string Html)
{
    public static string[] Names { get; } = ["iris", "residual", "images", "others"];

    public static Pages Of(string name) => name switch { "iris" => Iris(), "residual" => Residual(), "images" => Images(), _ => Others() };

    /// <summary>A classifier of four columns, and one row.</summary>
    public static Pages Iris()
    {
        CsvDataset data = CsvDataset.Load(Repository.Dataset("iris.csv"), target: "species");
        var graph = new Sequential(seed: 1, new Linear(4, 16), new ReLU(), new Linear(16, 3));
        graph.AddLoss(new SoftmaxCrossEntropy());
        Batch batch = default!;
        foreach (Batch first in new DataLoader(Preprocessing.Fit(data).Apply(data), batchSize: 1, seed: 1))
        {
            batch = first;
            break;
        }

        return Made(graph, [batch.Inputs], batch.Targets, new Adam(graph.Parameters, 0.01f), "iris.csv, one row");
    }

    /// <summary>One value used twice, so that its gradient is a sum; three rows.</summary>
    public static Pages Residual()
    {
        var graph = new Graph(seed: 1);
        Node x = graph.Input("x", Shape.Batch(4));
        Node h = graph.Add("hidden", new Linear(4, 5), x);
        Node t = graph.Add("tanh", new Tanh(), h);
        Node s = graph.Add("sum", new Add(), h, t);
        graph.Add("out", new Linear(5, 3), s);
        graph.AddLoss(new SoftmaxCrossEntropy());
        return Made(graph, [Random(new Shape(3, 4))], new[] { 0, 1, 2 }, new SGD(graph.Parameters, 0.1f), "A residual graph");
    }

    /// <summary>Many kinds of layers, matrices larger than is shown at first, and names to stumble over.</summary>
    public static Pages Images()
    {
        var graph = new Graph(seed: 2);
        Node x = graph.Input("<img src=x onerror=hacked=1>", Shape.Batch(1, 8, 8));
        Node conv = graph.Add("conv", new Conv2d(1, 4, 3, padding: 1), x);
        Node pool = graph.Add("pool", new MaxPool2d(2), graph.Add("relu", new ReLU(), graph.Add("norm", new BatchNorm2d(4), conv)));
        Node dense = graph.Add("dense \"'{{data}}", new Linear(64, 32), graph.Add("flat", new Flatten(), pool));
        Node dropped = graph.Add("dropout", new Dropout(0.5f), graph.Add("gelu", new GELU(), dense));
        Node gate = graph.Add("gate", new Multiply(), dropped, dense);
        graph.Add("</script><script>hacked=1</script>", new Linear(32, 10), graph.Add("σ 😀", new Sigmoid(), gate));
        graph.AddLoss(new SoftmaxCrossEntropy());
        return Made(graph, [Random(new Shape(2, 1, 8, 8))], new[] { 3, 7 }, null, "</title></script><script>hacked=1</script> & \"größe\" 😀");
    }

    /// <summary>Layers whose equations the page takes in other ways: products of two nodes, lookups, rows made as a whole; two inputs, targets that are values, and gradients that are clipped.</summary>
    public static Pages Others()
    {
        var graph = new Graph(seed: 3);
        Node x = graph.Input("x", Shape.Batch(4)), ids = graph.Input("ids", Shape.Batch(2));
        Node a = graph.Add("a", new Linear(4, 3), x), b = graph.Add("b", new Linear(4, 3, bias: false), x);
        Node product = graph.Add("a·b", new Softmax(), graph.Add("normal", new LayerNorm(3), graph.Add("product", new MatMul(), a, b)));
        Node looked = graph.Add("flat", new Flatten(), graph.Add("looked up", new Embedding(5, 2), ids));
        Node together = graph.Add("together", new Concat(), product, looked);
        graph.Add("silu", new SiLU(), graph.Add("out", new Linear(7, 2), together));
        graph.AddLoss(new MeanSquaredError());
        var words = new Tensor(new Shape(3, 2));
        ((float[])[0, 1, 4, 4, 2, 0]).CopyTo(words.Span);
        return Made(graph, [Random(new Shape(3, 4)), words], Random(new Shape(3, 2)), new RMSProp(graph.Parameters, 0.01f), "Others", maxGradientNorm: 0.1f);
    }

    /// <summary>Numbers that JSON does not know, and a zero below 0.</summary>
    public static Pages Odd()
    {
        var graph = new Graph(seed: 1);
        Node x = graph.Input("x", Shape.Batch(7));
        graph.Add("leaky", new LeakyReLU(1), x);
        var odd = new Tensor(new Shape(1, 7), "x");
        ((float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity, -0f, float.Epsilon, float.MaxValue, 1f / 3]).CopyTo(odd.Span);
        List<Step> steps = [new BackpropStepper(graph, odd).Next()!];
        return new Pages(steps, BackpropPage.Draw(graph, steps, "odd"));
    }

    private static Pages Made(Graph graph, ReadOnlySpan<Tensor> inputs, Targets targets, Optimizer? optimizer, string title, float? maxGradientNorm = null)
    {
        List<Step> steps = [];
        foreach (Step step in new BackpropStepper(graph, inputs, targets, optimizer, maxGradientNorm: maxGradientNorm))
        {
            steps.Add(step);
        }

        return new Pages(steps, BackpropPage.Draw(graph, steps, title));
    }

    private static Tensor Random(Shape shape)
    {
        var random = new RandomStream(1, "test data");
        var tensor = new Tensor(shape);
        foreach (ref float number in tensor.Span)
        {
            number = random.NextNormal();
        }

        return tensor;
    }
}
