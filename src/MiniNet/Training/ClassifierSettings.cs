using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Optimizers;
using MiniNet.Tensors;

namespace MiniNet.Training;

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

    /// <summary>Gets the learning rate, above 0. With a schedule, it is the highest one.</summary>
    public float LearningRate { get; init; } = 0.001f;

    /// <summary>Gets the optimizer.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Adam;

    /// <summary>Gets how the learning rate changes during training.</summary>
    public ScheduleKind Schedule { get; init; } = ScheduleKind.Constant;

    /// <summary>
    /// Gets the weight decay λ of the optimizer, at least 0; null (the default) means the optimizer's own default, which is 0.01 for AdamW
    /// and 0 for the others. RProp has none.
    /// </summary>
    public float? WeightDecay { get; init; }

    /// <summary>Gets the norm that the gradients are clipped to, above 0; null (the default) means no clipping.</summary>
    public float? MaxGradientNorm { get; init; }

    /// <summary>
    /// Gets the widths of the hidden layers, each at least 1. Without hidden layers the classifier is linear. On small tables, one wide
    /// layer classified better than two narrow ones.
    /// </summary>
    public IReadOnlyList<int> Hidden { get; init; } = [100];

    /// <summary>Gets the activation function after each hidden layer.</summary>
    public Activation Activation { get; init; } = Activation.ReLU;

    /// <summary>
    /// Gets the probability with which dropout sets an element to 0 after each activation function, from 0 (the default, no dropout) up to
    /// but not including 1.
    /// </summary>
    public float Dropout { get; init; }

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
            layers.Add(CreateActivation());
            if (Require.Fraction(Dropout, nameof(Dropout)) > 0)
            {
                layers.Add(new Dropout(Dropout));
            }

            inputs = width;
        }

        return new Sequential(Seed, [.. layers, new Linear(inputs, classes)]);
    }

    internal Optimizer CreateOptimizer(IReadOnlyList<Parameter> parameters)
    {
        float rate = Require.Positive(LearningRate, nameof(LearningRate)); // optimizers accept 0, because a schedule may end there
        float decay = Require.NonNegative(WeightDecay ?? (Optimizer == OptimizerKind.AdamW ? 0.01f : 0), nameof(WeightDecay));
        return Optimizer switch
        {
            OptimizerKind.Adam => new Adam(parameters, rate, weightDecay: decay),
            OptimizerKind.SGD => new SGD(parameters, rate, momentum: 0.9f, weightDecay: decay),
            OptimizerKind.AdamW => new AdamW(parameters, rate, weightDecay: decay),
            OptimizerKind.NAdam => new NAdam(parameters, rate, weightDecay: decay),
            OptimizerKind.RMSProp => new RMSProp(parameters, rate, weightDecay: decay),
            OptimizerKind.Adagrad => new Adagrad(parameters, rate, weightDecay: decay),
            OptimizerKind.RProp => new RProp(parameters, rate),
            _ => throw new InvalidOperationException($"There is no optimizer {Optimizer}."),
        };
    }

    /// <summary>Creates the schedule of a training of all epochs, or null for <see cref="ScheduleKind.Plateau"/>.</summary>
    /// <param name="batches">The number of batches in an epoch.</param>
    internal Schedule? CreateSchedule(int batches)
    {
        int steps = (int)Math.Min((long)Epochs * batches, int.MaxValue), warmup = Math.Max(steps / 20, 1);
        return Schedule switch
        {
            ScheduleKind.Constant => new ConstantSchedule(LearningRate),
            ScheduleKind.Step => new StepSchedule(LearningRate, every: Math.Max(steps / 3, 1)),
            ScheduleKind.Exponential => new ExponentialSchedule(LearningRate, factor: Math.Pow(0.01, 1.0 / steps)),
            ScheduleKind.Cosine => new CosineSchedule(LearningRate, steps),
            ScheduleKind.OneCycle => new OneCycleSchedule(LearningRate, steps),
            ScheduleKind.Warmup => new WarmupSchedule(warmup, new CosineSchedule(LearningRate, Math.Max(steps - warmup, 1))),
            ScheduleKind.Plateau => null,
            _ => throw new InvalidOperationException($"There is no schedule {Schedule}."),
        };
    }

    private Layer CreateActivation() => Activation switch
    {
        Activation.ReLU => new ReLU(),
        Activation.Tanh => new Tanh(),
        Activation.Sigmoid => new Sigmoid(),
        Activation.LeakyReLU => new LeakyReLU(),
        Activation.ELU => new ELU(),
        Activation.GELU => new GELU(),
        Activation.SiLU => new SiLU(),
        Activation.Softplus => new Softplus(),
        Activation.Softmax => new Softmax(),
        Activation.LogSoftmax => new LogSoftmax(),
        _ => throw new InvalidOperationException($"There is no activation function {Activation}."),
    };
}
