using System.Diagnostics;

namespace MiniNet.Tensors;

/// <summary>Represents a trainable tensor together with the gradient of the loss with respect to it, ∂L/∂W.</summary>
/// <param name="name">The name within the layer, as in PyTorch: <c>weight</c>, <c>bias</c>.</param>
/// <param name="shape">The shape of the value and of the gradient.</param>
/// <param name="symbol">
/// The symbol in the layer's equation and in the debugger: <c>W</c>, with the gradient <c>dW</c>. By default, the name.
/// </param>
[DebuggerDisplay("{Display,nq}"), DebuggerTypeProxy("MiniNet.Debugging.ParameterProxy, MiniNet")]
[DebuggerStepThrough]
public sealed class Parameter(string name, Shape shape, string? symbol = null)
{
    /// <summary>Gets the name within the layer.</summary>
    public string Name { get; } = name ?? throw new ArgumentNullException(nameof(name));

    /// <summary>Gets the current value.</summary>
    public Tensor Value { get; } = new(shape, symbol ?? name);

    /// <summary>
    /// Gets ∂L/∂value. Every use of the parameter accumulates into it; only <c>ZeroGradients</c> clears it.
    /// </summary>
    public Tensor Gradient { get; } = new(shape, "d" + (symbol ?? name));

    /// <summary>
    /// Gets a value indicating whether model files store the parameter with rows and columns exchanged. Weights are [inputs, outputs]
    /// here, so that the code says x·W; in PyTorch's files they are [outputs, inputs].
    /// </summary>
    public bool IsTransposedInFiles { get; init; }

    /// <summary>
    /// Gets the name, the value and the gradient on one line, for the debugger:
    /// <c>weight: W [64x32] -0.5..0.5, dW [64x32] -0.31..0.27</c>.
    /// </summary>
    internal string Display => $"{Name}: {Value.Display}, {Gradient.Display}";

    /// <summary>Returns the text of the value's <see cref="Tensor.ToString"/>.</summary>
    public override string ToString() => Value.ToString();
}
