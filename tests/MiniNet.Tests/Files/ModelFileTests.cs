using System.Globalization;
using System.Text;
using System.Text.Json;
using MiniNet.Data;
using MiniNet.Files;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Models;
using MiniNet.Tensors;
using MiniNet.Tests.Models;

namespace MiniNet.Tests.Files;

public sealed class ModelFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Load_SavedClassifier_PredictsBitForBit(bool residual)
    {
        Classifier saved = residual ? TinyClassifier.Residual() : TinyClassifier.Chain();
        ModelFile.Save(folder["m"], saved);
        Classifier loaded = ModelFile.Load(folder["m"]);

        Assert.Equal(saved.Network.Seed, loaded.Network.Seed);
        Assert.Equal(saved.Network.Nodes.Select(node => node.Name), loaded.Network.Nodes.Select(node => node.Name), StringComparer.Ordinal);
        Assert.Equal(
            saved.Network.Parameters.Select(parameter => Bits(parameter.Value)),
            loaded.Network.Parameters.Select(parameter => Bits(parameter.Value)));
        Assert.Equal(residual, ReferenceEquals(loaded.Network.Nodes[1].Operation, loaded.Network.Nodes[3].Operation));

        var x = new Tensor(new Shape(33, 4));
        var random = new RandomStream(1, "rows");
        foreach (ref float value in x.Span)
        {
            value = random.NextNormal();
        }

        Assert.Equal(Bits(saved.Network.Predict(x)), Bits(loaded.Network.Predict(x)));
        Assert.Equal(saved.Predict("1.7", "red", "0.3").Probabilities, loaded.Predict("1.7", "red", "0.3").Probabilities);
    }

    [Fact]
    public void Load_StructuredLayers_PredictsBitForBit_AndKeepsTheirState()
    {
        Classifier saved = TinyClassifier.Structured();
        ModelFile.Save(folder["m"], saved);
        Classifier loaded = ModelFile.Load(folder["m"]);
        Assert.Equal(
            saved.Network.Nodes.Select(node => node.Describe()),
            loaded.Network.Nodes.Select(node => node.Describe()),
            StringComparer.Ordinal);
        Assert.Equal(
            saved.Network.NamedTensors().Select(entry => (entry.Name, string.Join(' ', Bits(entry.Tensor)))),
            loaded.Network.NamedTensors().Select(entry => (entry.Name, string.Join(' ', Bits(entry.Tensor)))));
        Tensor x = Samples.Tensor(new Shape(9, 4), 3);
        Assert.Equal(Bits(saved.Network.Predict(x)), Bits(loaded.Network.Predict(x)));
        ModelFile.Save(folder["again"], loaded);
        Assert.Equal(File.ReadAllBytes(folder["m"]), File.ReadAllBytes(folder["again"]));
    }

    [Fact]
    public void Save_StructuredLayers_HaveTheNamesAndLayoutOfPyTorch()
    {
        Classifier classifier = TinyClassifier.Structured();
        ModelFile.Save(folder["m"], classifier);
        var raw = new RawModel(File.ReadAllBytes(folder["m"]));
        Assert.Equal([3, 1, 3, 2], raw.Shape("conv.weight"));
        Assert.Equal(((Conv2d)classifier.Network["conv"].Operation!).Weight.Value.Span.ToArray(), raw.Values("conv.weight"));
        Assert.Equal(
            ["norm1.weight", "norm1.bias", "norm1.running_mean", "norm1.running_var"],
            raw.Tensors.Where(name => name.StartsWith("norm1.", StringComparison.Ordinal)));
        Assert.Equal(((BatchNorm1d)classifier.Network["norm1"].Operation!).RunningVariance.Span.ToArray(), raw.Values("norm1.running_var"));
        Assert.Equal([3, 2], raw.Shape("words.weight"));
        Assert.Equal([2, 2], raw.Shape("norm3.weight"));
        string architecture = raw.Metadata["architecture"]!.GetValue<string>();
        Assert.Contains(
            "\"kind\":\"Conv2d\",\"kernelSize\":[3,2],\"stride\":[2,1],\"padding\":[1,1],\"inChannels\":1,\"outChannels\":3,\"bias\":true,",
            architecture,
            StringComparison.Ordinal);
        Assert.Contains(
            "\"kind\":\"MaxPool2d\",\"kernelSize\":[1,2],\"stride\":[1,1],\"padding\":[0,1],", architecture, StringComparison.Ordinal);
        Assert.Contains(
            "\"kind\":\"AveragePool2d\",\"kernelSize\":[1,2],\"stride\":[1,2],\"padding\":[0,0],", architecture, StringComparison.Ordinal);
        Assert.Contains(
            "\"kind\":\"BatchNorm1d\",\"features\":4,\"epsilon\":1E-05,\"momentum\":0.1,\"affine\":true,",
            architecture,
            StringComparison.Ordinal);
        Assert.Contains(
            "\"kind\":\"BatchNorm2d\",\"features\":3,\"epsilon\":0.001,\"momentum\":0.2,\"affine\":false,",
            architecture,
            StringComparison.Ordinal);
        Assert.Contains(
            "\"kind\":\"LayerNorm\",\"shape\":[2,2],\"epsilon\":1E-05,\"affine\":true,", architecture, StringComparison.Ordinal);
        Assert.Contains("\"kind\":\"Embedding\",\"count\":3,\"dimensions\":2,", architecture, StringComparison.Ordinal);
        Assert.Contains("\"kind\":\"Unflatten\",\"shape\":[1,2,2],", architecture, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_KeepsThePreprocessing()
    {
        var preprocessing = new Preprocessing(
            [new OneHotEncoder("what \"quoted\"\n", ["", "ü, <&>", "😀"]), new StandardScaler("é", Math.PI * 1e300, double.Epsilon)],
            "tärget",
            ["1", "0", "ü"]);
        ModelFile.Save(folder["m"], new Classifier(new Sequential(ulong.MaxValue, new Linear(4, 3)), preprocessing));
        Classifier classifier = ModelFile.Load(folder["m"]);
        Preprocessing loaded = classifier.Preprocessing;
        Assert.Equal(ulong.MaxValue, classifier.Network.Seed);
        Assert.Equal("tärget", loaded.Target);
        Assert.Equal(["1", "0", "ü"], loaded.Classes);
        var words = Assert.IsType<OneHotEncoder>(loaded.Columns[0]);
        Assert.Equal("what \"quoted\"\n", words.Name);
        Assert.Equal(["", "ü, <&>", "😀"], words.Categories);
        var numbers = Assert.IsType<StandardScaler>(loaded.Columns[1]);
        Assert.Equal(("é", Math.PI * 1e300, double.Epsilon), (numbers.Name, numbers.Mean, numbers.StandardDeviation));
    }

    [Fact]
    public void Save_Twice_GivesTheSameBytesWithoutPathOrTime()
    {
        Directory.CreateDirectory(folder["elsewhere"]);
        ModelFile.Save(folder["m"], TinyClassifier.Residual());
        ModelFile.Save(Path.Combine(folder["elsewhere"], "n"), TinyClassifier.Residual());
        byte[] first = File.ReadAllBytes(folder["m"]);
        Assert.Equal(first, File.ReadAllBytes(Path.Combine(folder["elsewhere"], "n")));

        string text = Encoding.Latin1.GetString(first);
        Assert.DoesNotContain(Path.GetFileName(Path.GetDirectoryName(folder["m"]))!, text, StringComparison.Ordinal);
        Assert.DoesNotContain(DateTime.UtcNow.Year.ToString(CultureInfo.InvariantCulture) + "-", text, StringComparison.Ordinal);

        ModelFile.Save(folder["again"], ModelFile.Load(folder["m"]));
        Assert.Equal(first, File.ReadAllBytes(folder["again"]));
    }

    [Fact]
    public void Save_HasTheLayoutOfPyTorch()
    {
        Classifier classifier = TinyClassifier.Chain();
        ModelFile.Save(folder["m"], classifier);
        byte[] file = File.ReadAllBytes(folder["m"]);
        var raw = new RawModel(file);

        Assert.Equal(0, raw.HeaderLength % 8);
        Assert.Equal('{', raw.HeaderText[0]);
        Assert.Equal(["0.weight", "0.bias", "2.weight"], raw.Tensors, StringComparer.Ordinal);
        Assert.Equal([5, 4], raw.Shape("0.weight"));
        Assert.Equal([5], raw.Shape("0.bias"));
        Assert.Equal([2, 5], raw.Shape("2.weight"));
        Assert.Equal(4 * (20 + 5 + 10), raw.Data.Length);
        foreach (string name in new[] { "0", "2" })
        {
            var layer = (Linear)classifier.Network[name].Operation!;
            float[] stored = raw.Values($"{name}.weight");
            for (int j = 0; j < layer.Outputs; j++)
            {
                for (int k = 0; k < layer.Inputs; k++)
                {
                    Assert.Equal(layer.Weight.Value[k, j], stored[(j * layer.Inputs) + k]);
                }
            }
        }

        Assert.Equal(((Linear)classifier.Network["0"].Operation!).Bias!.Value.Span.ToArray(), raw.Values("0.bias"));
        Assert.Equal("1", raw.Metadata["version"]!.GetValue<string>());
        // The format allows only strings here.
        Assert.All(raw.Metadata, entry => Assert.Equal(JsonValueKind.String, entry.Value!.GetValueKind()));
    }

    [Fact]
    public void Save_SharedLayer_IsStoredOnce()
    {
        ModelFile.Save(folder["m"], TinyClassifier.Residual());
        Assert.Equal(
            ["first.weight", "first.bias", "output.weight", "output.bias"],
            new RawModel(File.ReadAllBytes(folder["m"])).Tensors,
            StringComparer.Ordinal);
    }

    [Fact]
    public void Save_CustomLayer_ThrowsAndLeavesNoFile()
    {
        var e = Assert.Throws<NotSupportedException>(() => ModelFile.Save(
            folder["m"], new Classifier(new Sequential(1, new Linear(4, 2), new Same()), TinyClassifier.Preprocessing())));
        Assert.Equal(
            $"1: a model file cannot hold the layer {typeof(Same)}. " +
            "Register it with ModelFile.Register, or save the weights alone with ModelFile.SaveWeights.",
            e.Message);
        Assert.Equal(
            e.Message,
            Assert.Throws<NotSupportedException>(
                () => ModelFile.ThrowIfNotSupported(new Sequential(1, new Linear(4, 2), new Same()))).Message);
        Assert.Empty(folder.Names());
    }

    [Fact]
    public void Load_Activations_KeepTheirSettings()
    {
        Layer[] layers =
        [
            new LeakyReLU(0.3f), new ELU(1.7f), new GELU(), new GELU(tanhApproximation: true), new SiLU(), new Softplus(-0.7f, 12.5f),
            new Softmax(), new LogSoftmax(), new Dropout(0.35f),
        ];
        var graph = new Sequential(seed: 1, [new Linear(4, 2), .. layers]);
        graph.Add("root", new Power(0.5f), graph.Add("shifted", new Affine(-0.3f, 2.5f), graph.Output));
        graph.Add("square", new Multiply(), graph.Output, graph.Output);
        ModelFile.Save(folder["m"], new Classifier(graph, TinyClassifier.Preprocessing()));
        Graph loaded = ModelFile.Load(folder["m"]).Network;

        string written = new RawModel(File.ReadAllBytes(folder["m"])).Metadata["architecture"]!.GetValue<string>();
        Assert.Contains("\"kind\":\"LeakyReLU\",\"negativeSlope\":0.3,", written, StringComparison.Ordinal);
        Assert.Contains("\"kind\":\"ELU\",\"alpha\":1.7,", written, StringComparison.Ordinal);
        Assert.Contains("\"kind\":\"GELU\",\"tanhApproximation\":true,", written, StringComparison.Ordinal);
        Assert.Contains("\"kind\":\"Softplus\",\"beta\":-0.7,\"threshold\":12.5,", written, StringComparison.Ordinal);
        Assert.Contains("\"kind\":\"Affine\",\"scale\":-0.3,\"shift\":2.5,", written, StringComparison.Ordinal);
        Assert.Contains("\"kind\":\"Power\",\"exponent\":0.5,", written, StringComparison.Ordinal);
        Assert.Contains("\"kind\":\"Dropout\",\"probability\":0.35,", written, StringComparison.Ordinal);
        Assert.Equal(graph.Nodes.Select(node => node.ToString()), loaded.Nodes.Select(node => node.ToString()), StringComparer.Ordinal);
        Assert.IsType<Multiply>(loaded.Output.Operation);
        Tensor x = Samples.Tensor(new Shape(5, 4));
        Assert.Equal(Bits(graph.Predict(x)), Bits(loaded.Predict(x)));
    }

    [Fact]
    public void SaveNetwork_TwoInputsAndALoss_RoundTripsBitForBit()
    {
        var graph = new Graph(seed: 4);
        Node a = graph.Input("a", Shape.Batch(3)), b = graph.Input("b", Shape.Batch(2));
        graph.Add("y", new Linear(5, 1), graph.Add("both", new Concat(), a, b));
        graph.AddLoss(new Huber());
        ModelFile.SaveNetwork(folder["m"], graph);
        Graph loaded = ModelFile.LoadNetwork(folder["m"]);
        Tensor[] inputs = [Samples.Tensor(new Shape(6, 3), 1), Samples.Tensor(new Shape(6, 2), 2)];
        Assert.Equal(Bits(graph.Forward(inputs, Phase.Inference)), Bits(loaded.Forward(inputs, Phase.Inference)));
        Assert.False(loaded.HasLoss);
        string message = Assert.Throws<ModelFileException>(() => ModelFile.Load(folder["m"])).Message;
        Assert.EndsWith(
            "it holds only a network, without columns and classes; load it with ModelFile.LoadNetwork",
            message.TrimEnd('.'),
            StringComparison.Ordinal);
    }

    [Fact]
    public void LoadNetwork_ClassifierFile_ReturnsItsNetwork()
    {
        Classifier classifier = TinyClassifier.Structured();
        ModelFile.Save(folder["m"], classifier);
        Tensor x = Samples.Tensor(new Shape(5, 4));
        Assert.Equal(Bits(classifier.Network.Predict(x)), Bits(ModelFile.LoadNetwork(folder["m"]).Predict(x)));
    }

    private static int[] Bits(Tensor tensor) => [.. tensor.Span.ToArray().Select(BitConverter.SingleToInt32Bits)];

    private sealed class Same : Layer
    {
        public override Shape OutputShape(Shape input) => input;

        public override void Forward(Tensor x, Tensor y, NodeContext context) => y.CopyFrom(x);

        public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context) => dX?.Add(dY);
    }
}
