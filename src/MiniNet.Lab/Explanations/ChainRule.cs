using MiniNet.GradientChecking;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Tensors;

namespace MiniNet.Explanations;

/// <summary>Represents one element of a node's value or of a parameter.</summary>
internal readonly record struct TensorElement(Node? Node, Parameter? Parameter, int Index);

/// <summary>
/// Computes the chain rule for <see cref="ExplanationExtensions"/>, on a fork of the graph that repeats the graph's forward and backward
/// pass.
/// </summary>
internal sealed class ChainRule
{
    private readonly Graph graph;
    private readonly StateSnapshot snapshot;
    private readonly Tensor[] inputs;
    private readonly Targets? targets;
    private readonly Phase phase;
    private readonly ulong[] randomState;
    private readonly Node last;
    private readonly IReadOnlyDictionary<Parameter, string> names;
    private readonly Dictionary<Parameter, Tensor> gradients; // copies, because the probes overwrite the parameters' own
    private readonly RandomStream random = new(1, "weights of the probes");

    public ChainRule(Graph original, StateSnapshot snapshot)
    {
        RequireBackward(original);
        (graph, this.snapshot) = (original.Fork(), snapshot);
        inputs = [.. original.Nodes.OfType<InputNode>().Select(input => input.Value.Clone())];
        Targets[] targetsOfLosses = [.. original.Nodes.OfType<LossNode>().Select(loss => loss.RequiredTargets)];
        targets = targetsOfLosses.Length == 0 ? null : Targets.ForEachLoss(targetsOfLosses);
        phase = original.Nodes.FirstOrDefault(node => node.Operation is not null)?.Context.Phase ?? Phase.Training;
        randomState = [.. original.Nodes.Select(node => node.Context.RandomStateBefore)];
        last = Last(graph);
        names = graph.NamedParameters();
        Loss = Forward(default, 0);
        graph.ZeroGradients();
        graph.Backward();
        gradients = graph.Parameters.ToDictionary(parameter => parameter, parameter => parameter.Gradient.Clone());
        foreach ((Node before, Node now) in original.Nodes.Zip(graph.Nodes))
        {
            if (!before.Value.Span.SequenceEqual(now.Value.Span)
                || (now.NeedsGradient && !before.Gradient!.Span.SequenceEqual(now.Gradient!.Span)))
            {
                throw NotReady($"{before.Describe()} does not hold the values of a repeated run, or it gives different values on each run");
            }
        }
    }

    public float Loss { get; }

    public static void RequireBackward(Graph graph)
    {
        if (!Last(graph).HasReceivedGradient || graph.Nodes.Any(node => node.NeedsGradient && node.Gradient?.Shape != node.Value.Shape))
        {
            throw NotReady("one of them has not been called");
        }
    }

    /// <summary>Gets the corresponding element in the fork.</summary>
    public TensorElement InFork(TensorElement element) =>
        element with { Node = element.Node is null ? null : graph.Nodes[element.Node.Index] };

    public static float ValueAt(TensorElement element) => ValueOf(element).Span[element.Index];

    public string NameOf(TensorElement element) => element.Node is { } node
        ? NameOf(node) + FormatIndex(node.Value.Shape, element.Index)
        : names[element.Parameter!] + FormatIndex(element.Parameter!.Value.Shape, element.Index);

    /// <summary>
    /// Explains the gradient of an element, then the gradients it is computed from, up to the given depth.
    /// Returns null if that takes more than <paramref name="maxTerms"/> products.
    /// </summary>
    public IReadOnlyList<ExplainedGradient>? Explain(TensorElement root, int depth, int maxTerms)
    {
        Dictionary<TensorElement, ExplainedGradient> explained = [];
        List<TensorElement> places = [root];
        int terms = 0;
        for (int level = 0; level < depth && places.Count > 0; level++)
        {
            List<TensorElement> next = [];
            foreach (TensorElement element in places.Where(element => !explained.ContainsKey(element)))
            {
                ExplainedGradient gradient = Explain(element);
                explained.Add(element, gradient);
                next.AddRange(gradient.Terms.Where(term => !term.IsStart).Select(term => term.Element));
                terms += gradient.Branches.Sum(branch => branch.Terms.Count);
                if (terms > maxTerms)
                {
                    return null;
                }
            }

            places = [.. next.Distinct()];
        }

        foreach (ExplanationTerm term in explained.Values.SelectMany(gradient => gradient.Terms))
        {
            term.From = explained.GetValueOrDefault(term.Element);
        }

        return [.. explained.Values];
    }

