using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.GradientChecking;

/// <summary>
/// Holds a backward pass against finite differences: moves one number at a time a little up and a little down and compares what the function
/// does with what <c>Backward</c> says. For a layer, a loss or a whole graph, one's own too.
/// </summary>
/// <remarks>
/// <para>
/// What is checked of a layer is L = Σ r ⊙ y with random weights r, and of a loss c·L. A graph is walked from its end: from ∂L/∂y of a node, by
/// differences of its operation alone, come ∂L/∂W and what it adds to ∂L/∂y of the nodes that it reads. So the operation that is wrong has a name,
/// and no kink of another blurs it. Random streams and states are the same for every evaluation, and what was moved is put back, also after an
/// exception. It costs some 13 forward passes of the operation for each number: take small layers and few rows.
/// </para>
/// <para>
/// float32 rounds y by up to u = 6·10⁻⁸ of its size, so that a difference over a step h errs by u/h, and by powers of h from curvature. Here a
/// polynomial of degree 5 is laid through eleven points, w − 5s to w + 5s, by least squares. What it leaves of them gives the standard error σ of
/// its slope at w, which grows with rounding, curvature and kinks alike; it is no less than one rounding of every y in the rows that move would make
/// it. The spacing s is at first a power of 2 near (1 + |w|)/16, and a quarter and again a quarter of it as long as Backward does not agree and
/// there is more than rounding to be seen. A slope counts only where close to w, as close as rounding lets one see, it is the same on either side,
/// to within 1 % and 12 roundings.
/// </para>
/// <para>
/// A slope is trusted to 12σ: a kink anywhere among the points misleads it by 7σ at most, tanh by 11σ at any step, and rounding by 12σ in one of
/// 10⁴ cases, if it is worse than assumed at all. A gradient is wrong where it is off by more than 12σ and 10⁻³ of itself (of a tenth of the root
/// mean square, where it is smaller than that): a right one errs by some 10⁻⁶, mistakes by far more. Where 12σ is above 1 %, at a kink, or because y
/// is so much greater than what moves it (saturated, or normalised over two values), the element is counted as skipped, and only a gross mistake is
/// seen there.
/// </para>
/// <para>
/// Sources: Savitzky and Golay, "Smoothing and Differentiation of Data by Simplified Least Squares Procedures", 1964; Press, Teukolsky, Vetterling
/// and Flannery, "Numerical Recipes", 3rd edition, 2007, sections 5.7 and 15.4.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// GradientReport report = GradientCheck.Check(new MyLayer(), x);
/// Console.WriteLine(report);
/// // MyLayer: WRONG
/// //   d(x)[1, 2]: 0.52 by Backward, 1.04 by differences, relative error 0.5; every element is 0.5 times what it should be: is a factor missing?
///
/// Console.WriteLine(GradientCheck.Check(graph, x, targets));
/// // graph of 6 nodes: WRONG
/// //   look at hidden2 (MyLayer): d(x)[0, 3]: -0.21 by Backward, -0.42 by differences, relative error 0.5; every element is 0.5 times ...
/// //   d(hidden1.weight)[2, 0]: ...
/// </code>
/// </example>
public static class GradientCheck
{
    internal const float DL = 1.37f; // not 1, so that a loss that forgets what comes in from above is caught

    /// <summary>Checks a layer.</summary>
    /// <param name="layer">The layer; its parameters are drawn first where it belongs to no graph yet.</param>
    /// <param name="x">The input.</param>
    /// <param name="seed">Decides the weights r, and the layer's own random numbers.</param>
    /// <returns>A finding for x, unless x has no gradient (<see cref="Layer.HasInputGradient"/>), and one for each parameter.</returns>
    /// <exception cref="ShapeException">The layer cannot take the shape of x.</exception>
    /// <exception cref="InvalidOperationException">There is nothing to check.</exception>
    public static GradientReport Check(Layer layer, Tensor x, ulong seed = 1) => CheckAlone(layer, [x], null, seed);

