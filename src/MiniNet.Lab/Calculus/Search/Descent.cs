using MiniNet.GradientChecking;
using MiniNet.Optimizers;
using MiniNet.Tensors;

namespace MiniNet.Calculus;

/// <summary>Traces the path that an optimizer or a line search takes on a function.</summary>
/// <remarks>
/// A point whose value or gradient is not finite ends the path with a note and is not part of it. Along −∇f, steepest descent, f decreases
/// fastest; along ∇f, steepest ascent, it increases fastest: Strang, "Calculus", 1991, section 13.4.
/// </remarks>
public static class Descent
{
    /// <summary>Traces the path of an optimizer.</summary>
    /// <param name="f">A scalar-valued function.</param>
    /// <param name="optimizer">
    /// Creates the optimizer for the variables, which are one parameter of n elements: <c>p => new Adam(p, 0.1f)</c>.
    /// </param>
    /// <param name="start">The starting point, with n coordinates.</param>
    /// <param name="steps">The number of steps, at least 0.</param>
    /// <param name="ascent">true to maximize: the optimizer is then given −∇f.</param>
    /// <param name="cancellation">Ends the path at the current point.</param>
    /// <returns>The path, including the start.</returns>
    /// <exception cref="ArgumentException">The number of coordinates is not n.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="steps"/> is negative.</exception>
    /// <exception cref="InvalidOperationException">f has more than one output.</exception>
    /// <exception cref="UndefinedException">f or its gradient is not finite at the start.</exception>
    public static DescentPath Trace(
        Function f,
        Func<IReadOnlyList<Parameter>, Optimizer> optimizer,
        IReadOnlyList<double> start,
        int steps,
        bool ascent = false,
        CancellationToken cancellation = default)
    {
        DescentStep at = Start(f, start, steps);
        var x = new Parameter("x", new Shape(start.Count));
        Write(at.Point, 1, x.Value);
        Optimizer rule = optimizer([x]);
        List<DescentStep> path = [at];
        string? note = null;
        for (int step = 1; step <= steps && note is null; step++)
        {
            if (cancellation.IsCancellationRequested)
            {
                note = $"cancelled before step {step}";
                break;
            }

            Write(at.Gradient, ascent ? -1 : 1, x.Gradient);
            rule.Step();
            at = At(f, step, OperationProbe.ToDoubles(x.Value), null);
            note = AddTo(path, f, at);
        }

        return new DescentPath(f.Variables, path, note);
    }

    /// <summary>
    /// Traces steepest descent: each step follows −∇f as far as <see cref="LineSearch.Armijo"/> accepts, and first tries twice the previous
    /// step size.
    /// </summary>
    /// <param name="f">A scalar-valued function.</param>
    /// <param name="start">The starting point, with n coordinates.</param>
    /// <param name="steps">
    /// The maximum number of steps, at least 0; the path ends earlier where the gradient is 0 or no step improves f.
    /// </param>
    /// <param name="ascent">true to maximize, along ∇f.</param>
    /// <param name="cancellation">Ends the path at the current point.</param>
    /// <returns>The path, including the start, each step with its line search.</returns>
    /// <exception cref="ArgumentException">The number of coordinates is not n.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="steps"/> is negative.</exception>
    /// <exception cref="InvalidOperationException">f has more than one output.</exception>
    /// <exception cref="UndefinedException">f or its gradient is not finite at the start.</exception>
    public static DescentPath Steepest(
        Function f,
        IReadOnlyList<double> start,
        int steps,
        bool ascent = false,
        CancellationToken cancellation = default)
    {
        DescentStep at = Start(f, start, steps);
        List<DescentStep> path = [at];
        string? note = null;
        double first = 1;
        for (int step = 1; step <= steps && note is null; step++)
        {
            if (cancellation.IsCancellationRequested || at.GradientNorm == 0)
            {
                note = at.GradientNorm == 0 ? "converged: the gradient is 0" : $"cancelled before step {step}";
                break;
            }

            int sign = ascent ? -1 : 1;
            var search = LineSearch.Along(f, sign, at.Point, [.. at.Gradient.Select(g => -sign * g)], first, 1e-4, null);
            if (search.Step is not { } length)
            {
                note = "converged: no step improves the value by more than rounding";
                break;
            }

            double[] next = [.. at.Point.Zip(search.Direction, (from, part) => (double)(float)(from + (length * part)))];
            (at, first) = (At(f, step, next, search), 2 * length);
            note = AddTo(path, f, at);
        }

        return new DescentPath(f.Variables, path, note);
    }

    private static DescentStep Start(Function f, IReadOnlyList<double> start, int steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        DescentStep at = At(f, 0, [.. start.Select(number => (double)(float)number)], null);
        return IsFinite(at) ? at : throw new UndefinedException(f, start, at.Value, "at the start of the path");
    }

    private static DescentStep At(Function f, int step, double[] x, LineSearch? search)
    {
        (double value, double[] gradient) = f.ValueAndGradient(x);
        return new DescentStep(step, x, value, gradient, Math.Sqrt(gradient.Sum(g => g * g)), search);
    }

    private static bool IsFinite(DescentStep at) =>
        double.IsFinite(at.Value) && double.IsFinite(at.GradientNorm) && at.Point.All(double.IsFinite);

    private static string? AddTo(List<DescentStep> path, Function f, DescentStep at)
    {
        if (IsFinite(at))
        {
            path.Add(at);
            return null;
        }

        return $"diverged: step {at.Step} leads to {MathFormat.Point(f.Variables, at.Point)}, "
            + $"where f = {MathFormat.Number(at.Value)} and |∇f| = {MathFormat.Number(at.GradientNorm)}";
    }

    private static void Write(IReadOnlyList<double> numbers, int sign, Tensor tensor)
    {
        for (int i = 0; i < numbers.Count; i++)
        {
            tensor.Span[i] = (float)(sign * numbers[i]);
        }
    }
}
