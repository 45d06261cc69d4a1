using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Optimizers;

/// <summary>Clips gradients by norm or by value. Call it after <c>Backward</c> and before <c>Step</c>.</summary>
public static class GradientClipping
{
    // The value of PyTorch. It keeps the quotient finite at norm 0.
    private const double Epsilon = 1e-6;

    /// <summary>
    /// Scales all gradients by one factor, which keeps their direction, so that their total norm is at most <paramref name="maxNorm"/>:
    /// <code>
    /// ‖g‖ = √(Σ g²)                            over all elements of all parameters
    /// g = g · min(1, maxNorm / (‖g‖ + 10⁻⁶))
    /// </code>
    /// If the norm is NaN or infinite, the gradients are not changed, so that you can find the one that is not finite. (PyTorch's
    /// <c>clip_grad_norm_</c> makes all of them NaN, or 0.)
    /// </summary>
    /// <remarks>Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks", ICML 2013, algorithm 1.</remarks>
    /// <param name="parameters">The parameters whose gradients are clipped. List each one only once.</param>
    /// <param name="maxNorm">The maximum norm, above 0.</param>
    /// <returns>The total norm before clipping.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The maximum norm is not finite and above 0.</exception>
    public static float ByNorm(IReadOnlyList<Parameter> parameters, float maxNorm)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        double sum = 0;
        for (int i = 0; i < parameters.Count; i++)
        {
            sum += Kernel.SumOfSquares(parameters[i].Gradient.Span);
        }

        double norm = Math.Sqrt(sum);
        double factor = Require.Positive(maxNorm) / (norm + Epsilon);
        for (int i = 0; i < parameters.Count && factor < 1 && double.IsFinite(norm); i++)
        {
            Kernel.Scale(parameters[i].Gradient.Span, (float)factor);
        }

        return (float)norm;
    }

    /// <summary>Clips every element of the gradients to the range from −limit to limit. NaN stays NaN.</summary>
    /// <remarks>The same as PyTorch's <c>clip_grad_value_</c>.</remarks>
    /// <param name="parameters">The parameters whose gradients are clipped.</param>
    /// <param name="limit">The maximum absolute value of an element, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is not finite and above 0.</exception>
    public static void ByValue(IReadOnlyList<Parameter> parameters, float limit)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Require.Positive(limit);
        for (int i = 0; i < parameters.Count; i++)
        {
            Kernel.Clip(parameters[i].Gradient.Span, limit);
        }
    }
}
