using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Calculus;

/// <summary>
/// Holds a backward pass against finite differences: moves one number at a time a little up and a little down and compares what the function
/// does with what <c>Backward</c> says. For a layer or a loss, one's own too.
/// </summary>
/// <remarks>
/// <para>The function checked is L = Σ r ⊙ y, with random weights r, for a layer, and c·L for a loss. Sums are in double.</para>
/// <para>
/// float32 rounds y by about u = 6·10⁻⁸ of its size, so a difference over a step h errs by u/h, and by h² from curvature. With
/// D(h) = (L(w + h) − L(w − h)) / 2h, Richardson's (4D(h/2) − D(h)) / 3 has no term in h²; at h = (1 + |w|)/32 both errors are near 10⁻⁵ of
/// the size of y, and the tolerance, 10⁻³ of the gradient's size and 16 roundings over h, lies well above both and well below any mistake.
/// Where D(h) and D(h/2) disagree the step has met a kink, and shorter ones are tried; where L differs from left and right at the shortest, there
/// is no derivative and the element is skipped. Random stream and layer state are the same for every evaluation, and put back at the end.
/// </para>
/// <para>Source: Press, Teukolsky, Vetterling and Flannery, "Numerical Recipes", 3rd edition, 2007, section 5.7.</para>
/// </remarks>
public static class GradientCheck
{
    /// <summary>Checks a layer.</summary>
    /// <param name="layer">The layer; its parameters are drawn first where it belongs to no graph yet.</param>
    /// <param name="x">The input; changed on the way, and put back.</param>
    /// <param name="seed">Decides the weights r, and the layer's own random numbers.</param>
    /// <returns>A finding for x and one for each parameter.</returns>
    /// <exception cref="ShapeException">The layer cannot take the shape of x.</exception>
    public static GradientReport Check(Layer layer, Tensor x, ulong seed = 1)
    {
        Probe probe = new(layer, seed);
        Tensor y = new(layer.OutputShape(x.Shape), "y"), dX = new(x.Shape, "dx"), r = probe.RandomLike(y);
        return probe.Run(
            [("x", x, dX)],
            () =>
            {
                layer.Forward(x, y, probe.Pass);
                return WeightedSum(r, y);
            },
            () => layer.Backward(x, y, r, dX, probe.Pass));
    }

    /// <summary>Checks a layer of two inputs.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="a">The first input; changed on the way, and put back.</param>
    /// <param name="b">The second.</param>
    /// <param name="seed">Decides the weights r, and the layer's own random numbers.</param>
    /// <returns>A finding for a, one for b, and one for each parameter.</returns>
    /// <exception cref="ShapeException">The layer cannot take the shapes.</exception>
    public static GradientReport Check(MergeLayer layer, Tensor a, Tensor b, ulong seed = 1)
    {
        Probe probe = new(layer, seed);
        Tensor y = new(layer.OutputShape(a.Shape, b.Shape), "y"), dA = new(a.Shape, "da"), dB = new(b.Shape, "db"), r = probe.RandomLike(y);
        return probe.Run(
            [("a", a, dA), ("b", b, dB)],
            () =>
            {
                layer.Forward(a, b, y, probe.Pass);
                return WeightedSum(r, y);
            },
            () => layer.Backward(a, b, y, r, dA, dB, probe.Pass));
    }

    /// <summary>Checks a loss.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="p">The prediction; changed on the way, and put back.</param>
    /// <param name="targets">The targets.</param>
    /// <param name="seed">Decides the loss's own random numbers, if it draws any.</param>
    /// <returns>A finding for p and one for each parameter.</returns>
    /// <exception cref="ShapeException">Prediction and targets do not fit.</exception>
    public static GradientReport Check(Loss loss, Tensor p, Targets targets, ulong seed = 1)
    {
        const float DL = 1.5f; // not 1, so that a loss that forgets what comes in from above is caught
        loss.Check(p.Shape, targets);
        Probe probe = new(loss, seed);
        var dP = new Tensor(p.Shape, "dp");
        return probe.Run(
            [("p", p, dP)],
            () =>
            {
                double value = DL * (double)loss.Forward(p, targets, probe.Pass);
                return (value, Math.Abs(value) + Size(p));
            },
            () => loss.Backward(p, targets, DL, dP, probe.Pass));
    }

    private static (double Value, double Size) WeightedSum(Tensor r, Tensor y)
    {
        double sum = 0, squares = 0;
        for (int i = 0; i < y.Shape.Length; i++)
        {
            double term = (double)r.Span[i] * y.Span[i];
            sum += term;
            squares += term * term;
        }

        return (sum, Math.Sqrt(squares));
    }

    private static double Size(Tensor tensor)
    {
        float largest = 0;
        foreach (float value in tensor.Span)
        {
            largest = MathF.Max(largest, MathF.Abs(value));
        }

        return largest;
    }
}
