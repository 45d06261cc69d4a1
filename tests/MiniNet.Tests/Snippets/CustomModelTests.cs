#pragma warning disable xUnit1051 // the sample is written as a user writes it, without a cancellation token

using System.Text.Json.Nodes;
using MiniNet.Data;
using MiniNet.Files;
using MiniNet.GradientChecking;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Stepping;
using MiniNet.Tensors;
using MiniNet.Training;

namespace MiniNet.Tests.Snippets;

/// <summary>Runs the sample of src/MiniNet/README.md that trains, steps, saves and loads a model of custom parts.</summary>
public sealed class CustomModelTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Model_OfCustomParts_IsCheckedTrainedSteppedSavedAndLoaded()
    {
        string path = folder["model.safetensors"];
        Tensor x = Samples.Tensor(new Shape(64, 2), 5), t = new(new Shape(64, 1), "t");
        for (int row = 0; row < 64; row++)
        {
            t[row, 0] = x[row, 0] * x[row, 1] > 0 ? 1 : -1; // like XOR
        }

        var lines = new List<string>();

        ModelFile.Register(
            "ColumnScale", it => new JsonObject { ["columns"] = it.Weight.Value.Shape[0] }, json => new ColumnScale((int)json["columns"]!));

        var model = new Sequential(
            seed: 1, new Linear(2, 8), new Residual(new Linear(8, 8), new Tanh()), new ColumnScale(8), new Linear(8, 1));
        model.AddLoss(new HingeLoss());
        GradientReport report = GradientCheck.Check(model, x, t);           // graph of 8 nodes: every gradient is right ...

        var trainer = new Trainer(model, new Signum(model.Parameters, learningRate: 0.01f)) { BatchSize = 16 };
        TrainingResult result = trainer.Train(new Dataset(x, t), new Dataset(x, t), epochs: 100);

        foreach (Step step in new BackpropStepper(model, x, t))
        {
            lines.Add($"{step}");                                           // loss · HingeLoss · L = mean max(0, 1 − t·p) ...
        }

        ModelFile.SaveNetwork(path, model);                                 // the architecture and the weights
        Graph loaded = ModelFile.LoadNetwork(path);

        Assert.StartsWith("graph of 8 nodes: every gradient is right\n", report.ToString(), StringComparison.Ordinal);
        Assert.InRange(result.BestEpoch!.ValidationLoss, 0, 0.5 * result.History.Epochs[0].ValidationLoss);
        Assert.Contains(lines, line => line.StartsWith("loss · HingeLoss · L = mean max(0, 1 − t·p)", StringComparison.Ordinal));
        Assert.Contains("1.2", loaded.Nodes.Select(node => node.Name));
        Assert.Equal(model.Predict(x).Span, loaded.Predict(x).Span);
    }
}
