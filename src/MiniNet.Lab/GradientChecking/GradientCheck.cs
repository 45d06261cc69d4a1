using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.GradientChecking;

/// <summary>
/// Checks a backward pass against finite differences: changes one number at a time by a small step up and down, and compares the change of
/// the function with the gradient from <c>Backward</c>. Works for a layer, a loss or a whole graph, including custom ones.
/// </summary>
/// <remarks>
/// <para>
/// For a layer, the checked function is L = Σ r ⊙ y with random weights r; for a loss it is c·L. A graph is checked from its end to its
/// start: given ∂L/∂y of a node, finite differences of its operation alone give ∂L/∂W and its contribution to ∂L/∂y of the nodes that it
/// reads. So a wrong operation is reported by name, and kinks of other operations have no influence. Random streams and states are the same
/// for every evaluation, and changed values are restored, also after an exception. The cost is about 13 forward passes of the operation per
/// number: use small layers and few rows.
/// </para>
/// <para>
/// float32 rounds y by up to u = 6·10⁻⁸ of its size, so a finite difference with step size h has a rounding error of u/h, and a truncation
/// error of powers of h. Here a polynomial of degree 5 is fitted by least squares to eleven points, w − 5s to w + 5s. Its residuals give
/// the standard error σ of its slope at w, which grows with rounding, curvature and kinks alike; σ is at least the error that one rounding
/// of every y in the affected rows would cause. The spacing s starts at a power of 2 near (1 + |w|)/16, and is divided by 4 repeatedly
/// while Backward does not agree and the differences are larger than rounding. A slope counts only if it is the same on either side of w,
/// as close to w as rounding allows, to within 1 % and 12 roundings.
/// </para>
/// <para>
/// A slope is trusted to 12σ: a kink anywhere among the points causes an error of 7σ at most, tanh of 11σ at any step size, and rounding of
/// 12σ in one of 10⁴ cases, if it is worse than assumed at all. A gradient is wrong if its error exceeds 12σ and 10⁻³ of its size (of a
/// tenth of the root mean square, if it is smaller than that): correct gradients have errors of about 10⁻⁶, mistakes much larger ones.
/// Where 12σ is above 1 %, at a kink, or because y is much larger than its change (saturated, or normalized over two values), the element
/// is counted as skipped, and only a large error is detected there.
/// </para>
/// <para>
/// Sources: Savitzky and Golay, "Smoothing and Differentiation of Data by Simplified Least Squares Procedures", 1964; Press, Teukolsky,
/// Vetterling and Flannery, "Numerical Recipes", 3rd edition, 2007, sections 5.7 and 15.4.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// GradientReport report = GradientCheck.Check(new MyLayer(), x);
/// Console.WriteLine(report);
/// // MyLayer: WRONG
/// //   d(x)[1, 2]: 0.52 by Backward, 1.04 by differences, relative error 0.5; every element is 0.5 times what it should be: ...
///
/// Console.WriteLine(GradientCheck.Check(graph, x, targets));
/// // graph of 6 nodes: WRONG
/// //   look at hidden2 (MyLayer): d(x)[0, 3]: -0.21 by Backward, -0.42 by differences, relative error 0.5; every element is 0.5 times ...
/// //   d(hidden1.weight)[2, 0]: ...
/// </code>
/// </example>
public static class GradientCheck
{
    internal const float DL = 1.37f; // not 1, to catch a loss that ignores the incoming gradient

    /// <summary>Checks a layer.</summary>
    /// <param name="layer">The layer; its parameters are initialized first if it does not belong to a graph yet.</param>
    /// <param name="x">The input.</param>
    /// <param name="seed">The seed of the weights r and of the layer's own random numbers.</param>
    /// <returns>
    /// A finding for x, unless the layer has no input gradient (<see cref="Operation.HasInputGradient"/>), and one for each parameter.
    /// </returns>
    /// <exception cref="ShapeException">The layer does not accept the shape of x.</exception>
    /// <exception cref="InvalidOperationException">There is nothing to check.</exception>
    public static GradientReport Check(Layer layer, Tensor x, ulong seed = 1) => CheckOperation(layer, [x], null, seed);

    /// <summary>Checks a layer with two inputs.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="a">The first input.</param>
    /// <param name="b">The second input; it may be the same tensor.</param>
    /// <param name="seed">The seed of the weights r and of the layer's own random numbers.</param>
    /// <returns>
    /// A finding for a, one for b and one for each parameter; if all are right and both have the same shape, also one for a used as both
    /// inputs.
    /// </returns>
    /// <exception cref="ShapeException">The layer does not accept the shapes.</exception>
    public static GradientReport Check(BinaryLayer layer, Tensor a, Tensor b, ulong seed = 1)
    {
        GradientReport report = CheckOperation(layer, [a, b], null, seed);
        return ReferenceEquals(a, b) || a.Shape != b.Shape || !report.Passed
            ? report
            : report with { Gradients = [.. report.Gradients, CheckOperation(layer, [a, a], null, seed).Gradients[0]] };
    }

