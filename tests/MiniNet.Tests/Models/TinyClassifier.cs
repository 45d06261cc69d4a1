using MiniNet.Data;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Models;
using MiniNet.Tensors;

namespace MiniNet.Tests.Models;

/// <summary>Classifiers small enough to follow: columns a (number), colour (red or blue) and b (number); classes no and yes.</summary>
internal static class TinyClassifier
{
    public static Preprocessing Preprocessing() =>
        new([new StandardScaler("a", 10.25, 2.5), new OneHotEncoder("colour", ["blue", "red"]), new StandardScaler("b", -1e-3, 1 / 3.0)], "answer", ["no", "yes"]);

    public static Classifier Chain() => new(new Sequential(seed: 7, new Linear(4, 5), new Tanh(), new Linear(5, 2, bias: false)), Preprocessing());

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

    /// <summary>p(yes) = σ(a − 10): scores 0 and a − 10, whatever the colour and b.</summary>
    public static Classifier Known()
    {
        Classifier classifier = new(new Sequential(seed: 1, new Linear(4, 2)), Preprocessing());
        var layer = (Linear)classifier.Network["0"].Operation!;
        layer.Weight.Value.Clear();
        layer.Weight.Value[0, 1] = 2.5f;
        (layer.Bias!.Value.Span[0], layer.Bias.Value.Span[1]) = (0, .25f);
        return classifier;
    }

    /// <summary>Rows of a, colour, b and answer, and the header.</summary>
    public static string Csv(int rows, ulong seed, params string[] columns)
    {
        var random = new RandomStream(seed, "rows");
        var lines = new List<string> { string.Join(',', columns) };
        for (int row = 0; row < rows; row++)
        {
            string a = $"{random.NextUniform(5, 15):F3}", colour = random.NextInt32(2) == 0 ? "red" : "blue", b = $"{random.NextUniform(-1, 1):F3}";
            string answer = random.NextInt32(2) == 0 ? "no" : "yes";
            lines.Add(string.Join(',', columns.Select(column => column switch { "a" => a, "colour" => colour, "b" => b, "answer" => answer, _ => $"{column}{row}" })));
        }

        return string.Join('\n', lines) + "\n";
    }
}
