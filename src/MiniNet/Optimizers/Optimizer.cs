using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Optimizers;

/// <summary>Represents the base class of optimizers, which update parameters by their gradients.</summary>
public abstract class Optimizer
{
    private readonly Parameter[] parameters;

    /// <summary>Initializes a new instance with a fixed list of parameters. Parameters added to the graph later are not updated.</summary>
    /// <param name="parameters">The parameters to update.</param>
    /// <param name="learningRate">η, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The learning rate is negative or not finite.</exception>
    protected Optimizer(IReadOnlyList<Parameter> parameters, float learningRate) =>
        (this.parameters, LearningRate) = ([.. parameters], learningRate);

    /// <summary>Gets the parameters that this optimizer updates.</summary>
    public IReadOnlyList<Parameter> Parameters => parameters;

    /// <summary>
    /// Gets or sets the learning rate η, finite and at least 0 (some schedules end at 0). You can change it between steps.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public float LearningRate
    {
        get;
        set => field = Require.NonNegative(value, nameof(LearningRate));
    }

    /// <summary>
    /// Gets or sets the number of steps taken. To save or restore an optimizer, save or restore this and <see cref="State"/>.
    /// </summary>
    public int StepCount { get; set; }

    /// <summary>Gets the update rule for a parameter w with the gradient g, in words and as an equation.</summary>
    public virtual Equations Equations => new("updates the parameter as defined in Update", "w = f(w, g)");

    /// <summary>Gets the tensors that the optimizer keeps between steps, such as running means.</summary>
    public abstract IReadOnlyList<Tensor> State { get; }

    /// <summary>Updates every parameter once by its gradient. The gradients are not changed.</summary>
    public void Step()
    {
        StepCount++;
        for (int i = 0; i < parameters.Length; i++)
        {
            StepAt(i);
        }
    }

    /// <summary>Updates one parameter by its gradient, as part of the current step. Does not change <see cref="StepCount"/>.</summary>
    /// <param name="index">The index of the parameter in <see cref="Parameters"/>.</param>
    public void StepAt(int index) => Update(index, parameters[index].Value, parameters[index].Gradient);

    /// <summary>Applies the update rule to one parameter.</summary>
    /// <param name="index">The index of the parameter in <see cref="Parameters"/>.</param>
    /// <param name="w">The value of the parameter, which is updated in place.</param>
    /// <param name="g">The gradient of the parameter.</param>
    protected abstract void Update(int index, Tensor w, Tensor g);

    /// <summary>
    /// Completes update equations that use d, the gradient with weight decay. Without weight decay, d is replaced by g.
    /// </summary>
    [DebuggerStepThrough]
    private protected static Equations CreateEquations(string words, float weightDecay, string equations) =>
        new(words, weightDecay == 0 ? equations.Replace('d', 'g') : "d = g + λw;  " + equations);

    /// <summary>Gets the scalars used in the last update, such as <c>η = 0.1</c>, so that a reader can compute it by hand.</summary>
    internal virtual IReadOnlyList<string> Hyperparameters => [FormatConstant("η", LearningRate)];

    /// <summary>Formats a symbol and its value for the page: <c>ε = 1e−8</c>.</summary>
    /// <param name="letter">The symbol.</param>
    /// <param name="value">The value.</param>
    /// <returns>The text.</returns>
    internal static string FormatConstant(string letter, float value) => FormattableString.Invariant($"{letter} = {value}")
        .Replace("E-0", "e-", StringComparison.Ordinal).Replace('E', 'e').Replace('-', '−');

    private protected static Tensor[] ZerosLike(IReadOnlyList<Parameter> parameters, string name) =>
        [.. parameters.Select(parameter => new Tensor(parameter.Value.Shape, $"{name} of {parameter.Name}"))];

    private protected static Tensor Filled(Shape shape, float value, string name)
    {
        var tensor = new Tensor(shape, name);
        tensor.Span.Fill(value);
        return tensor;
    }
}
