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
        (this.parameters, LearningRate) = ([.. Require.NotNull(parameters)], learningRate);

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

    /// <summary>
    /// Gets the update of a parameter w with the gradient g, in words and as an equation, with the constants of the last step.
    /// </summary>
    public virtual Equations Equations =>
        new("updates the parameter as defined in Update", "w = f(w, g)") { Constants = [new("η", LearningRate)] };

    /// <summary>Gets the tensors that the optimizer keeps between steps, such as running means.</summary>
    public abstract IReadOnlyList<Tensor> State { get; }

    /// <summary>Gets the state of one parameter under its symbols in <see cref="Equations"/>, which pages show. Empty by default.</summary>
    /// <param name="index">The index of the parameter in <see cref="Parameters"/>.</param>
    /// <returns>The symbols, such as <c>m</c>, and the tensors, which are elements of <see cref="State"/>.</returns>
    public virtual IReadOnlyList<(string Symbol, Tensor Value)> StateOf(int index) => [];

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
    private protected static Equations CreateEquations(
        string description, float weightDecay, string equations, params ReadOnlySpan<EquationConstant> constants) => weightDecay == 0
        ? new(description, equations.Replace('d', 'g')) { Constants = [.. constants] }
        : new(description, "d = g + λw;  " + equations) { Constants = [.. constants, new("λ", weightDecay)] };

    private protected static Tensor[] ZerosLike(IReadOnlyList<Parameter> parameters, string name) =>
        [.. parameters.Select(parameter => new Tensor(parameter.Value.Shape, $"{name} of {parameter.Name}"))];

    private protected static Tensor Filled(Shape shape, float value, string name)
    {
        var tensor = new Tensor(shape, name);
        tensor.Span.Fill(value);
        return tensor;
    }
}
