using System.Globalization;
using MiniNet.Data;
using MiniNet.Graphs;
using MiniNet.Losses;
using MiniNet.Tensors;

namespace MiniNet.Metrics;

/// <summary>How well a network does on rows it is judged by.</summary>
/// <param name="Loss">The mean loss, in the loss's unit.</param>
/// <param name="Confusion">Which class was taken for which; nothing is counted where the targets are values.</param>
public sealed record Evaluation(float Loss, ConfusionMatrix Confusion)
{
    internal const int BatchSize = 256; // large enough to be fast; its only effect is on the order of sums

    /// <summary>Predicts every row and compares.</summary>
    /// <param name="network">A network whose output is one score a class.</param>
    /// <param name="data">The rows, with classes as targets.</param>
    /// <param name="loss">The loss, for a network without one; softmax cross-entropy unless given.</param>
    /// <returns>The figures.</returns>
    /// <exception cref="ArgumentException">A loss is given, but the network has one of its own.</exception>
    /// <exception cref="ShapeException">The rows do not fit the network.</exception>
    public static Evaluation Of(Graph network, Dataset data, Loss? loss = null) =>
        Of(ForkWithLoss(network, loss), new DataLoader(data, BatchSize, shuffle: false), ClassesOf(network, data));

    /// <summary>The names of the classes; where they have none, their indices.</summary>
    internal static IReadOnlyList<string> ClassesOf(Graph network, Dataset data)
    {
        int scores = network.Output.Shape.Columns;
        return data.Targets.Values is not null || data.Classes.Count >= scores ? data.Classes
            : data.Classes.Count == 0 ? [.. Enumerable.Range(0, scores).Select(c => c.ToString(CultureInfo.InvariantCulture))]
            : throw new ArgumentException($"The network gives a score to each of {scores} classes, but the data names only {data.Classes.Count}.", nameof(data));
    }

    /// <summary>A fork that ends in the network's own loss, or else in the one given, or else in softmax cross-entropy.</summary>
    internal static Graph ForkWithLoss(Graph network, Loss? loss)
    {
        Graph fork = network.Fork();
        if (!fork.HasLoss)
        {
            fork.AddLoss(loss ?? new SoftmaxCrossEntropy());
        }
        else if (loss is not null)
        {
            throw new ArgumentException("A loss is given, but the network has one of its own.", nameof(loss));
        }

        return fork;
    }

    /// <summary>The same with a graph, of the caller's own, that ends in its loss.</summary>
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
                confusion.Count(batch.Targets.Classes[row], IndexOfGreatest(output.Value.Row(row)));
            }
        }

        return new Evaluation((float)(sum / rows), confusion);
    }

    /// <summary>The first of the greatest scores, or the first that is NaN.</summary>
    internal static int IndexOfGreatest(ReadOnlySpan<float> scores)
    {
        int greatest = 0;
        for (int i = 1; i < scores.Length && !float.IsNaN(scores[greatest]); i++)
        {
            greatest = scores[i] <= scores[greatest] ? greatest : i;
        }

        return greatest;
    }
}

/// <summary>The share of rows whose class is predicted.</summary>
public static class Accuracy
{
    /// <summary>Predicts every row and counts.</summary>
    /// <param name="network">A network whose output is one score a class.</param>
    /// <param name="data">The rows, with classes as targets.</param>
    /// <returns>In [0, 1].</returns>
    /// <exception cref="ArgumentException">The targets are values.</exception>
    /// <exception cref="ShapeException">The rows do not fit the network.</exception>
    public static double Of(Graph network, Dataset data) => data.Targets.Values is null
        ? Evaluation.Of(network, data).Confusion.Accuracy
        : throw new ArgumentException("The targets are values; accuracy is the share of right classes. Evaluation.Of gives the loss.", nameof(data));
}
