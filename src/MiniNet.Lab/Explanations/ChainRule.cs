using MiniNet.GradientChecking;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Tensors;

namespace MiniNet.Explanations;

/// <summary>Represents one element of a node's value or of a parameter.</summary>
internal readonly record struct Place(Node? Node, Parameter? Parameter, int Index);

/// <summary>
/// Computes the chain rule for <see cref="ExplanationExtensions"/>, on a fork of the graph that repeats the graph's forward and backward pass.
/// </summary>
internal sealed class ChainRule
{
    private readonly Graph graph;
    private readonly Held held;
    private readonly Tensor[] inputs;
    private readonly Targets? targets;
    private readonly Phase phase;
    private readonly ulong[] randomState;
    private readonly Node last;
    private readonly IReadOnlyDictionary<Parameter, string> names;
    private readonly Dictionary<Parameter, Tensor> gradients; // copies, because the probes overwrite the parameters' own
    private readonly RandomStream random = new(1, "weights of the probes");

    public ChainRule(Graph original, Held held)
    {
        RequireBackward(original);
        (graph, this.held) = (original.Fork(), held);
        inputs = [.. original.Nodes.OfType<InputNode>().Select(input => input.Value.Clone())];
        targets = original.Nodes.OfType<LossNode>().FirstOrDefault()?.Given;
        phase = original.Nodes.FirstOrDefault(node => node.Operation is not null)?.Pass.Phase ?? Phase.Training;
        randomState = [.. original.Nodes.Select(node => node.Pass.RandomStateBefore)];
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
        if (!Last(graph).IsReached || graph.Nodes.Any(node => node.NeedsGradient && node.Gradient?.Shape != node.Value.Shape))
        {
            throw NotReady("one of them has not been called");
        }
    }

    /// <summary>Gets the corresponding element in the fork.</summary>
    public Place Here(Place place) => place with { Node = place.Node is null ? null : graph.Nodes[place.Node.Index] };

    public static float ValueAt(Place place) => ValueOf(place).Span[place.Index];

    public string NameOf(Place place) => place.Node is { } node
        ? NameOf(node) + At(node.Value.Shape, place.Index)
        : names[place.Parameter!] + At(place.Parameter!.Value.Shape, place.Index);

