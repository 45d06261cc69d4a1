#pragma warning disable xUnit1051 // the samples are written as a user writes them, without a cancellation token

using MiniNet.Data;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Optimizers;
using MiniNet.Stepping;
using MiniNet.Tensors;
using MiniNet.Training;

namespace MiniNet.Tests.Snippets;

/// <summary>Runs the samples of src/MiniNet/README.md that are in no example, and the replay of src/MiniNet.Lab/README.md.</summary>
public class LibrarySnippets
{
    [Fact]
    public void Graph_WithABranch_IsBuiltNodeByNode()
    {
        var graph = new Graph(seed: 1);
        Node x = graph.Input("x", Shape.Batch(4));
        Node h = graph.Add("hidden", new Linear(4, 4), x);
        Node r = graph.Add("relu", new ReLU(), h);
        Node y = graph.Add("sum", new Add(), h, r);
        graph.AddLoss(new SoftmaxCrossEntropy());

        Assert.Same(y, graph.Output);
        Assert.Equal(["x", "hidden", "relu", "sum", "loss"], graph.Nodes.Select(node => node.Name));
    }

    [Fact]
    public void Trainer_WithALossForValues_TrainsARegression()
    {
        var inputs = new Tensor(new Shape(64, 1), "x");
        var values = new Tensor(new Shape(64, 1), "t");
        for (int i = 0; i < 64; i++)
        {
            inputs[i, 0] = (i - 32) / 16f;
            values[i, 0] = inputs[i, 0] * inputs[i, 0];
        }

        Dataset training = new(inputs, values), validation = training;

        var model = new Sequential(seed: 1, new Linear(1, 16), new Tanh(), new Linear(16, 1));
        var optimizer = new Adam(model.Parameters, learningRate: 0.01f);
        var trainer = new Trainer(model, optimizer, new Huber())
        {
            BatchSize = 16,
            MaxGradientNorm = 1,                                                // clips all gradients together
            Schedule = new CosineSchedule(0.01f, steps: 4 * 40),                // in steps, not in epochs
        };
        TrainingResult result = trainer.Train(training, validation, epochs: 40, onEpoch: Console.WriteLine);
        Console.WriteLine(result);                                              // the number of epochs, why it ended, the best one

        Assert.InRange(result.History.Epochs[^1].TrainingLoss, 0, 0.5 * result.History.Epochs[0].TrainingLoss);
    }

    [Fact]
    public void Images_AsTheFirstInput_NeedTheirShape()
    {
        const ulong seed = 1;
        var model = new Sequential(
            seed, Shape.Batch(1, 8, 8), new Conv2d(1, 16, kernelSize: 3), new ReLU(), new Flatten(), new Linear(16 * 6 * 6, 10));

        Assert.Equal("[n, 10]", model.Output.Shape.ToString());
    }

    [Fact]
    public void Run_GoesToABatch()
    {
        using var folder = new TemporaryFolder();
        Cli.Mininet.Run("train", "datasets/iris.csv", "--target", "species", "--quiet", "--epochs", "4", "--output", folder["iris"]);
        string runFolder = folder["iris"], data = Repository.Dataset("iris.csv");
        var lines = new List<string>();

        var run = ClassifierRun.Open(runFolder, data);                  // data: where the CSV file is now
        ReplayedBatch replayed = run.GoTo(epoch: 3, batch: 2);          // replayed.Graph, replayed.Optimizer, replayed.Batch
        foreach (Step step in replayed.CreateStepper())                 // forward, loss, backward and updates, one at a time
        {
            lines.Add($"{step}");
        }

        Assert.Equal((3, 2, 4), (replayed.Epoch, replayed.Batch.Number, replayed.Batches));
        Assert.Contains(lines, line => line.StartsWith("0.weight · Adam", StringComparison.Ordinal));
    }
}
