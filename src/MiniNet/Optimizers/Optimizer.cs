using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Optimizers;

/// <summary>A rule that changes parameters by their gradients.</summary>
public abstract class Optimizer
{
    private readonly Parameter[] parameters;

    /// <summary>Takes the parameters as they are now; one that a graph gains later is not among them.</summary>
    /// <param name="parameters">What to change.</param>
    /// <param name="learningRate">η, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The learning rate is negative or not finite.</exception>
    protected Optimizer(IReadOnlyList<Parameter> parameters, float learningRate) =>
        (this.parameters, LearningRate) = ([.. parameters], learningRate);

    /// <summary>What it changes.</summary>
    public IReadOnlyList<Parameter> Parameters => parameters;

    /// <summary>η: how far a step goes. Finite and at least 0, where some schedules end; it may be changed between steps.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to less than 0, or something not finite.</exception>
    public float LearningRate
    {
        get;
        set => field = Require.AtLeast0(value, nameof(LearningRate));
    }

    /// <summary>How many steps it has taken. With <see cref="State"/>, all there is to save and set back.</summary>
    public int StepCount { get; set; }

    /// <summary>How it changes a parameter w by its gradient g, in words and letters.</summary>
    public virtual Rule Rule => new("changes the parameter as its Update says", "w = f(w, g)");

    /// <summary>What it remembers from step to step, tensor by tensor.</summary>
    public abstract IReadOnlyList<Tensor> State { get; }

    /// <summary>Changes every parameter by its gradient once. The gradients stay as they are.</summary>
    public void Step()
    {
        StepCount++;
        for (int i = 0; i < parameters.Length; i++)
        {
            StepAt(i);
        }
    }

    /// <summary>Changes one parameter by its gradient, as a part of the step that <see cref="StepCount"/> counts.</summary>
    /// <param name="index">Which of <see cref="Parameters"/> it is.</param>
    public void StepAt(int index) => Update(index, parameters[index].Value, parameters[index].Gradient);

    /// <summary>The rule, for one parameter.</summary>
    /// <param name="index">Which of <see cref="Parameters"/> it is.</param>
    /// <param name="w">Its value, to be changed.</param>
    /// <param name="g">Its gradient.</param>
    protected abstract void Update(int index, Tensor w, Tensor g);

    /// <summary>A rule whose equations read d: the gradient with the weight decay in it, or plainly g where there is none.</summary>
    [DebuggerStepThrough]
    private protected static Rule RuleOf(string words, float weightDecay, string equations) =>
        new(words, weightDecay == 0 ? equations.Replace('d', 'g') : "d = g + λw;  " + equations);

    /// <summary>All else that the last update read, so that it can be worked out by hand: <c>η = 0.1</c>.</summary>
    internal virtual IReadOnlyList<string> Numbers => [Is("η", LearningRate)];

    /// <summary>A letter and its number, as pages show them: <c>ε = 1e−8</c>.</summary>
    /// <param name="letter">The letter.</param>
    /// <param name="value">The number.</param>
    /// <returns>The text.</returns>
    internal static string Is(string letter, float value) => FormattableString.Invariant($"{letter} = {value}").Replace("E-0", "e-", StringComparison.Ordinal).Replace('E', 'e').Replace('-', '−');

    private protected static Tensor[] ZerosLike(IReadOnlyList<Parameter> parameters, string name) =>
        [.. parameters.Select(parameter => new Tensor(parameter.Value.Shape, $"{name} of {parameter.Name}"))];

    private protected static Tensor Filled(Shape shape, float value, string name)
    {
        var tensor = new Tensor(shape, name);
        tensor.Span.Fill(value);
        return tensor;
    }
}
