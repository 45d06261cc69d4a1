using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Calculus;

/// <summary>
/// Holds a backward pass against finite differences: moves one number at a time a little up and a little down and compares what the function
/// does with what <c>Backward</c> says. For a layer, a loss or a whole graph, one's own too.
/// </summary>
/// <remarks>
/// <para>
/// What is checked is L = Σ r ⊙ y with random weights r, c·L for a loss, and the loss itself for a graph that has one. A graph's operations are
/// moreover checked one by one, on the values that they receive in it: a mistake in one spoils every gradient before it, but only its own check.
/// Sums are in double. Random streams and layers' states are the same for every evaluation; whatever was moved is put back, also after an exception.
/// It costs some ten forward passes for each number: take small layers and few rows.
/// </para>
/// <para>
/// float32 rounds y by about u = 6·10⁻⁸ of its size, so that a difference over a step h errs by u/h, and by ever higher powers of h from
/// curvature. Here a polynomial of degree 5 is laid through eleven points, w − 5s to w + 5s, by least squares, and what is left between points and
/// polynomial gives the standard error σ of its slope at w: it grows with rounding, with curvature and with a kink alike, and one rounding of y is the
/// least that it is taken to be. The spacing s is (1 + |w|)/16 at first, and a quarter of that and again a quarter, down to (1 + |w|)/16384,
/// until σ is below 10⁻⁴ of the slope; else the best counts.
/// </para>
/// <para>
/// A slope is trusted to 12σ: a kink anywhere among the points misleads it by at most 7σ, smooth functions such as tanh at too long a step by 11σ, chance
/// by 12σ once in 10⁴ times, and then only where rounding is worse than assumed. A gradient is wrong where it is off by more than 12σ and 10⁻³ of its size
/// (of a tenth of the root mean square of all, where it is smaller than that): more than the rounding in a right one, less than any mistake. Where 12σ is more
/// than a tenth of that, at a kink or where everything cancels, there is nothing to compare with, and the element is counted as skipped.
/// </para>
/// <para>Source: Press, Teukolsky, Vetterling and Flannery, "Numerical Recipes", 3rd edition, 2007, sections 5.7 and 15.4.</para>
/// </remarks>
/// <example>
/// <code>
/// GradientReport report = GradientCheck.Check(new MyLayer(), x);
/// Console.WriteLine(report);      // MyLayer: WRONG
///                                 //   d(x)[1, 2]: 0.52 by Backward, 1.04 by differences, relative error 0.5; every element is 0.5 times ...
/// report = GradientCheck.Check(graph, x, targets);
/// Assert.True(report.Passed, report.ToString());
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
    /// <returns>A finding for a, one for b, one for each parameter, and where both have one shape, one for a that stands in both places.</returns>
    /// <exception cref="ShapeException">The layer cannot take the shapes.</exception>
    public static GradientReport Check(MergeLayer layer, Tensor a, Tensor b, ulong seed = 1)
    {
        GradientReport report = CheckAlone(layer, [a, b], null, seed);
        return ReferenceEquals(a, b) || a.Shape != b.Shape
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
            throw new ArgumentException(graph.HasLoss ? "The graph has a loss, which needs targets." : "The graph has no loss to give the targets to: call AddLoss first.", nameof(targets));
        }

        using var held = new Held(graph.Nodes.Select(node => node.Operation).OfType<Operation>());
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