    /// <summary>
    /// Computes the central finite difference of L at an element. Returns null if Forward accepts no nearby value, as for an index.
    /// Afterwards the fork holds other values.
    /// </summary>
    /// <remarks>
    /// h is a power of 2, from (1 + |w|)/16 downwards. The chosen h is the one whose result differs least from the result for 2h, after
    /// adding several rounding errors of L. At larger h, curvature and kinks blur the slope; at smaller h, rounding does. The result of
    /// Backward is not used.
    /// </remarks>
    public FiniteDifference? Difference(TensorElement element)
    {
        float w = ValueAt(element);
        FiniteDifference? best = null, wider = null;
        double least = double.PositiveInfinity;
        try
        {
            for (int power = -4; power >= -14; power--)
            {
                float h = MathF.ScaleB(1, MathF.ILogB(1 + MathF.Abs(w)) + power), above = w + h, below = w - h;
                var difference = new FiniteDifference(((double)above - below) / 2, Forward(element, above), Forward(element, below));
                double doubt = wider is null ? double.MaxValue : Math.Abs(difference.Value - wider.Value) + (4 * difference.Rounding);
                (best, least) = best is null || doubt < least ? (difference, doubt) : (best, least);
                wider = difference;
            }
        }
        catch (ShapeException)
        {
            return null;
        }

        return best;
    }