    /// <summary>
    /// Explains the gradient of an element, then the gradients it is computed from, up to the given depth.
    /// Returns null if that takes more than <paramref name="mostTerms"/> products.
    /// </summary>
    public IReadOnlyList<ExplainedGradient>? Explain(Place asked, int depth, int mostTerms)
    {
        Dictionary<Place, ExplainedGradient> explained = [];
        List<Place> places = [asked];
        int terms = 0;
        for (int level = 0; level < depth && places.Count > 0; level++)
        {
            List<Place> next = [];
            foreach (Place place in places.Where(place => !explained.ContainsKey(place)))
            {
                ExplainedGradient gradient = Explain(place);
                explained.Add(place, gradient);
                next.AddRange(gradient.Terms.Where(term => !term.IsStart).Select(term => term.Place));
                terms += gradient.Branches.Sum(branch => branch.Terms.Count);
                if (terms > mostTerms)
                {
                    return null;
                }
            }

            places = [.. next.Distinct()];
        }

        foreach (Term term in explained.Values.SelectMany(gradient => gradient.Terms))
        {
            term.From = explained.GetValueOrDefault(term.Place);
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
    public FiniteDifference? Difference(Place place)
    {
        float w = ValueAt(place);
        FiniteDifference? best = null, wider = null;
        double least = double.PositiveInfinity;
        try
        {
            for (int power = -4; power >= -14; power--)
            {
                float h = MathF.ScaleB(1, MathF.ILogB(1 + MathF.Abs(w)) + power), above = w + h, below = w - h;
                var difference = new FiniteDifference(((double)above - below) / 2, Forward(place, above), Forward(place, below));
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

    internal static string Counted(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";

    private static Node Last(Graph graph) => graph.Nodes.LastOrDefault(node => node.NeedsTargets) ?? graph.Output;

    private static InvalidOperationException NotReady(string problem) => new(
        "Explain needs the values and gradients of Forward, Loss and Backward, from before an optimizer step changes the parameters: "
        + $"{problem}. Call Forward, Loss and Backward first.");

    private static Tensor ValueOf(Place place) => place.Node?.Value ?? place.Parameter!.Value;

    // A value named 3[0,1], after a node of a Sequential, would look like a number in a product; the parameter 3.weight[0,1] does not.
    private static string NameOf(Node node) => char.IsAsciiDigit(node.Name[0]) ? node.Operation?.GetType().Name + node.Name : node.Name;

    private static string At(Shape shape, int index)
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
    private float Forward(Place moved, float to)
    {
        held.ResetState();
        graph.RandomState = randomState;
        graph.BeginForward(inputs, phase);
        if (targets is not null)
        {
            graph.BeginLoss(targets);
        }

        float before = moved.Parameter is null ? 0 : ValueAt(moved);
        if (moved.Parameter is not null)
        {
            moved.Parameter.Value.Span[moved.Index] = to;
        }

        foreach (Node node in graph.Nodes)
        {
            node.Forward(phase);
            if (node == moved.Node)
            {
                before = ValueAt(moved);
                node.Value.Span[moved.Index] = to;
            }
        }

        float loss = last.Value.Span[0];
        if (moved != default)
        {
            ValueOf(moved).Span[moved.Index] = before;
        }

        return loss;
    }

    private ExplainedGradient Explain(Place place)
    {
        List<Branch> branches = [];
        foreach (Node node in graph.Nodes.Where(node => node is { Operation: not null, IsReached: true, NeedsGradient: true }))
        {
            if (place.Parameter is { } parameter && node.Operation!.Parameters.Contains(parameter))
            {
                branches.Add(Through(node, -1, place));
            }

            for (int source = 0; source < node.Sources.Count && node.Operation is not Layer { HasInputGradient: false }; source++)
            {
                if (node.Sources[source] == place.Node)
                {
                    branches.Add(Through(node, source, place));
                }
            }
        }

        return new ExplainedGradient(GradientAt(place), branches, place.Node == last ? 1 : 0);
    }

    private Factor GradientAt(Place place) =>
        new("L", NameOf(place), (place.Node?.Gradient ?? gradients[place.Parameter!]).Span[place.Index]);

    private Branch Through(Node node, int source, Place place)
    {
        (List<(int M, Factor Local)> locals, int most) =
            node.Operation is Linear linear ? ReadOff(linear, node, place) : Probed(node, source, place);
        List<Term> terms = [];
        foreach ((int m, Factor local) in locals)
        {
            var y = new Place(node, null, m);
            var term = new Term(local, GradientAt(y)) { Place = y, IsStart = node == last };
            if (term.Product != 0)
            {
                terms.Add(term);
            }
        }

        return new Branch($"{NameOf(node)} ({node.Operation})", EquationOf(node, source, place), terms, most - terms.Count);
    }

    private static string EquationOf(Node node, int source, Place place)
    {
        Rule rule = node.Rule!;
        string at = At(ValueOf(place).Shape, place.Index), letter = place.Parameter?.Value.Name ?? "";
        int rows = node.Value.Shape.Rows, columns = node.Value.Shape.Columns;
        return (node.Operation, letter) switch
        {
            (Linear, "W") => $"{rule.Value}, so dW{at} = Σ over {Counted(rows, "row")}  "
                + $"x[row,{place.Index / columns}] · dY[row,{place.Index % columns}]",
            (Linear, "b") => $"{rule.Value}, so db{at} = Σ over {Counted(rows, "row")}  1 · dY[row,{place.Index}]",
            (Linear linear, _) => $"{rule.Value}, so dX{at} = Σ over {Counted(columns, "output")}  "
                + $"W[{place.Index % linear.Inputs},j] · dY[{place.Index / linear.Inputs},j]",
            _ when node.Sources.Count > 1 && node.Sources[0] == node.Sources[1] && source >= 0 =>
                $"{rule.Value}, as {"ab"[source]};  {rule.Derivative}",
            _ => $"{rule.Value};  {rule.Derivative}",
        };
    }

    /// <summary>For y = x·W + b, every ∂y/∂x is an element of W, and every ∂y/∂W is an element of x.</summary>
    private (List<(int M, Factor Local)> Locals, int Most) ReadOff(Linear linear, Node node, Place place)
    {
        List<(int, Factor)> locals = [];
        int rows = node.Value.Shape.Rows,
            across = place.Parameter == linear.Weight ? linear.Outputs : linear.Inputs,
            at = place.Index / across,
            column = place.Index % across;
        for (int row = 0; place.Parameter is not null && row < rows; row++)
        {
            int m = (row * linear.Outputs) + (place.Parameter == linear.Bias ? place.Index : column);
            locals.Add((m, place.Parameter == linear.Bias
                ? new Factor(NameOf(new Place(node, null, m)), NameOf(place), 1)
                : Value(new Place(node.Sources[0], null, (row * linear.Inputs) + at))));
        }

        for (int j = 0; place.Parameter is null && j < linear.Outputs; j++)
        {
            locals.Add(((at * linear.Outputs) + j, Value(new Place(null, linear.Weight, (column * linear.Outputs) + j))));
        }

        return (locals, locals.Count);

        Factor Value(Place of) => new(NameOf(of), null, ValueAt(of));
    }

    /// <summary>
    /// Finds every nonzero ∂y/∂x for an element of x, each by a backward pass of the operation with a dY that is 1 at one element and 0
    /// elsewhere.
    /// </summary>
    /// <remarks>
    /// Most are 0. A bisection therefore gives random dY to half of the elements at once, and drops that half if its gradient is 0.
    /// </remarks>
    private (List<(int M, Factor Local)> Locals, int Most) Probed(Node node, int source, Place place)
    {
        var dY = new Tensor(node.Value.Shape, "dY");
        List<(int, Factor)> found = [];
        bool isAlone = node.Rule!.IsElementwise && source >= 0;
        int length = isAlone ? 1 : dY.Shape.Length;
        Search(isAlone ? place.Index : 0, length);
        return (found, length);

        void Search(int from, int count)
        {
            dY.Clear();
            for (int m = from; m < from + count; m++)
            {
                float weight = count == 1 ? 1 : random.NextUniform(0.5f, 1.5f) * (random.NextInt32(2) == 0 ? 1 : -1);
                dY.Span[m] = node.Gradient!.Span[m] == 0 ? 0 : weight; // a factor of 0 makes the other factor irrelevant
            }

            float arrived = dY.Span.Slice(from, count).ContainsAnyExcept(0) ? Send(node, source, dY, place) : 0;
            if (arrived != 0 && count == 1)
            {
                found.Add((from, new Factor(NameOf(new Place(node, null, from)), NameOf(place), arrived)));
            }
            else if (arrived != 0)
            {
                Search(from, count / 2);
                Search(from + (count / 2), count - (count / 2));
            }
        }
    }

    // Computes what the operation's Backward adds to an element; the gradients of the fork's nodes stay unchanged.
    private float Send(Node node, int source, Tensor dY, Place place)
    {
        Tensor[] x = [.. node.Sources.Select(from => from.Value)];
        Tensor? dX = place.Node is null ? null : new Tensor(place.Node.Value.Shape, "dX");
        foreach (Parameter parameter in node.Operation!.Parameters)
        {
            parameter.Gradient.Clear();
        }

        switch (node.Operation)
        {
            case Layer layer:
                layer.Backward(x[0], node.Value, dY, dX, node.Pass);
                break;
            case MergeLayer layer:
                layer.Backward(x[0], x[1], node.Value, dY, source == 0 ? dX : null, source == 1 ? dX : null, node.Pass);
                break;
            case Loss loss:
                loss.Backward(x[0], targets!, dY.Span[0], dX ?? new Tensor(x[0].Shape), node.Pass);
                break;
        }

        return (dX ?? place.Parameter!.Gradient).Span[place.Index];
    }
}
