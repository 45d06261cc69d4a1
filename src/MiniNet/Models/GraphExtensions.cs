using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Tensors;

namespace MiniNet.Models;

/// <summary>Adds predictions as probabilities to <see cref="Graph"/>.</summary>
public static class GraphExtensions
{
    /// <summary>
    /// Computes the probability of each class for a batch: the softmax of the scores that <see cref="Graph.Predict(Tensor)"/> returns.
    /// </summary>
    /// <remarks>
    /// A network that ends with <see cref="Softmax"/> or <see cref="Sigmoid"/> already computes probabilities; they are returned as they
    /// are. The scores of a network trained with <see cref="BinaryCrossEntropyWithLogits"/> are independent of each other: the probability
    /// of each is its sigmoid, not the softmax.
    /// </remarks>
    /// <param name="network">The network, whose output is one score per class, as <see cref="SoftmaxCrossEntropy"/> expects.</param>
    /// <param name="x">The value of the network's only input, such as <c>dataset.Inputs</c>.</param>
    /// <returns>The probabilities, [n, classes]; each row of a softmax adds up to 1.</returns>
    /// <exception cref="ShapeException">
    /// The shape of the input differs from the shape of its node, or the network does not have two or more scores per row.
    /// </exception>
    public static Tensor PredictProbabilities(this Graph network, Tensor x) => Require.NotNull(network).Output switch
    {
        { Operation: Softmax or Sigmoid } => network.Predict(x),
        { Shape: { Rank: 2, Columns: >= 2 } } => SoftmaxCrossEntropy.Softmax(network.Predict(x)),
        { Shape: var shape } => throw new ShapeException(
            $"The network gives {shape}, but a softmax needs two or more scores per row; the probability of a single score is its sigmoid"),
    };
}
