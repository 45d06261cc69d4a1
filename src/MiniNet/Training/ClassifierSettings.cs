using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Optimizers;
using MiniNet.Tensors;

namespace MiniNet.Training;

/// <summary>The function between two linear layers.</summary>
public enum Activation
{
    /// <summary>max(x, 0).</summary>
    ReLU,

    /// <summary>tanh x.</summary>
    Tanh,

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    Sigmoid,
}

/// <summary>The rule that changes the weights.</summary>
public enum OptimizerKind
{
    /// <summary>Adam with its usual β and ε.</summary>
    Adam,

    /// <summary>Stochastic gradient descent with momentum 0.9.</summary>
    SGD,
}

/// <summary>How to train a classifier on a table. The defaults suit small tables, and are the same for every one.</summary>
public sealed record ClassifierSettings
{
    /// <summary>Decides every random choice: the split, the first weights, the order of the rows.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The most epochs, at least 1; early stopping usually ends sooner.</summary>
    public int Epochs { get; init; } = 500;

    /// <summary>Rows in a batch, at least 1.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>How far a step goes, above 0.</summary>
    public float LearningRate { get; init; } = 0.001f;

    /// <summary>The rule that changes the weights.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Adam;

    /// <summary>The widths of the hidden layers, each at least 1; none makes a linear classifier. One wide layer judged small tables better than two narrow ones.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [100];

    /// <summary>The function after each hidden layer.</summary>
    public Activation Activation { get; init; } = Activation.ReLU;

    /// <summary>The shares of the rows to train, to validate and to test with, each above 0; only their ratios count.</summary>
    public (double Training, double Validation, double Test) Split { get; init; } = (70, 15, 15);

    /// <summary>How many epochs without a lower validation loss end the run, at least 1.</summary>
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
        float rate = Require.Above0(LearningRate, nameof(LearningRate)); // an optimizer takes 0, where a schedule may end
        return Optimizer == OptimizerKind.Adam ? new Adam(parameters, rate) : new SGD(parameters, rate, momentum: 0.9f);
    }
}
