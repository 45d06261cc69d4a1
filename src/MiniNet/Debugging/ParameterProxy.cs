using System.Diagnostics;
using MiniNet.Tensors;

namespace MiniNet.Debugging;

/// <summary>Defines what the debugger shows for a parameter: value and gradient, named as in the equations of the layer.</summary>
[DebuggerStepThrough]
internal sealed class ParameterProxy(Parameter parameter)
{
    /// <summary>Gets the name within the layer.</summary>
    public string Name => parameter.Name;

    /// <summary>Gets the value, which training changes.</summary>
    public Tensor Value => parameter.Value;

    /// <summary>Gets ∂L/∂value, accumulated since the gradients were last set to 0.</summary>
    public Tensor Gradient => parameter.Gradient;
}
