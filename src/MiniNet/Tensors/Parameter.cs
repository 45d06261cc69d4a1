using System.Diagnostics;

namespace MiniNet.Tensors;

/// <summary>A tensor that training changes, and the gradient of the loss with respect to it, ∂L/∂W.</summary>
/// <param name="name">Its name within its layer, as in PyTorch: <c>weight</c>, <c>bias</c>.</param>
/// <param name="shape">The shape of value and gradient.</param>
/// <param name="letter">What the layer's equation, and so the debugger, calls it: <c>W</c>, with the gradient <c>dW</c>. Its name unless given.</param>
[DebuggerDisplay("{Display,nq}"), DebuggerTypeProxy("MiniNet.Debugging.ParameterProxy, MiniNet")]
[DebuggerStepThrough]
public sealed class Parameter(string name, Shape shape, string? letter = null)
{
    /// <summary>Its name within its layer.</summary>
    public string Name { get; } = name;

    /// <summary>The current value.</summary>
    public Tensor Value { get; } = new(shape, letter ?? name);

    /// <summary>∂L/∂value. Every use of the parameter adds to it; only <c>ZeroGradients</c> clears it.</summary>
    public Tensor Gradient { get; } = new(shape, "d" + (letter ?? name));

    /// <summary>
    /// Whether model files hold it with rows and columns exchanged: weights are [inputs, outputs] here, so that the code says x·W,
    /// and [outputs, inputs] in PyTorch's files.
    /// </summary>
    public bool IsTransposedInFiles { get; init; }

    /// <summary>Name, value and gradient on one line, for the debugger: <c>weight: W [64x32] -0.5..0.5, dW [64x32] -0.31..0.27</c>.</summary>
    internal string Display => $"{Name}: {Value.Display}, {Gradient.Display}";

    /// <summary>The value as its tensor describes itself.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Value.ToString();
}