    /// <summary>Checks a layer of two inputs.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="a">The first input.</param>
    /// <param name="b">The second; it may be the same tensor.</param>
    /// <param name="seed">Decides the weights r, and the layer's own random numbers.</param>
    /// <returns>A finding for a, one for b and one for each parameter; where all are right and both have one shape, also one for a in both places.</returns>
    /// <exception cref="ShapeException">The layer cannot take the shapes.</exception>
    public static GradientReport Check(MergeLayer layer, Tensor a, Tensor b, ulong seed = 1)
    {
        GradientReport report = CheckAlone(layer, [a, b], null, seed);
        return ReferenceEquals(a, b) || a.Shape != b.Shape || !report.Passed
            ? report
            : report with { Gradients = [.. report.Gradients, CheckAlone(layer, [a, a], null, seed).Gradients[0]] };
    }

    /// <summary>Checks a loss.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="p">The prediction.</param>
    /// <param name="targets">The targets.</param>
    /// <param name="seed">Decides the loss's own random numbers, if it draws any.</param>
    /// <returns>A finding for p and one for each parameter.</returns>
    /// <exception cref="ShapeException">Prediction and targets do not fit.</exception>
    public static GradientReport Check(Loss loss, Tensor p, Targets targets, ulong seed = 1)
    {
        loss.Check(p.Shape, targets);
        return CheckAlone(loss, [p], targets, seed);
    }

    /// <summary>Checks a graph of one input.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="x">The input; moved only where the graph was asked for its gradient.</param>
    /// <param name="targets">The targets, for a graph with a loss.</param>
    /// <param name="seed">Decides the weights r. The graph's own random numbers are those of its next forward pass.</param>
    /// <returns>As for several inputs.</returns>
    /// <exception cref="ShapeException">Input or targets do not fit.</exception>
    /// <exception cref="ArgumentException">The graph has a loss and there are no targets, or there are and it has none; or it has not one input.</exception>
    /// <exception cref="InvalidOperationException">There is nothing to check: no parameter, and no input whose gradient was asked for.</exception>
    public static GradientReport Check(Graph graph, Tensor x, Targets? targets = null, ulong seed = 1) => Check(graph, [x], targets, seed);

    /// <summary>Checks a graph. What it holds, values and gradients of nodes and parameters, states and random streams, is afterwards what it was.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="inputs">A value for each input; those are moved whose gradient the graph was asked for.</param>
    /// <param name="targets">The targets, for a graph with a loss.</param>
    /// <param name="seed">Decides the weights r. The graph's own random numbers are those of its next forward pass.</param>
    /// <returns>
    /// A finding for each input whose gradient was asked for and for each parameter, named such as <c>hidden1.weight</c>; and a report on each
    /// operation that is wrong by itself: see <see cref="GradientReport.LookAt"/>.
    /// </returns>
    /// <exception cref="ShapeException">Inputs or targets do not fit.</exception>
    /// <exception cref="ArgumentException">The graph has a loss and there are no targets, or there are and it has none; or there are more or fewer inputs.</exception>
    /// <exception cref="InvalidOperationException">There is nothing to check: no parameter, and no input whose gradient was asked for.</exception>
    public static GradientReport Check(Graph graph, ReadOnlySpan<Tensor> inputs, Targets? targets = null, ulong seed = 1)
    {
        if (graph.HasLoss != targets is not null)
        {
            string message = graph.HasLoss ? "The graph has a loss, which needs targets." : "The graph has no loss to give the targets to: call AddLoss first.";
            throw new ArgumentException(message, nameof(targets));
        }

        using var held = new Held([.. graph.Nodes.Select(node => node.Operation).OfType<Operation>()]);
        return new GraphProbe(graph.Fork(), [.. inputs.ToArray().Select(x => x.Clone())], targets, held).Run(seed);
    }

    private static GradientReport CheckAlone(Operation operation, Tensor[] x, Targets? targets, ulong seed)
    {
        if (!operation.IsInitialized)
        {
            operation.Initialize(new RandomStream(seed, "initialisation"));
            operation.IsInitialized = true;
        }

        Tensor r = operation switch
        {
            Layer layer => Probe.Weights(layer.OutputShape(x[0].Shape), seed),
            MergeLayer layer => Probe.Weights(layer.OutputShape(x[0].Shape, x[1].Shape), seed),
            _ => new Tensor(new Shape(), "dL"),
        };
        if (operation is Loss)
        {
            r.Span[0] = DL;
        }

        using var held = new Held([operation]);
        var pass = new Pass(new RandomStream(seed, "gradient check"));
        return new Probe(operation, x, targets, held, pass, pass.Random.State, new Tensor(r.Shape, "y"), r).Run();
    }
}
