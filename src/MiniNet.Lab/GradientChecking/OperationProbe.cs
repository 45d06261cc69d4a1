using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.GradientChecking;

/// <summary>
/// Represents a tensor whose elements are changed: an input, with its node in a graph, or a parameter; and the tensor of its gradient.
/// </summary>
internal sealed record PerturbedTensor(string Name, Tensor Value, Tensor Gradient, Node? Source = null);

/// <summary>
/// Measures gradients for <see cref="GradientCheck"/>: of one operation, with L = Σ r ⊙ y as a function of its inputs and parameters.
/// </summary>
internal sealed class OperationProbe
{
    private const double U = 6e-8;                      // half the distance between 1 and the next float
    private const string NotRepeated = "Forward gives a different result the second time: does it leave elements of y unwritten, "
        + "draw random numbers from anything but context.Random, or keep values in the layer?";

    private const double RequiredPrecision = 4e-4;                 // a standard error relative to the slope; 12 of them are well below 1 %
    private const float MaxSpacing = 1f / 16, MinSpacing = MaxSpacing / (1 << 16);
    private readonly Operation operation;
    private readonly Node? node;
    private readonly Targets? targets;
    private readonly StateSnapshot snapshot;
    private readonly NodeContext context;
    private readonly ulong state;
    private readonly Tensor y, r;
    private readonly Tensor[] x; // a tensor that is used as several inputs occurs once
    private readonly int[] positions; // for each input, its index in x
    private readonly PerturbedTensor?[] inputs;
    private readonly PerturbedTensor[] perturbed;
    private double[] y0 = [];

    /// <summary>
    /// Initializes a new instance of the <see cref="OperationProbe"/> class with copies of the inputs. Equal inputs share one copy and one
    /// gradient.
    /// </summary>
    /// <param name="operation">The operation.</param>
    /// <param name="given">Its inputs.</param>
    /// <param name="targets">The targets of a loss.</param>
    /// <param name="snapshot">The saved state.</param>
    /// <param name="context">The context for Forward and Backward.</param>
    /// <param name="state">The state of the context's random stream before the forward pass.</param>
    /// <param name="y">The output.</param>
    /// <param name="r">∂L/∂y.</param>
    /// <param name="node">The operation's node in a graph whose forward pass has just run; null for an operation alone.</param>
    public OperationProbe(
        Operation operation,
        Tensor[] given,
        Targets? targets,
        StateSnapshot snapshot,
        NodeContext context,
        ulong state,
        Tensor y,
        Tensor r,
        Node? node = null)
    {
        (this.operation, this.targets, this.snapshot, this.context, this.state, this.y, this.r, this.node) =
            (operation, targets, snapshot, context, state, y, r, node);
        Tensor[] distinct = [.. given.Distinct()];
        x = [.. distinct.Select(tensor => tensor.Clone())];
        positions = [.. given.Select(tensor => Array.IndexOf(distinct, tensor))];
        Node[] sources = [.. node?.Sources.Distinct() ?? []];
        string[] names =
        [
            .. distinct.Select(tensor => string.Join(
                " = ", Enumerable.Range(0, given.Length).Where(i => given[i] == tensor).Select(operation.InputName))),
        ];
        inputs = [.. x.Select((tensor, i) =>
            !operation.HasInputGradient || sources.ElementAtOrDefault(i)?.NeedsGradient == false
                ? null
                : new PerturbedTensor(names[i], tensor, new Tensor(tensor.Shape, "d" + names[i]), sources.ElementAtOrDefault(i)))];
        perturbed =
        [
            .. inputs.OfType<PerturbedTensor>()
                .Concat(operation.Parameters.Select(p => new PerturbedTensor(p.Name, p.Value, p.Gradient)))
                .Where(of => of.Value.Shape.Length > 0),
        ];
        if (perturbed.Length == 0)
        {
            throw new InvalidOperationException($"{operation} has no gradient to check.");
        }
    }

    /// <summary>Gets the tensors whose gradients are checked: the inputs that have a gradient, and the parameters.</summary>
    public IReadOnlyList<PerturbedTensor> PerturbedTensors => perturbed;

    /// <summary>Gets the measurement for each of them; empty if nothing could be measured.</summary>
    public GradientMeasurement[] Measurements { get; private set; } = [];

    /// <summary>Creates random weights for y. None is near 0, which would hide an element.</summary>
    public static Tensor RandomWeights(Shape shape, ulong seed)
    {
        var random = new RandomStream(seed, "weights of the gradient check");
        var weights = new Tensor(shape, "r");
        foreach (ref float weight in weights.Span)
        {
            weight = random.NextUniform(0.5f, 1.5f) * (random.NextInt32(2) == 0 ? 1 : -1);
        }

        return weights;
    }

    [DebuggerStepThrough]
    public static double[] ToDoubles(Tensor tensor)
    {
        var numbers = new double[tensor.Shape.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = tensor.Span[i];
        }

        return numbers;
    }

