using MiniNet.Data;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Models;
using MiniNet.Tensors;

namespace MiniNet.Tests.Models;

/// <summary>Creates very small classifiers: columns a (number), colour (red or blue) and b (number); classes no and yes.</summary>
internal static class TinyClassifier
{
    public static Preprocessing Preprocessing() =>
        new(
            [new StandardScaler("a", 10.25, 2.5), new OneHotEncoder("colour", ["blue", "red"]), new StandardScaler("b", -1e-3, 1 / 3.0)],
            "answer",
            ["no", "yes"]);

    public static Classifier Chain() =>
        new(new Sequential(seed: 7, new Linear(4, 5), new Tanh(), new Linear(5, 2, bias: false)), Preprocessing());

    /// <summary>h₁ = relu(f(x)), h₂ = relu(f(h₁)) with the same f, y = g(x + h₂).</summary>
    public static Classifier Residual()
    {
        var graph = new Graph(seed: 8);
        var shared = new Linear(4, 4);
        Node x = graph.Input("x", Shape.Batch(4));
        Node h1 = graph.Add("relu1", new ReLU(), graph.Add("first", shared, x));
        Node h2 = graph.Add("relu2", new ReLU(), graph.Add("second", shared, h1));
        graph.Add("output", new Linear(4, 2), graph.Add("sum", new Add(), x, h2));
        return new Classifier(graph, Preprocessing());
    }

    /// <summary>
    /// Has all layers with a structure, with settings other than the defaults, and with running statistics from two batches.
    /// </summary>
    public static Classifier Structured()
    {
        var graph = new Graph(seed: 9);
        Node x = graph.Input("x", Shape.Batch(4));
        Node images = graph.Add("images", new Unflatten(1, 2, 2), graph.Add("norm1", new BatchNorm1d(4), x));
        Node conv = graph.Add("conv", new Conv2d(1, 3, (3, 2), stride: (2, 1), padding: 1), images);
        Node pooled = graph.Add(
            "max", new MaxPool2d((1, 2), 1, (0, 1)), graph.Add("norm2", new BatchNorm2d(3, 1e-3f, 0.2f, affine: false), conv));
        Node flat = graph.Add("flat", new Flatten(), graph.Add("average", new AveragePool2d((1, 2)), pooled));
        var index = new Linear(4, 1);
        Node words = graph.Add("words", new Embedding(3, 2), graph.Add("index", index, x));
        Node squares = graph.Add("norm3", new LayerNorm(new Shape(2, 2)), graph.Add("squares", new Unflatten(2, 2), x));
        Node product = graph.Add("flat2", new Flatten(), graph.Add("product", new MatMul(), words, squares));
        graph.Add("output", new Linear(8, 2), graph.Add("joined", new Concat(), flat, product));
        index.Weight.Value.Clear();
        index.Bias!.Value.Span[0] = 1; // the index of every row
        graph.Forward(Samples.Tensor(new Shape(6, 4), 1));
        graph.Forward(Samples.Tensor(new Shape(5, 4), 2));
        return new Classifier(graph, Preprocessing());
    }

    /// <summary>p(yes) = σ(a − 10): the scores are 0 and a − 10, and do not depend on colour and b.</summary>
    public static Classifier Known()
    {
        Classifier classifier = new(new Sequential(seed: 1, new Linear(4, 2)), Preprocessing());
        var layer = (Linear)classifier.Network["0"].Operation!;
        layer.Weight.Value.Clear();
        layer.Weight.Value[0, 1] = 2.5f;
        (layer.Bias!.Value.Span[0], layer.Bias.Value.Span[1]) = (0, .25f);
        return classifier;
    }

    /// <summary>
    /// Creates a CSV text with a header and random values of a, colour, b and answer; other columns hold their name and the row.
    /// </summary>
    public static string Csv(int rows, ulong seed, params string[] columns)
    {
        var random = new RandomStream(seed, "rows");
        var lines = new List<string> { string.Join(',', columns) };
        for (int row = 0; row < rows; row++)
        {
            string a = $"{random.NextUniform(5, 15):F3}";
            string colour = random.NextInt32(2) == 0 ? "red" : "blue";
            string b = $"{random.NextUniform(-1, 1):F3}";
            string answer = random.NextInt32(2) == 0 ? "no" : "yes";
            lines.Add(string.Join(',', columns.Select(column => column switch
            {
                "a" => a,
                "colour" => colour,
                "b" => b,
                "answer" => answer,
                _ => $"{column}{row}",
            })));
        }

        return string.Join('\n', lines) + "\n";
    }
}
