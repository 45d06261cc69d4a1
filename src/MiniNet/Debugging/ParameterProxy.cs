using System.Diagnostics;
using MiniNet.Tensors;

namespace MiniNet.Debugging;

/// <summary>What a debugger shows of a parameter: value and gradient, under the names that the layer's equation has for them.</summary>
[DebuggerStepThrough]
internal sealed class ParameterProxy(Parameter parameter)
{
    /// <summary>Its name within its layer.</summary>
    public string Name => parameter.Name;

    /// <summary>What training changes.</summary>
    public Tensor Value => parameter.Value;

    /// <summary>∂L/∂value, as gathered since the gradients were last set to 0.</summary>
    public Tensor Gradient => parameter.Gradient;
}
