using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Optimizers;

/// <summary>Keeps gradients from growing too long for one step. To be called after <c>Backward</c>, before <c>Step</c>.</summary>
public static class GradientClipping
{
    // PyTorch's: keeps the quotient finite at norm 0.
    private const double Epsilon = 1e-6;

    /// <summary>
    /// Scales all gradients together, which keeps their direction, so that their norm is at most <paramref name="maxNorm"/>:
    /// <code>
    /// ‖g‖ = √(Σ g²)                            over all elements of all parameters
    /// g = g · min(1, maxNorm / (‖g‖ + 10⁻⁶))
    /// </code>
    /// A norm that is NaN or infinite says nothing about how to scale: then the gradients stay as they are, so that one can see which is at
    /// fault (PyTorch's <c>clip_grad_norm_</c> makes all of them NaN, or 0).
    /// </summary>
    /// <remarks>Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks", ICML 2013, algorithm 1.</remarks>
    /// <param name="parameters">Whose gradients; each is to be listed once.</param>
    /// <param name="maxNorm">The greatest norm, above 0.</param>
    /// <returns>The norm before.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The greatest norm is not finite and above 0.</exception>
    public static float ByNorm(IReadOnlyList<Parameter> parameters, float maxNorm)
    {
        double sum = 0;
        for (int i = 0; i < parameters.Count; i++)
        {
            sum += Kernel.SumOfSquares(parameters[i].Gradient.Span);
        }

        double norm = Math.Sqrt(sum);
        double factor = Require.Above0(maxNorm) / (norm + Epsilon);
        for (int i = 0; i < parameters.Count && factor < 1 && double.IsFinite(norm); i++)
        {
            Kernel.Scale(parameters[i].Gradient.Span, (float)factor);
        }

        return (float)norm;
    }

    /// <summary>Sets every element of the gradients that is below −limit to −limit, and every one above limit to limit. NaN stays.</summary>
    /// <remarks>PyTorch's <c>clip_grad_value_</c>.</remarks>
    /// <param name="parameters">Whose gradients.</param>
    /// <param name="limit">The greatest size of an element, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is not finite and above 0.</exception>
    public static void ByValue(IReadOnlyList<Parameter> parameters, float limit)
    {
        Require.Above0(limit);
        for (int i = 0; i < parameters.Count; i++)
        {
            Kernel.Clip(parameters[i].Gradient.Span, limit);
        }
    }
}
