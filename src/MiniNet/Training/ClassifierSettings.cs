using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Optimizers;
using MiniNet.Tensors;

namespace MiniNet.Training;

/// <summary>Specifies the activation function between two linear layers.</summary>
public enum Activation
{
    /// <summary>max(x, 0).</summary>
    ReLU,

    /// <summary>tanh x.</summary>
    Tanh,

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    Sigmoid,
}

/// <summary>Specifies the optimizer that updates the weights.</summary>
public enum OptimizerKind
{
    /// <summary>Adam with the default β and ε.</summary>
    Adam,

    /// <summary>Stochastic gradient descent with momentum 0.9.</summary>
    SGD,
}

/// <summary>
/// Represents the settings for training a classifier on a table. The defaults suit small tables and do not depend on the data.
/// </summary>
public sealed record ClassifierSettings
{
    /// <summary>Gets the seed of every random choice: the split, the initial weights, the order of the rows.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Gets the maximum number of epochs, at least 1. Early stopping usually ends the run sooner.</summary>
    public int Epochs { get; init; } = 500;

    /// <summary>Gets the number of rows in a batch, at least 1.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Gets the learning rate, above 0.</summary>
    public float LearningRate { get; init; } = 0.001f;

    /// <summary>Gets the optimizer.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Adam;

    /// <summary>
    /// Gets the widths of the hidden layers, each at least 1. Without hidden layers the classifier is linear. On small tables, one wide
    /// layer classified better than two narrow ones.
    /// </summary>
    public IReadOnlyList<int> Hidden { get; init; } = [100];

    /// <summary>Gets the activation function after each hidden layer.</summary>
    public Activation Activation { get; init; } = Activation.ReLU;

    /// <summary>Gets the shares of the training, validation and test rows, each above 0. Only their ratios count.</summary>
    public (double Training, double Validation, double Test) Split { get; init; } = (70, 15, 15);

    /// <summary>Gets the number of epochs without a lower validation loss after which the run stops, at least 1.</summary>
    public int Patience { get; init; } = 30;

    internal Sequential CreateNetwork(int inputs, int classes)
    {
        var layers = new List<Layer>();
        foreach (int width in Hidden)
        {
            layers.Add(new Linear(inputs, width));
            layers.Add(Activation switch { Activation.ReLU => new ReLU(), Activation.Tanh => new Tanh(), _ => new Sigmoid() });
            inputs = width;
        }

        return new Sequential(Seed, [.. layers, new Linear(inputs, classes)]);
    }

    internal Optimizer CreateOptimizer(IReadOnlyList<Parameter> parameters)
    {
        float rate = Require.Positive(LearningRate, nameof(LearningRate)); // optimizers accept 0, because a schedule may end there
        return Optimizer == OptimizerKind.Adam ? new Adam(parameters, rate) : new SGD(parameters, rate, momentum: 0.9f);
    }
}
