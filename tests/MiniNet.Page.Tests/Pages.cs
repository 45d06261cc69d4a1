using MiniNet.Data;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Optimizers;
using MiniNet.Pages;
using MiniNet.Stepping;
using MiniNet.Tensors;
using MiniNet.Tests.Conventions;

namespace MiniNet.Tests.Page;

/// <summary>Represents a page with the steps that it shows.</summary>
internal sealed record Pages(List<Step> Steps, string Html, Optimizer? Optimizer = null)
{
    public static string[] Names { get; } = ["iris", "residual", "images", "others"];

    public static Pages Of(string name) => name switch
    {
        "iris" => Iris(),
        "residual" => Residual(),
        "images" => Images(),
        "words" => Words(),
        "windows" => Windows(),
        "norms" => Norms(Phase.Training),
        "inference" => Norms(Phase.Inference),
        "merges" => Merges(),
        "activations" => Activations(),
        "weighed" => Classes(new SoftmaxCrossEntropy([1, 2, 0.5f], 0.1f), new[] { 2, 0 }),
        "soft" => Classes(new SoftmaxCrossEntropy(), new Tensor(new float[,] { { 0.2f, 0.5f, 0.3f }, { 0, 1, 0 } })),
        "custom" => Custom(),
        "yes or no" => Classes(new BinaryCrossEntropyWithLogits(), new Tensor(new float[,] { { 1, 0, 1 }, { 0, 1, 0 } })),
        _ => Others(),
    };

    /// <summary>Creates a classifier with four input columns, and one row.</summary>
    public static Pages Iris()
    {
        CsvDataset data = CsvDataset.Load(Repository.Dataset("iris.csv"), target: "species");
        var graph = new Sequential(seed: 1, new Linear(4, 16), new ReLU(), new Linear(16, 3));
        graph.AddLoss(new SoftmaxCrossEntropy());
        Preprocessing preprocessing = Preprocessing.Fit(data);
        Batch batch = default!;
        foreach (Batch first in new DataLoader(preprocessing.Apply(data), batchSize: 1, seed: 1))
        {
            batch = first;
            break;
        }

        return Create(
            graph,
            [batch.Inputs],
            batch.Targets,
            new Adam(graph.Parameters, 0.01f),
            "iris.csv, one row",
            preprocessing: preprocessing);
    }

    /// <summary>Creates a graph that uses one value twice, so that its gradient is a sum; three rows.</summary>
    public static Pages Residual()
    {
        var graph = new Graph(seed: 1);
        Node x = graph.Input("x", Shape.Batch(4));
        Node h = graph.Add("hidden", new Linear(4, 5), x);
        Node t = graph.Add("tanh", new Tanh(), h);
        Node s = graph.Add("sum", new Add(), h, t);
        graph.Add("out", new Linear(5, 3), s);
        graph.AddLoss(new SoftmaxCrossEntropy());
        return Create(graph, [Random(new Shape(3, 4))], new[] { 0, 1, 2 }, new SGD(graph.Parameters, 0.1f), "A residual graph");
    }