    internal static string Pluralize(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";

    private static Node Last(Graph graph) => graph.Nodes.LastOrDefault(node => node.NeedsTargets) ?? graph.Output;

    private static InvalidOperationException NotReady(string problem) => new(
        "Explain needs the values and gradients of Forward, Loss and Backward, from before an optimizer step changes the parameters: "
        + $"{problem}. Call Forward, Loss and Backward first.");

    private static Tensor ValueOf(TensorElement element) => element.Node?.Value ?? element.Parameter!.Value;

    // A value named 3[0,1], after a node of a Sequential, would look like a number in a product; the parameter 3.weight[0,1] does not.
    private static string NameOf(Node node) => char.IsAsciiDigit(node.Name[0]) ? node.Operation?.GetType().Name + node.Name : node.Name;

    private static string FormatIndex(Shape shape, int index)
    {
        string at = "";
        for (int d = shape.Rank - 1; d >= 0; d--)
        {
            at = $"{index % shape[d]}{(at.Length == 0 ? "" : ",")}{at}";
            index /= shape[d];
        }

        return at.Length == 0 ? "" : $"[{at}]";
    }

    // Repeats Graph.Forward and Loss from the same random numbers and state, and changes one element as soon as it has been computed.
    private float Forward(TensorElement changed, float to)
    {
        snapshot.RestoreState();
        graph.RandomState = randomState;
        graph.BeginForward(inputs, phase);
        if (targets is not null)
        {
            graph.BeginLoss(targets);
        }

        float before = changed.Parameter is null ? 0 : ValueAt(changed);
        if (changed.Parameter is not null)
        {
            changed.Parameter.Value.Span[changed.Index] = to;
        }

        foreach (Node node in graph.Nodes)
        {
            node.Forward(phase);
            if (node == changed.Node)
            {
                before = ValueAt(changed);
                node.Value.Span[changed.Index] = to;
            }
        }

        float loss = last.Value.Span[0];
        if (changed != default)
        {
            ValueOf(changed).Span[changed.Index] = before;
        }

        return loss;
    }

    private ExplainedGradient Explain(TensorElement element)
    {
        List<ExplanationBranch> branches = [];
        foreach (Node node in graph.Nodes.Where(node => node is { Operation: not null, HasReceivedGradient: true, NeedsGradient: true }))
        {
            if (element.Parameter is { } parameter && node.Operation!.Parameters.Contains(parameter))
            {
                branches.Add(BranchThrough(node, -1, element));
            }

            for (int source = 0; source < node.Sources.Count && node.Operation!.HasInputGradient; source++)
            {
                if (node.Sources[source] == element.Node)
                {
                    branches.Add(BranchThrough(node, source, element));
                }
            }
        }

        return new ExplainedGradient(GradientAt(element), branches, element.Node == last ? 1 : 0);
    }

    private ExplanationFactor GradientAt(TensorElement element) =>
        new("L", NameOf(element), (element.Node?.Gradient ?? gradients[element.Parameter!]).Span[element.Index]);

    private ExplanationBranch BranchThrough(Node node, int source, TensorElement element)
    {
        (List<(int M, ExplanationFactor Local)> locals, int most) =
            node.Operation is Linear linear ? LinearDerivatives(linear, node, element) : ProbedDerivatives(node, source, element);
        List<ExplanationTerm> terms = [];
        foreach ((int m, ExplanationFactor local) in locals)
        {
            var y = new TensorElement(node, null, m);
            var term = new ExplanationTerm(local, GradientAt(y)) { Element = y, IsStart = node == last };
            if (term.Product != 0)
            {
                terms.Add(term);
            }
        }

        return new ExplanationBranch($"{NameOf(node)} ({node.Operation})", EquationOf(node, source, element), terms, most - terms.Count);
    }

    private static string EquationOf(Node node, int source, TensorElement element)
    {
        Equations equations = node.Equations!;
        string at = FormatIndex(ValueOf(element).Shape, element.Index), symbol = element.Parameter?.Value.Name ?? "";
        int rows = node.Value.Shape.Rows, columns = node.Value.Shape.Columns;
        return (node.Operation, symbol) switch
        {
            (Linear, "W") => $"{equations.Value}, so dW{at} = Σ over {Pluralize(rows, "row")}  "
                + $"x[row,{element.Index / columns}] · dY[row,{element.Index % columns}]",
            (Linear, "b") => $"{equations.Value}, so db{at} = Σ over {Pluralize(rows, "row")}  1 · dY[row,{element.Index}]",
            (Linear linear, _) => $"{equations.Value}, so dX{at} = Σ over {Pluralize(columns, "output")}  "
                + $"W[{element.Index % linear.Inputs},j] · dY[{element.Index / linear.Inputs},j]",
            _ when node.Sources.Count > 1 && node.Sources[0] == node.Sources[1] && source >= 0 =>
                $"{equations.Value}, as {"ab"[source]};  {equations.Derivative}",
            _ => $"{equations.Value};  {equations.Derivative}",
        };
    }

    /// <summary>For y = x·W + b, every ∂y/∂x is an element of W, and every ∂y/∂W is an element of x.</summary>
    private (List<(int M, ExplanationFactor Local)> Locals, int Maximum) LinearDerivatives(Linear linear, Node node, TensorElement element)
    {
        List<(int, ExplanationFactor)> locals = [];
        int rows = node.Value.Shape.Rows,
            across = element.Parameter == linear.Weight ? linear.Outputs : linear.Inputs,
            at = element.Index / across,
            column = element.Index % across;
        for (int row = 0; element.Parameter is not null && row < rows; row++)
        {
            int m = (row * linear.Outputs) + (element.Parameter == linear.Bias ? element.Index : column);
            locals.Add((m, element.Parameter == linear.Bias
                ? new ExplanationFactor(NameOf(new TensorElement(node, null, m)), NameOf(element), 1)
                : Value(new TensorElement(node.Sources[0], null, (row * linear.Inputs) + at))));
        }

        for (int j = 0; element.Parameter is null && j < linear.Outputs; j++)
        {
            locals.Add(((at * linear.Outputs) + j, Value(new TensorElement(null, linear.Weight, (column * linear.Outputs) + j))));
        }

        return (locals, locals.Count);

        ExplanationFactor Value(TensorElement of) => new(NameOf(of), null, ValueAt(of));
    }

    /// <summary>
    /// Finds every nonzero ∂y/∂x for an element of x, each by a backward pass of the operation with a dY that is 1 at one element and 0
    /// elsewhere.
    /// </summary>
    /// <remarks>
    /// Most are 0. A bisection therefore gives random dY to half of the elements at once, and drops that half if its gradient is 0.
    /// </remarks>
    private (List<(int M, ExplanationFactor Local)> Locals, int Maximum) ProbedDerivatives(Node node, int source, TensorElement element)
    {
        var dY = new Tensor(node.Value.Shape, "dY");
        List<(int, ExplanationFactor)> found = [];
        bool isAlone = node.Equations!.IsElementwise && source >= 0;
        int length = isAlone ? 1 : dY.Shape.Length;
        Search(isAlone ? element.Index : 0, length);
        return (found, length);

        void Search(int from, int count)
        {
            dY.Clear();
            for (int m = from; m < from + count; m++)
            {
                float weight = count == 1 ? 1 : random.NextUniform(0.5f, 1.5f) * (random.NextInt32(2) == 0 ? 1 : -1);
                dY.Span[m] = node.Gradient!.Span[m] == 0 ? 0 : weight; // a factor of 0 makes the other factor irrelevant
            }

            float arrived = dY.Span.Slice(from, count).ContainsAnyExcept(0) ? ContributionAt(node, source, dY, element) : 0;
            if (arrived != 0 && count == 1)
            {
                found.Add((from, new ExplanationFactor(NameOf(new TensorElement(node, null, from)), NameOf(element), arrived)));
            }
            else if (arrived != 0)
            {
                Search(from, count / 2);
                Search(from + (count / 2), count - (count / 2));
            }
        }
    }

    // Computes what the operation's Backward adds to an element; the gradients of the fork's nodes stay unchanged.
    private static float ContributionAt(Node node, int source, Tensor dY, TensorElement element)
    {
        Tensor? dX = element.Node is null ? null : new Tensor(element.Node.Value.Shape, "dX");
        foreach (Parameter parameter in node.Operation!.Parameters)
        {
            parameter.Gradient.Clear();
        }

        node.Operation.RunBackward(
            [.. node.Sources.Select(from => from.Value)],
            node.Targets,
            node.Value,
            dY,
            [.. node.Sources.Select((_, i) => i == source ? dX : null)],
            node.Context);
        return (dX ?? element.Parameter!.Gradient).Span[element.Index];
    }
}