    /// <summary>Checks a layer with any number of inputs.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="inputs">The inputs. Several can be the same tensor.</param>
    /// <param name="seed">The seed of the weights r and of the layer's own random numbers.</param>
    /// <returns>A finding for each different input and one for each parameter.</returns>
    /// <exception cref="ShapeException">The layer does not accept the shapes.</exception>
    public static GradientReport Check(MergeLayer layer, IReadOnlyList<Tensor> inputs, ulong seed = 1) =>
        CheckOperation(layer, [.. inputs], null, seed);

    /// <summary>Checks a loss.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="p">The prediction.</param>
    /// <param name="targets">The targets.</param>
    /// <param name="seed">The seed of the loss's own random numbers, if it has any.</param>
    /// <returns>A finding for p and one for each parameter.</returns>
    /// <exception cref="ShapeException">The shapes of prediction and targets do not match.</exception>
    public static GradientReport Check(Loss loss, Tensor p, Targets targets, ulong seed = 1)
    {
        loss.Check(p.Shape, targets);
        return CheckOperation(loss, [p], targets, seed);
    }

    /// <summary>Checks a graph with one input.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="x">The input; it is checked only if it was added with <c>needsGradient: true</c>.</param>
    /// <param name="targets">The targets, for a graph with a loss.</param>
    /// <param name="seed">The seed of the weights r. The graph's own random numbers are those of its next forward pass.</param>
    /// <returns>The same as for several inputs.</returns>
    /// <exception cref="ShapeException">The shape of the input or the targets does not match.</exception>
    /// <exception cref="ArgumentException">
    /// The graph has a loss but no targets are given, or it has no loss but targets are given; or it does not have exactly one input.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// There is nothing to check: the graph has no parameters and no input with <c>needsGradient: true</c>.
    /// </exception>
    public static GradientReport Check(Graph graph, Tensor x, Targets? targets = null, ulong seed = 1) => Check(graph, [x], targets, seed);

    /// <summary>
    /// Checks a graph. Its values, gradients, parameters, states and random streams are restored afterwards.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="inputs">A value for each input; inputs with <c>needsGradient: true</c> are checked.</param>
    /// <param name="targets">The targets, for a graph with a loss.</param>
    /// <param name="seed">The seed of the weights r. The graph's own random numbers are those of its next forward pass.</param>
    /// <returns>
    /// A finding for each input with <c>needsGradient: true</c> and for each parameter, with names such as <c>hidden1.weight</c>; and a
    /// report for each operation that is wrong: see <see cref="GradientReport.FaultyOperations"/>.
    /// </returns>
    /// <exception cref="ShapeException">The shapes of the inputs or the targets do not match.</exception>
    /// <exception cref="ArgumentException">
    /// The graph has a loss but no targets are given, or it has no loss but targets are given; or the number of inputs does not match.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// There is nothing to check: the graph has no parameters and no input with <c>needsGradient: true</c>.
    /// </exception>
    public static GradientReport Check(Graph graph, ReadOnlySpan<Tensor> inputs, Targets? targets = null, ulong seed = 1)
    {
        if (graph.HasLoss != targets is not null)
        {
            string message = graph.HasLoss
                ? "The graph has a loss, which needs targets."
                : "The graph has no loss, so it takes no targets: call AddLoss first.";
            throw new ArgumentException(message, nameof(targets));
        }

        using var snapshot = new StateSnapshot([.. graph.Nodes.Select(node => node.Operation).OfType<Operation>()]);
        return new GraphProbe(graph.Fork(), [.. inputs.ToArray().Select(x => x.Clone())], targets, snapshot).Run(seed);
    }

    private static GradientReport CheckOperation(Operation operation, Tensor[] x, Targets? targets, ulong seed)
    {
        if (!operation.IsInitialized)
        {
            operation.Initialize(new RandomStream(seed, "initialisation"));
            operation.IsInitialized = true;
        }

        Tensor r = OperationProbe.RandomWeights(operation.OutputShape(x), seed);
        if (operation is Loss)
        {
            r.Span[0] = DL;
        }

        using var snapshot = new StateSnapshot([operation]);
        var context = new NodeContext(new RandomStream(seed, "gradient check"), x.Length);
        return new OperationProbe(operation, x, targets, snapshot, context, context.Random.State, new Tensor(r.Shape, "y"), r).Run();
    }
}