    public GradientReport Run()
    {
        double[][] before = [.. perturbed.Select(of => ToDoubles(of.Value))];
        if (node is null)
        {
            Forward();
        }

        y0 = ToDoubles(y);
        double[][] analytic = Gradients(0);
        double most = analytic.SelectMany(gradient => gradient).Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max();

        // If all contributions cancel, as in x − x, they are still of the size of dY.
        double start = most == 0 ? ToDoubles(r).Max(Math.Abs) : Math.Max(1e-30, most);
        double[][] again = Gradients((float)start);
        string?[] failures = CheckWithoutInputGradient(analytic);
        PerturbedTensor? changed = perturbed.Where((of, i) => !before[i].AsSpan().SequenceEqual(ToDoubles(of.Value))).FirstOrDefault();

        y.Span.Fill(float.NaN); // reveals elements that Forward does not write
        Forward();
        string? failure = changed is not null ? $"Forward or Backward changes {changed.Name} itself"
            : !Array.TrueForAll(y0, double.IsFinite) ? "Forward gives NaN or infinity"
            : !y0.AsSpan().SequenceEqual(ToDoubles(y)) ? NotRepeated
            : null;
        string subject = node?.Describe() ?? operation.ToString();
        if (failure is not null)
        {
            return new GradientReport(
                subject,
                [
                    .. perturbed.Select(of =>
                        new GradientFinding(of.Name, 0, 0, double.NaN, double.NaN, double.PositiveInfinity, 0, failure)),
                ]);
        }

        Measurements =
        [
            .. perturbed.Select((of, i) =>
                new GradientMeasurement(
                    of.Name, of.Value, analytic[i], Slopes(of.Value, analytic[i])) { SecondPass = again[i], InitialGradient = start }),
        ];
        return new GradientReport(
            subject, [.. Measurements.Select((measurement, i) => measurement.ToFinding(Measurements, r, failures[i], this))]);
    }

    // Always starts from the same random numbers and the same state.
    private void Forward()
    {
        snapshot.RestoreState();
        context.Random.State = state;
        operation.RunForward([.. positions.Select(i => x[i])], targets, y, context);
    }

    private void Backward(PerturbedTensor? notNeeded)
    {
        Tensor dY = r.Clone(); // Backward may write to it
        Tensor?[] gradients = [.. positions.Select(i => inputs[i] == notNeeded ? null : inputs[i]?.Gradient)];
        operation.RunBackward([.. positions.Select(i => x[i])], targets, y, dY, gradients, context);
    }

    private double[][] Gradients(float startAt, PerturbedTensor? notNeeded = null)
    {
        foreach (PerturbedTensor of in perturbed)
        {
            of.Gradient.Span.Fill(startAt);
        }

        Backward(notNeeded);
        return [.. perturbed.Select(of => ToDoubles(of.Gradient))];
    }

    /// <summary>
    /// Checks the gradients again when the gradient of one input is not needed. Returns what is wrong for each tensor, or null.
    /// </summary>
    private string?[] CheckWithoutInputGradient(double[][] analytic)
    {
        var failures = new string?[perturbed.Length];
        for (int k = 0; perturbed.Length > 1 && node is null && operation is not Loss && k < inputs.Count(input => input is not null); k++)
        {
            try
            {
                double[][] gradients = Gradients(0, perturbed[k]);
                for (int i = 0; i < failures.Length; i++)
                {
                    double allowed = 1e-4 * analytic[i].Max(Math.Abs);
                    failures[i] ??= i == k || gradients[i].Zip(analytic[i]).All(g => Math.Abs(g.First - g.Second) <= allowed) ? null
                        : $"it changes when d({perturbed[k].Name}) is not needed: does Backward return early?";
                }
            }
            catch (NullReferenceException)
            {
                failures[k] = $"Backward throws when d({perturbed[k].Name}) is not needed and its tensor is null";
            }
        }

        return failures;
    }

    /// <summary>
    /// Computes the gradients that would be right for common mistakes about the operation, each with a description of the mistake.
    /// </summary>
    public IEnumerable<(string Mistake, double[] Gradient)> KnownMistakes(Tensor of)
    {
        if (of.Shape.Length == r.Shape.Length)
        {
            yield return (
                "it is right only for the y at the same position: do other elements of y depend on this x too, as in a softmax?",
                Differences(of, ownOnly: true));
        }

        foreach (PerturbedTensor w in perturbed
            .Where(w => w.Value.Shape.Rank == 2 && w.Value.Shape.Rows == w.Value.Shape.Columns && w.Value != of))
        {
            float[] original = w.Value.Span.ToArray();
            MistakeDiagnosis.Transpose(w.Value.Shape, original).CopyTo(w.Value.Span);
            double[] gradient = Differences(of, ownOnly: false);
            original.CopyTo(w.Value.Span);
            yield return ($"it is right for the transpose of {w.Name}: is a transpose missing, or one too many?", gradient);
        }
    }

