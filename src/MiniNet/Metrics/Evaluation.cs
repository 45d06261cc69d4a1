using System.Globalization;
using MiniNet.Data;
using MiniNet.Graphs;
using MiniNet.Losses;
using MiniNet.Tensors;

namespace MiniNet.Metrics;

/// <summary>Represents the loss and the confusion matrix of a network on a dataset.</summary>
/// <param name="Loss">The mean loss, in the unit of the loss function.</param>
/// <param name="Confusion">The confusion matrix. It is empty if the targets are values.</param>
public sealed record Evaluation(float Loss, ConfusionMatrix Confusion)
{
    internal const int BatchSize = 256; // large enough to be fast; it only affects the order of summation

    /// <summary>Evaluates a network on a dataset.</summary>
    /// <param name="network">The network. For classes, its output is one score per class.</param>
    /// <param name="data">The rows.</param>
    /// <param name="loss">The loss of a network that has none. The default is softmax cross-entropy.</param>
    /// <returns>The loss and the confusion matrix.</returns>
    /// <exception cref="ArgumentException">A loss is given, but the network already has one; or the data names too few classes.</exception>
    /// <exception cref="ShapeException">The shape of the rows does not fit the network.</exception>
    /// <exception cref="TargetsException">The targets do not fit the loss, or are values and no loss is given.</exception>
    public static Evaluation Of(Graph network, Dataset data, Loss? loss = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        Graph graph = ForkWithLoss(network, loss);
        RequireLoss(network, loss, data.Targets);
        return Of(graph, new DataLoader(data, BatchSize, shuffle: false), ClassesOf(network, data));
    }

    /// <summary>Gets the names of the classes, or their indices if they have no names.</summary>
    internal static IReadOnlyList<string> ClassesOf(Graph network, Dataset data)
    {
        int scores = network.Output.Shape.Columns;
        return data.Targets.Values is not null || data.Classes.Count >= scores ? data.Classes
            : data.Classes.Count == 0 ? [.. Enumerable.Range(0, scores).Select(c => c.ToString(CultureInfo.InvariantCulture))]
            : throw new ArgumentException(
                $"The network has scores for {scores} classes, but the data names only {data.Classes.Count}.", nameof(data));
    }

    /// <summary>Throws if the loss is the default one and the targets are values that are not the probabilities of classes.</summary>
    internal static void RequireLoss(Graph network, Loss? loss, Targets targets)
    {
        if (loss is not null || network.HasLoss || targets.Values is not { } values)
        {
            return;
        }

        try
        {
            new SoftmaxCrossEntropy().Check(values.Shape, targets);
        }
        catch (MiniNetException)
        {
            throw new TargetsException("The targets are values; give a loss such as new MeanSquaredError().");
        }
    }

    /// <summary>Forks a network and adds the given loss, by default softmax cross-entropy, if the network has none.</summary>
    internal static Graph ForkWithLoss(Graph network, Loss? loss)
    {
        Graph fork = network.Fork();
        if (!fork.HasLoss)
        {
            fork.AddLoss(loss ?? new SoftmaxCrossEntropy());
        }
        else if (loss is not null)
        {
            throw new ArgumentException("A loss is given, but the network already has one.", nameof(loss));
        }

        return fork;
    }

    /// <summary>Evaluates a graph that has a loss. It runs on the graph itself, not on a fork.</summary>
    internal static Evaluation Of(Graph graph, DataLoader loader, IReadOnlyList<string> classes, Action<float, Batch>? check = null)
    {
        Node output = graph.Output;
        var confusion = new ConfusionMatrix(classes);
        double sum = 0;
        int rows = 0;
        foreach (Batch batch in loader)
        {
            graph.Forward(batch.Inputs, Phase.Inference);
            float batchLoss = graph.Loss(batch.Targets);
            check?.Invoke(batchLoss, batch);
            sum += (double)batchLoss * batch.Targets.Rows;
            rows += batch.Targets.Rows;
            for (int row = 0; row < batch.Targets.Classes.Length; row++)
            {
                confusion.Add(batch.Targets.Classes[row], ArgMax(output.Value.Row(row)));
            }
        }

        return new Evaluation((float)(sum / rows), confusion);
    }

    /// <summary>
    /// Gets the index of the maximum score. If several are equal, it is the first; if a score is NaN, it is the first NaN.
    /// </summary>
    internal static int ArgMax(ReadOnlySpan<float> scores)
    {
        int best = 0;
        for (int i = 1; i < scores.Length && !float.IsNaN(scores[best]); i++)
        {
            best = scores[i] <= scores[best] ? best : i;
        }

        return best;
    }
}

/// <summary>Computes the accuracy, which is the proportion of rows whose class is predicted correctly.</summary>
public static class Accuracy
{
    /// <summary>Computes the accuracy of a network on a dataset.</summary>
    /// <param name="network">A network whose output is one score per class.</param>
    /// <param name="data">The rows, with classes as targets.</param>
    /// <returns>The accuracy, in [0, 1].</returns>
    /// <exception cref="ArgumentException">The targets are values.</exception>
    /// <exception cref="ShapeException">The shape of the rows does not fit the network.</exception>
    public static double Of(Graph network, Dataset data) => Require.NotNull(data).Targets.Values is null
        ? Evaluation.Of(network, data).Confusion.Accuracy
        : throw new ArgumentException("The targets are values, but accuracy needs classes. Use Evaluation.Of for the loss.", nameof(data));
}
