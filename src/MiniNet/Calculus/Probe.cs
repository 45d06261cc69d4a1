using MiniNet.Tensors;

namespace MiniNet.Calculus;

/// <summary>An input or a parameter: a value to move, and where Backward leaves its gradient.</summary>
internal sealed record Moved(string Name, Tensor Value, Tensor Gradient);

/// <summary>The measuring behind <see cref="GradientCheck"/>, for one function L = Σ r ⊙ y of all that is moved.</summary>
internal sealed class Probe
{
    private const double U = 6e-8;                      // half the distance between 1 and the next float
    private const double Enough = 1e-4;                 // a standard error that no shorter step need better
    private const float Widest = 1f / 16, Narrowest = 1f / 16384;
    private double[] y0 = [];
    private double size;

    /// <summary>What the report calls it.</summary>
    public required string Subject { get; init; }

    public required IReadOnlyList<Moved> Moved { get; init; }

    /// <summary>Writes y, from the same random numbers and the same state every time.</summary>
    public required Action Forward { get; init; }

    /// <summary>The forward pass before the backward pass, where that is more than <see cref="Forward"/>: a whole graph's.</summary>
    public Action? FirstForward { get; init; }

    /// <summary>Takes dY, and what nobody needs the gradient of, if anything.</summary>
    public required Action<Tensor, Moved?> Backward { get; init; }

    /// <summary>The inputs whose gradient nobody may need.</summary>
    public IReadOnlyList<Moved> Spared { get; init; } = [];

    public required Tensor Y { get; init; }

    public required Tensor R { get; init; }

    /// <summary>Weights for y, none near 0, which would hide an element.</summary>
    public static Tensor Weights(Tensor y, ulong seed)
    {
        var random = new RandomStream(seed, "weights of the gradient check");
        var r = new Tensor(y.Shape, "r");
        foreach (ref float weight in r.Span)
        {
            weight = random.NextUniform(0.5f, 1.5f) * (random.NextInt32(2) == 0 ? 1 : -1);
        }

        return r;
    }

    public GradientReport Run()
    {
        double[][] before = [.. Moved.Select(of => Numbers(of.Value))];
        (FirstForward ?? Forward)();
        y0 = Numbers(Y);
        size = Math.Sqrt(y0.Select((y, i) => y * R.Span[i]).Sum(term => term * term));
        double[][] analytic = Gradients(0), again = Gradients(1);
        string?[] missed = WhereSpared(analytic);
        Moved? changed = Moved.Where((of, i) => !before[i].AsSpan().SequenceEqual(Numbers(of.Value))).FirstOrDefault();

        Y.Span.Fill(float.NaN); // what Forward leaves as it was is to show
        Forward();
        string? useless = changed is not null ? $"Forward or Backward changes {changed.Name} itself"
            : !Array.TrueForAll(y0, double.IsFinite) ? "Forward gives NaN or infinity"
            : !y0.AsSpan().SequenceEqual(Numbers(Y)) ? "Forward gives another result the second time: does it leave elements of y unwritten, draw from a stream other than the pass's, or keep values in the layer?"
            : null;
        if (useless is not null)
        {
            return new GradientReport(Subject, [.. Moved.Select(of => new GradientFinding(of.Name, 0, 0, double.NaN, double.NaN, double.PositiveInfinity, 0, useless))]);
        }

        Evidence[] all = [.. Moved.Select((of, i) => new Evidence(of.Name, of.Value, analytic[i], again[i], Slopes(of.Value)))];
        return new GradientReport(Subject, [.. all.Select((evidence, i) => evidence.Judge(all, R, missed[i]))]);
    }

    private static double[] Numbers(Tensor tensor) => [.. tensor.Span.ToArray().Select(value => (double)value)];

    private double[][] Gradients(float startAt, Moved? spared = null)
    {
        foreach (Moved of in Moved)
        {
            of.Gradient.Span.Fill(startAt);
        }

        Backward(R.Clone(), spared);
        return [.. Moved.Select(of => Numbers(of.Gradient))];
    }

    /// <summary>What is wrong where an input's gradient is not asked for, by what was moved; null where nothing is.</summary>
    private string?[] WhereSpared(double[][] analytic)
    {
        var missed = new string?[Moved.Count];
        for (int k = 0; k < Spared.Count; k++)
        {
            try
            {
                double[][] gradients = Gradients(0, Spared[k]);
                for (int i = 0; i < missed.Length; i++)
                {
                    double largest = analytic[i].Max(Math.Abs);
                    missed[i] = Moved[i] == Spared[k] || gradients[i].Zip(analytic[i]).All(g => Math.Abs(g.First - g.Second) <= 1e-4 * largest) ? missed[i]
                        : $"it is another one where nobody needs d({Spared[k].Name}): does Backward return early?";
                }
            }
            catch (NullReferenceException)
            {
                missed[k] = $"Backward fails where nobody needs d({Spared[k].Name}), which is then null";
            }
        }

        return missed;
    }

    private Slope[] Slopes(Tensor of)
    {
        var slopes = new Slope[of.Shape.Length];
        for (int i = 0; i < slopes.Length; i++)
        {
            slopes[i] = SlopeAt(ref of.Span[i]);
        }

        return slopes;
    }

    /// <summary>∂L/∂w from the longest step at which it is known well enough; where it is at none, from the one at which it is known best.</summary>
    private Slope SlopeAt(ref float w)
    {
        var best = new Slope(0, double.PositiveInfinity);
        double[] changes = new double[(2 * Slope.Reach) + 1];
        float at = w, scale = MathF.Pow(2, MathF.Floor(MathF.Log2(1 + MathF.Abs(at)))); // a power of 2: w + j·spacing is then hardly rounded
        for (float spacing = Widest * scale; spacing >= Narrowest * scale; spacing /= 4)
        {
            double moved = 0, rows = 0;
            for (int j = -Slope.Reach; j <= Slope.Reach; j++)
            {
                if (j != 0)
                {
                    w = at + (j * spacing);
                    Forward();
                    (changes[j + Slope.Reach], double all, double rowsMoved) = Change();
                    (moved, rows) = (Math.Max(moved, all), Math.Max(rows, rowsMoved));
                }
            }

            w = at;
            var slope = Slope.Through(changes, spacing, U * (moved == 0 ? size : rows));
            best = slope.Error < best.Error ? slope : best;
            if (moved == 0 || best.Error <= Enough * moved / (Slope.Reach * spacing))
            {
                break;
            }
        }

        return best;
    }

    /// <summary>Σ r ⊙ (y − y₀); the same of the terms' sizes; and the size of the rows of r ⊙ y₀ in which anything moved, since all of those may have been rounded anew.</summary>
    private (double Sum, double OfSizes, double Rows) Change()
    {
        double sum = 0, sizes = 0, rows = 0;
        int columns = Y.Shape.Columns;
        for (int row = 0; row < Y.Shape.Rows; row++)
        {
            double squares = 0;
            bool moves = false;
            for (int i = row * columns; i < (row + 1) * columns; i++)
            {
                double term = R.Span[i] * (Y.Span[i] - y0[i]), here = R.Span[i] * y0[i];
                (sum, sizes, squares, moves) = (sum + term, sizes + Math.Abs(term), squares + (here * here), moves || term != 0);
            }

            rows += moves ? squares : 0;
        }

        return (sum, sizes, Math.Sqrt(rows));
    }
}