    private double[] Differences(Tensor of, bool ownOnly)
    {
        var differences = new double[of.Shape.Length];
        for (int i = 0; i < differences.Length; i++)
        {
            float w = of.Span[i], h = (1 + MathF.Abs(w)) / 256;
            of.Span[i] = w + h;
            Forward();
            double[] above = ToDoubles(y);
            of.Span[i] = w - h;
            Forward();
            of.Span[i] = w;
            differences[i] = above.Select((up, k) => ownOnly && k != i ? 0 : r.Span[k] * (up - y.Span[k])).Sum() / (2 * h);
        }

        return differences;
    }

    private SlopeEstimate[] Slopes(Tensor of, double[] analytic)
    {
        var slopes = new SlopeEstimate[of.Shape.Length];
        for (int i = 0; i < slopes.Length; i++)
        {
            slopes[i] = SlopeAt(ref of.Span[i], analytic[i]);
        }

        return slopes;
    }

    /// <summary>
    /// Computes ∂L/∂w by finite differences, with the widest spacing that is accurate and agrees with Backward; if none does, the most
    /// accurate spacing.
    /// </summary>
    private SlopeEstimate SlopeAt(ref float w, double analytic)
    {
        var best = new SlopeEstimate(0, double.PositiveInfinity);
        double[] changes = new double[(2 * SlopeEstimate.HalfWindow) + 1];

        // A power of 2, so that w + j·spacing is hardly rounded.
        float at = w, scale = MathF.Pow(2, MathF.Floor(MathF.Log2(1 + MathF.Abs(at))));
        for (float spacing = MaxSpacing * scale; spacing >= MinSpacing * scale; spacing /= 4)
        {
            double moves = 0, rows = 0;
            for (int j = -SlopeEstimate.HalfWindow; j <= SlopeEstimate.HalfWindow; j++)
            {
                (changes[j + SlopeEstimate.HalfWindow], double sizes, double rowsMoved) = j == 0
                    ? default
                    : ChangeAt(ref w, at + (j * spacing));
                (moves, rows) = (Math.Max(moves, sizes), Math.Max(rows, rowsMoved));
            }

            double steepness = moves / (SlopeEstimate.HalfWindow * spacing), noise = U * rows;
            var slope = SlopeEstimate.Fit(changes, spacing, noise);
            if (moves == 0)
            {
                return slope;
            }

            if (double.IsFinite(slope.Error) && IsConfirmedNearby(ref w, slope.Value, steepness, noise, spacing))
            {
                best = slope.Error < best.Error ? slope : best;
                if (slope.Error <= RequiredPrecision * Math.Abs(slope.Value)
                    && slope.ErrorOf(analytic) <= GradientChecking.GradientMeasurement.Tolerance)
                {
                    return slope;
                }
            }

            if (noise / spacing > steepness)
            {
                break; // at smaller spacings only rounding is left
            }
        }

        return best;
    }

    /// <summary>
    /// Determines whether the slope is the same on either side, as close to w as rounding allows. The points may be outside a narrow
    /// feature, and the effects of kinks on the residuals can cancel.
    /// </summary>
    private bool IsConfirmedNearby(ref float w, double slope, double steepness, double noise, float spacing)
    {
        float h = (float)Math.Clamp(1000 * noise / steepness, spacing / 4096, spacing / 4), above = w + h, below = w - h;
        double right = ChangeAt(ref w, above).Sum / ((double)above - w), left = ChangeAt(ref w, below).Sum / ((double)below - w);
        return Math.Max(
            Math.Abs(right - slope), Math.Abs(left - slope)) <= (0.01 * steepness) + (SlopeEstimate.ConfidenceFactor * noise / h);
    }

    /// <summary>
    /// Computes, for w at a given value: Σ r ⊙ (y − y₀); the sum of the absolute values of the terms; and the norm of r ⊙ y₀ over the rows
    /// that changed (over all rows if none did), which determines the rounding error.
    /// </summary>
    private (double Sum, double OfSizes, double OfRows) ChangeAt(ref float w, float there)
    {
        float at = w;
        w = there;
        Forward();
        w = at;
        double sum = 0, sizes = 0, ofMoved = 0, ofAll = 0;
        int columns = y.Shape.Columns;
        for (int row = 0; row < y.Shape.Rows; row++)
        {
            double squares = 0;
            bool moves = false;
            for (int i = row * columns; i < (row + 1) * columns; i++)
            {
                double term = r.Span[i] * (y.Span[i] - y0[i]), here = r.Span[i] * y0[i];
                (sum, sizes, squares, moves) = (sum + term, sizes + Math.Abs(term), squares + (here * here), moves || term != 0);
            }

            (ofMoved, ofAll) = (ofMoved + (moves ? squares : 0), ofAll + squares);
        }

        return (sum, sizes, Math.Sqrt(sizes == 0 ? ofAll : ofMoved));
    }
}
