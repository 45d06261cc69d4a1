using MiniNet.Explanations;

namespace MiniNet.Calculus;

/// <summary>
/// The plane, or for one variable the line, that touches the surface z = f(x) above a point a, the first-order Taylor polynomial:
/// <code>
/// z = f(a) + ∇f(a)·(x − a)
/// </code>
/// </summary>
/// <remarks>Strang, "Calculus", 1991, section 13.3. What it leaves out grows as |x − a|²; <see cref="Taylor2"/> has the next term.</remarks>
/// <param name="Variables">What the variables are called.</param>
/// <param name="Point">a.</param>
/// <param name="Value">f(a).</param>
/// <param name="Gradient">∇f(a).</param>
public sealed record TangentPlane(IReadOnlyList<string> Variables, IReadOnlyList<double> Point, double Value, IReadOnlyList<double> Gradient)
{
    /// <summary>The plane at a point.</summary>
    /// <param name="f">A function of one number.</param>
    /// <param name="at">a, n numbers.</param>
    /// <returns>The plane.</returns>
    /// <exception cref="ArgumentException">There are not n numbers.</exception>
    /// <exception cref="InvalidOperationException">f(x) is more than one number.</exception>
    /// <exception cref="UndefinedException">f or its gradient is not finite there.</exception>
    public static TangentPlane At(Function f, params ReadOnlySpan<double> at)
    {
        (double value, double[] gradient) = f.ValueAndGradient(at);
        double[] a = at.ToArray();
        return double.IsFinite(value) && Array.TrueForAll(gradient, double.IsFinite)
            ? new TangentPlane(f.Variables, a, value, gradient)
            : throw new UndefinedException(f, a, value, "where the plane is to touch it");
    }

    /// <summary>The height of the plane above x.</summary>
    /// <param name="x">n numbers.</param>
    /// <returns>z.</returns>
    /// <exception cref="ArgumentException">There are not n numbers.</exception>
    public double Evaluate(params ReadOnlySpan<double> x)
    {
        if (x.Length != Point.Count)
        {
            throw new ArgumentException($"The plane is over {Point.Count} variable(s); {x.Length} number(s) given.", nameof(x));
        }

        double z = Value;
        for (int i = 0; i < x.Length; i++)
        {
            z += Gradient[i] * (x[i] - Point[i]);
        }

        return z;
    }

    /// <summary>The polynomial with its numbers: <c>z = 5 - 2·(y - 2)</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        $"z = {Wording.Number(Value)}{string.Concat(Gradient.Select((slope, i) => Wording.Term(slope, Wording.From(Variables[i], Point[i]))))}";
}
