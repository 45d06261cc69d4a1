using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Calculus;

/// <summary>The measuring behind <see cref="GradientCheck"/>: the same state for every evaluation, differences, and the comparison.</summary>
internal sealed class Probe
{
    private const double U = 6e-8;                  // half the distance between 1 and the next float
    private const double Roundings = 16;            // how many of them an element of y may have gathered
    private const double Tolerance = 1e-3;
    private const float ShortestStep = 1f / 1024;
    private static readonly float[] Steps = [1f / 32, 1f / 128, 1f / 512];

    private readonly Operation operation;
    private readonly ulong randomState;
    private readonly Tensor[] states;

    public Probe(Operation operation, ulong seed)
    {
        this.operation = operation;
        if (!operation.IsInitialized)
        {
            operation.Initialize(new RandomStream(seed, "initialisation"));
            operation.IsInitialized = true;
        }

        Pass = new Pass(new RandomStream(seed, "gradient check"));
        randomState = Pass.Random.State;
        states = [.. operation.State.Select(state => state.Clone())];
    }

    public Pass Pass { get; }

    public Tensor RandomLike(Tensor y)
    {
        var random = new RandomStream(randomState, "weights");
        var r = new Tensor(y.Shape, "r");
        foreach (ref float weight in r.Span)
        {
            weight = random.NextUniform(0.5f, 1.5f) * (random.NextInt32(2) == 0 ? 1 : -1); // none near 0, which would hide an element
        }

        return r;
    }

    public GradientReport Run((string Name, Tensor Value, Tensor Gradient)[] inputs, Func<(double Value, double Size)> forward, Action backward)
    {
        (string Name, Tensor Value, Tensor Gradient)[] all = [.. inputs, .. operation.Parameters.Select(p => (p.Name, p.Value, p.Gradient))];
        Tensor[] kept = [.. all.Select(of => of.Gradient.Clone())];
        double size = Evaluate(forward).Size;

        double[][] analytic = Gradients(all, startAt: 0, backward), again = Gradients(all, startAt: 1, backward);
        var findings = all.Select((of, i) =>
            Compare(of.Name, of.Value.Shape, analytic[i], again[i], Numeric(of.Value, forward, size))).ToList();

        for (int i = 0; i < all.Length; i++)
        {
            all[i].Gradient.CopyFrom(kept[i]);
        }

        PutBack();
        return new GradientReport(operation.ToString(), findings);
    }

    private static double[][] Gradients((string Name, Tensor Value, Tensor Gradient)[] all, float startAt, Action backward)
    {
        foreach ((_, _, Tensor gradient) in all)
        {
            gradient.Span.Fill(startAt);
        }

        backward();
        return [.. all.Select(of => of.Gradient.Span.ToArray().Select(g => (double)g).ToArray())];
    }

    private (double Value, double Size) Evaluate(Func<(double, double)> forward)
    {
        PutBack();
        return forward();
    }

    private void PutBack()
    {
        Pass.Random.State = randomState;
        for (int i = 0; i < states.Length; i++)
        {
            operation.State[i].CopyFrom(states[i]);
        }
    }

    /// <summary>The derivative by each element, NaN where there is none, and how far rounding alone may have moved it.</summary>
    private (double Value, double Noise)[] Numeric(Tensor of, Func<(double, double)> forward, double size)
    {
        var derivatives = new (double, double)[of.Shape.Length];
        double here = Evaluate(forward).Value;
        for (int i = 0; i < derivatives.Length; i++)
        {
            derivatives[i] = Derivative(of, i, forward, here, Roundings * U * size);
        }

        return derivatives;
    }

    private (double Value, double Noise) Derivative(Tensor of, int i, Func<(double, double)> forward, double here, double noise)
    {
        float w = of.Span[i];
        float shortest = ShortestStep * (1 + MathF.Abs(w));
        double right = (At(w + shortest) - here) / shortest, left = (here - At(w - shortest)) / shortest;
        if (Math.Abs(right - left) > (0.1 * Math.Max(Math.Abs(right), Math.Abs(left))) + (4 * noise / shortest))
        {
            return (double.NaN, 0);
        }

        foreach (float step in Steps)
        {
            float h = step * (1 + MathF.Abs(w));
            double whole = Difference(h), half = Difference(h / 2);
            if (Math.Abs(whole - half) <= (0.02 * Math.Max(Math.Abs(whole), Math.Abs(half))) + (4 * noise / h))
            {
                return (((4 * half) - whole) / 3, 3 * noise / h);
            }
        }

        return (double.NaN, 0);

        double Difference(float h) => (At(w + h) - At(w - h)) / ((double)(w + h) - (w - h)); // as floats: not quite 2h

        double At(float value)
        {
            of.Span[i] = value;
            double there = Evaluate(forward).Value;
            of.Span[i] = w;
            return there;
        }
    }

    private static GradientFinding Compare(string name, Shape shape, double[] analytic, double[] again, (double Value, double Noise)[] differences)
    {
        double[] numeric = [.. differences.Select(difference => difference.Value)];
        double[] known = [.. numeric.Where(double.IsFinite)];
        double typical = known.Length == 0 ? 0 : Math.Sqrt(known.Average(n => n * n));
        int worst = 0;
        double worstError = -1;
        bool wrong = false, overwrites = false;
        for (int i = 0; i < analytic.Length; i++)
        {
            if (double.IsNaN(numeric[i]))
            {
                continue;
            }

            double difference = Math.Abs(analytic[i] - numeric[i]), of = Math.Max(typical, Math.Max(Math.Abs(analytic[i]), Math.Abs(numeric[i])));
            double error = difference == 0 ? 0 : double.IsFinite(difference) ? difference / of : double.PositiveInfinity;
            wrong |= !(difference <= (Tolerance * of) + differences[i].Noise);
            overwrites |= !(Math.Abs(again[i] - 1 - analytic[i]) <= (Tolerance * of) + 1e-5);
            (worst, worstError) = error > worstError ? (i, error) : (worst, worstError);
        }

        string? cause = wrong ? LikelyCause.Of(shape, analytic, numeric)
            : overwrites ? "a gradient that was there before is lost: is it = where += belongs?"
            : null;
        return new GradientFinding(
            name, worst / shape.Columns, worst % shape.Columns, analytic[worst], numeric[worst], Math.Max(worstError, 0), numeric.Length - known.Length, cause);
    }
}
