using System.Text.Json.Nodes;
using MiniNet.Files;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Tensors;
using MiniNet.Tests.Models;
using MiniNet.Tests.Snippets;

namespace MiniNet.Tests.Files;

/// <summary>Graphs with custom layers: their weights can be saved alone, and a registered layer can be saved whole.</summary>
public sealed class WeightsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void SaveWeights_CustomLayerAndRunningStatistics_AreRestoredBitForBit()
    {
        Graph saved = WithCustomLayer(seed: 1), other = WithCustomLayer(seed: 2);
        saved.Forward(Samples.Tensor(new Shape(7, 4), 5)); // updates the running statistics
        ModelFile.SaveWeights(folder["weights"], saved);
        ModelFile.LoadWeights(folder["weights"], other);
        Tensor x = Samples.Tensor(new Shape(9, 4), 3);
        Assert.NotEqual(Bits(WithCustomLayer(seed: 2).Predict(x)), Bits(saved.Predict(x)));
        Assert.Equal(Bits(saved.Predict(x)), Bits(other.Predict(x)));
    }

    [Fact]
    public void LoadWeights_FileOfAClassifier_ReadsItsNetwork()
    {
        var saved = TinyClassifier.Chain();
        ModelFile.Save(folder["m"], saved);
        var network = new Sequential(seed: 99, new Linear(4, 5), new Tanh(), new Linear(5, 2, bias: false));
        ModelFile.LoadWeights(folder["m"], network);
        Tensor x = Samples.Tensor(new Shape(3, 4));
        Assert.Equal(Bits(saved.Network.Predict(x)), Bits(network.Predict(x)));
    }

    [Fact]
    public void LoadWeights_OtherNetwork_NamesEveryDifferenceAndChangesNothing()
    {
        ModelFile.SaveWeights(folder["weights"], new Sequential(seed: 1, new Linear(4, 3), new ReLU(), new Linear(3, 2)));
        var network = new Sequential(seed: 2, new Linear(4, 3), new Linear(3, 2), new ReLU());
        int[][] before = [.. network.Parameters.Select(parameter => Bits(parameter.Value))];
        string message = Assert.Throws<ModelFileException>(() => ModelFile.LoadWeights(folder["weights"], network)).Message;
        Assert.EndsWith(
            "tensor '1.weight' is missing; tensor '1.bias' is missing; " +
            "tensor '2.weight' belongs to no node of the network; tensor '2.bias' belongs to no node of the network.",
            message,
            StringComparison.Ordinal);

        // The first tensors fit, and only the last does not.
        var wider = new Sequential(seed: 2, new Linear(4, 3), new ReLU(), new Linear(3, 2, bias: false), new Linear(2, 2));
        ModelFile.SaveWeights(folder["wide"], wider);
        wider = new Sequential(seed: 3, new Linear(4, 3), new ReLU(), new Linear(3, 2, bias: false), new Linear(2, 1));
        int[][] widerBefore = [.. wider.Parameters.Select(parameter => Bits(parameter.Value))];
        Assert.Contains(
            "tensor '3.weight' has shape [2, 2], but the network needs [1, 2]",
            Assert.Throws<ModelFileException>(() => ModelFile.LoadWeights(folder["wide"], wider)).Message,
            StringComparison.Ordinal);
        Assert.Equal(before, network.Parameters.Select(parameter => Bits(parameter.Value)));
        Assert.Equal(widerBefore, wider.Parameters.Select(parameter => Bits(parameter.Value)));
    }

    [Fact]
    public void LoadNetwork_WeightsOnly_SaysHowToLoadThem()
    {
        ModelFile.SaveWeights(folder["weights"], WithCustomLayer(seed: 1));
        Assert.Contains(
            "it holds only weights; create the network and load them with ModelFile.LoadWeights",
            Assert.Throws<ModelFileException>(() => ModelFile.LoadNetwork(folder["weights"])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Register_CustomLayer_IsSavedWhole()
    {
        ModelFile.Register(
            "Stretch",
            layer => new JsonObject { ["columns"] = layer.Weight.Value.Shape.Length },
            json => new Stretch((int)json["columns"]!));
        var saved = new Sequential(seed: 1, new Linear(4, 3), new Stretch(3));
        ModelFile.ThrowIfNotSupported(saved);
        ModelFile.SaveNetwork(folder["m"], saved);
        Graph loaded = ModelFile.LoadNetwork(folder["m"]);
        Tensor x = Samples.Tensor(new Shape(5, 4));
        Assert.IsType<Stretch>(loaded.Output.Operation);
        Assert.Equal(Bits(saved.Predict(x)), Bits(loaded.Predict(x)));

        var raw = new RawModel(File.ReadAllBytes(folder["m"]));
        raw.EditMetadata("architecture", architecture => ((JsonObject)architecture["nodes"]![2]!).Remove("columns"));
        File.WriteAllBytes(folder["damaged"], raw.ToBytes());
        Assert.Contains(
            "node '1' (Stretch) cannot be read: ",
            Assert.Throws<ModelFileException>(() => ModelFile.LoadNetwork(folder["damaged"])).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Linear")]
    [InlineData("Input")]
    public void Register_NameOfAnotherKind_IsRejected(string name) => Assert.Equal(
        $"There is another layer with the name '{name}' already. (Parameter 'name')",
        Assert.Throws<ArgumentException>(() => ModelFile.Register<ColumnScale>(name, _ => [], _ => new ColumnScale(1))).Message);

    private static Sequential WithCustomLayer(ulong seed) =>
        new(seed, new Linear(4, 3), new BatchNorm1d(3), new ColumnScale(3), new ReLU(), new Linear(3, 2));

    private static int[] Bits(Tensor tensor) => [.. tensor.Span.ToArray().Select(BitConverter.SingleToInt32Bits)];

    /// <summary>Multiplies each column by its own weight, and is registered by one test only.</summary>
    private sealed class Stretch : Layer
    {
        private readonly ColumnScale scale;

        public Stretch(int columns)
        {
            scale = new ColumnScale(columns);
            Samples.Tensor(new Shape(columns), 8).Span.CopyTo(Weight.Value.Span);
        }

        public Parameter Weight => scale.Weight;

        public override IReadOnlyList<Parameter> Parameters => scale.Parameters;

        public override Shape OutputShape(Shape input) => scale.OutputShape(input);

        public override void Forward(Tensor x, Tensor y, NodeContext context) => scale.Forward(x, y, context);

        public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context) =>
            scale.Backward(x, y, dY, dX, context);
    }
}