    /// <summary>Creates a graph with many kinds of layers, matrices too large to be shown completely, and names with markup.</summary>
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
        return Create(
            graph,
            [Random(new Shape(2, 1, 8, 8))],
            new[] { 3, 7 },
            null,
            "</title></script><script>hacked=1</script> & \"größe\" 😀");
    }

    /// <summary>
    /// Creates a graph whose equations the page handles in other ways: products of two nodes, lookups, row-wise operations, two inputs,
    /// regression targets, and gradient clipping.
    /// </summary>
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
        return Create(
            graph,
            [Random(new Shape(3, 4)), words],
            Random(new Shape(3, 2)),
            new RMSProp(graph.Parameters, 0.01f),
            "Others",
            maxGradientNorm: 0.1f);
    }

    /// <summary>Creates an embedding whose rows are looked up once, several times, or never.</summary>
    public static Pages Words()
    {
        var graph = new Graph(seed: 1);
        Node words = graph.Add("looked up", new Embedding(6, 2), graph.Input("ids", Shape.Batch(3)));
        graph.Add("mean", new Mean(), graph.Add("out", new Linear(6, 2), graph.Add("flat", new Flatten(), words)));
        return Create(graph, [new Tensor(new float[,] { { 0, 3, 3 }, { 5, 0, 3 } })], null, null, "Words");
    }

    /// <summary>Creates windows over images of two channels: some extend past the edge, some overlap, and some skip elements.</summary>
    public static Pages Windows()
    {
        var graph = new Graph(seed: 1);
        Node first = graph.Add("first", new Conv2d(2, 2, 2, stride: (1, 2), padding: (1, 0)), graph.Input("x", Shape.Batch(2, 3, 4)));
        Node second = graph.Add("second", new Conv2d(2, 1, 2, bias: false), first);
        Node greatest = graph.Add("greatest", new MaxPool2d(2, stride: 1), first),
            average = graph.Add("average", new AveragePool2d((2, 1), padding: (1, 0)), first);
        Node all = graph.Add("all", new Concat(), graph.Add("f1", new Flatten(), greatest), graph.Add("f2", new Flatten(), average));
        graph.Add("sum", new Sum(), graph.Add("all of all", new Concat(), all, graph.Add("f3", new Flatten(), second), graph["f1"]));
        return Create(graph, [Random(new Shape(2, 2, 3, 4))], null, null, "Windows");
    }

    /// <summary>Creates normalizations of rows and images, dropout and softmax, in the given phase.</summary>
    public static Pages Norms(Phase phase)
    {
        var graph = new Graph(seed: 1);
        Node x = graph.Input("x", Shape.Batch(2, 1, 2));
        Node image = graph.Add("of images", new BatchNorm2d(2), graph.Add("conv", new Conv2d(2, 2, 1), x));
        Node rows = graph.Add("of rows", new BatchNorm1d(4), graph.Add("dense", new Linear(4, 4), graph.Add("flat", new Flatten(), image)));
        Node groups = graph.Add(
            "of groups",
            new LayerNorm(2),
            graph.Add("apart", new Unflatten(2, 2), graph.Add("plain", new LayerNorm(4, affine: false), rows)));
        Node dropped = graph.Add(
            "dropout",
            new Dropout(0.5f),
            graph.Add(
                "bare",
                new BatchNorm1d(4, affine: false),
                graph.Add("flat again", new Flatten(), graph.Add("soft", new Softmax(), groups))));
        graph.Add("logs", new LogSoftmax(), graph.Add("last", new Linear(4, 3), dropped));
        graph.AddLoss(new KullbackLeibler());
        foreach (Parameter parameter in graph.Parameters)
        {
            foreach (ref float w in parameter.Value.Span)
            {
                w += 0.25f;
            }
        }

        var targets = new Tensor(new float[,] { { 0.2f, 0.5f, 0.3f }, { 0.1f, 0.1f, 0.8f }, { 0.6f, 0.2f, 0.2f } });
        return Create(graph, [Random(new Shape(3, 2, 1, 2))], targets, null, "Norms", phase: phase);
    }

    /// <summary>Creates operations that take two values, or the same value twice.</summary>
    public static Pages Merges()
    {
        var graph = new Graph(seed: 1);
        Node x = graph.Input("x", Shape.Batch(2)),
            w = graph.Input("w", Shape.Batch(2), needsGradient: true),
            a = graph.Add("a", new Linear(2, 2), x);
        Node square = graph.Add("square", new Multiply(), a, a), sum = graph.Add("sum", new Add(), square, a);
        Node ratio = graph.Add("ratio", new Divide(), sum, graph.Add("less", new Subtract(), w, a));
        Node root = graph.Add("power", new Power(3), ratio), shifted = graph.Add("affine", new Affine(-0.5f, 2), root);
        graph.Add("mean", new Mean(), graph.Add("squared", new Power(2), graph.Add("cos", new Cos(), shifted)));
        return Create(graph, [Random(new Shape(2, 2)), new Tensor(new float[,] { { 3, 4 }, { 5, -3 } })], null, null, "Merges");
    }

    /// <summary>Creates elementwise functions with their constants.</summary>
    public static Pages Activations()
    {
        var graph = new Graph(seed: 1);
        Node x = graph.Input("x", Shape.Batch(3), needsGradient: true);
        Layer[] layers =
            [new LeakyReLU(0.2f), new ELU(0.5f), new Softplus(2), new SiLU(), new Tanh(), new Sigmoid(), new ReLU(), new Exp()];
        Node[] all = [.. layers.Select((layer, i) => graph.Add($"{i}", layer, x))];
        Node sum = all[0];
        foreach (Node each in all[1..])
        {
            sum = graph.Add($"to {each.Name}", new Add(), sum, each);
        }

        graph.AddLoss(new MeanSquaredError());
        return Create(graph, [Random(new Shape(2, 3))], Random(new Shape(2, 3)), null, "Activations");
    }

    /// <summary>Creates a linear layer with the given loss and targets.</summary>
    public static Pages Classes(Loss loss, Targets targets)
    {
        var graph = new Graph(seed: 1);
        graph.Add("out", new Linear(4, 3, bias: false), graph.Input("x", Shape.Batch(4)));
        graph.AddLoss(loss);
        return Create(graph, [Random(new Shape(2, 4))], targets, null, "Classes");
    }

    /// <summary>Creates a single linear layer whose steps include the second update of an optimizer.</summary>
    public static Pages Updated(Func<IReadOnlyList<Parameter>, Optimizer> create)
    {
        var graph = new Graph(seed: 1);
        graph.Add("out", new Linear(2, 2), graph.Input("x", Shape.Batch(2)));
        graph.AddLoss(new MeanSquaredError());
        Optimizer optimizer = create(graph.Parameters);
        Tensor x = Random(new Shape(3, 2)), t = new(new Shape(3, 2));
        graph.Forward(x);
        graph.Loss(t);
        graph.Backward();
        optimizer.Step();
        return Create(graph, [x], t, optimizer, "Updated");
    }

    /// <summary>Creates values that JSON cannot represent as numbers, and a negative zero.</summary>
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

    /// <summary>Creates a graph with a custom layer and a custom optimizer.</summary>
    private static Pages Custom()
    {
        var graph = new Graph(seed: 1);
        Node hidden = graph.Add("hidden", new Linear(4, 4), graph.Input("x", Shape.Batch(4)));
        graph.Add("out", new Linear(4, 3), graph.Add("centre", new Centering(0.5f), hidden));
        graph.AddLoss(new SoftmaxCrossEntropy());
        return Create(graph, [Random(new Shape(3, 4))], new[] { 0, 1, 2 }, new SignOfMean(graph.Parameters, 0.1f), "custom");
    }

    private static Pages Create(
        Graph graph,
        ReadOnlySpan<Tensor> inputs,
        Targets? targets,
        Optimizer? optimizer,
        string title,
        float? maxGradientNorm = null,
        Phase phase = Phase.Training,
        Preprocessing? preprocessing = null)
    {
        List<Step> steps = [];
        foreach (Step step in new BackpropStepper(graph, inputs, targets, optimizer, phase, maxGradientNorm))
        {
            steps.Add(step);
        }

        return new Pages(steps, BackpropPage.Draw(graph, steps, title, optimizer, preprocessing), optimizer);
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
