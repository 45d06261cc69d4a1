using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Optimizers;
using MiniNet.Tensors;

namespace MiniNet.Stepping;

/// <summary>
/// One training step, a piece at a time, forth and back: every node's value, the loss, the gradients set to 0, the chain rule at every node from the
/// last to the first, clipping where asked for, and every parameter's update. Each piece calls the same method that <see cref="Graph.Forward(Tensor, Phase)"/>,
/// <see cref="Graph.Backward"/> and <see cref="Optimizer.Step"/> call, so the numbers are the engine's own, to the bit.
/// </summary>
/// <remarks>It works on the graph itself. Between two calls leave graph and optimizer alone, or what is taken back is not what was done.</remarks>
/// <example>
/// <code>
/// var stepper = new BackpropStepper(graph, batch.Inputs, batch.Targets, optimizer);
/// foreach (Step step in stepper)
///     Console.WriteLine(step);                       // hidden1 · Linear · y = x·W + b   [8x16] = [8x4]·[4x16] + [16]
/// stepper.Back();                                    // the last update, taken back
/// Step? same = stepper.RunTo("hidden1.weight");
/// </code>
/// </example>
[DebuggerDisplay("{Position} of {Count}: {Current,nq}")]
[DebuggerStepThrough]
public sealed class BackpropStepper
{
    private readonly List<(StepKind Kind, int Index)> plan = [];
    private readonly Stack<(Undo Undo, Step Step)> done = [];
    private readonly Graph graph;
    private readonly Targets? targets;
    private readonly Optimizer? optimizer;
    private readonly float? maxGradientNorm;
    private readonly Dictionary<Parameter, string> names = [];

    /// <summary>Stands before the first step of one batch.</summary>
    /// <param name="graph">Any graph.</param>
    /// <param name="x">The value of its only input.</param>
    /// <param name="targets">What the prediction should have been; without them, in a graph with a loss, the steps end at the prediction.</param>
    /// <param name="optimizer">Who changes the parameters; without one the steps end at the gradients.</param>
    /// <param name="phase">Training, or inference for the numbers that a prediction has: nothing is dropped, and running figures are used.</param>
    /// <param name="maxGradientNorm">The greatest norm of the gradients of all that the optimizer changes, see <see cref="GradientClipping.ByNorm"/>; any unless given.</param>
    /// <exception cref="ArgumentException">The graph has another number of inputs, or the greatest norm is not finite and above 0.</exception>
    /// <exception cref="ShapeException">The input or the targets have a shape that does not fit.</exception>
    public BackpropStepper(Graph graph, Tensor x, Targets? targets = null, Optimizer? optimizer = null, Phase phase = Phase.Training, float? maxGradientNorm = null)
        : this(graph, [x], targets, optimizer, phase, maxGradientNorm)
    {
    }

    /// <summary>Stands before the first step of one batch, of a graph of several inputs.</summary>
    /// <param name="graph">Any graph.</param>
    /// <param name="inputs">One tensor for each input, in the order in which they were added.</param>
    /// <param name="targets">As for one input.</param>
    /// <param name="optimizer">As for one input.</param>
    /// <param name="phase">As for one input.</param>
    /// <param name="maxGradientNorm">As for one input.</param>
    /// <exception cref="ArgumentException">The graph has another number of inputs, or the greatest norm is not finite and above 0.</exception>
    /// <exception cref="ShapeException">An input or the targets have a shape that does not fit.</exception>
    public BackpropStepper(Graph graph, ReadOnlySpan<Tensor> inputs, Targets? targets = null, Optimizer? optimizer = null, Phase phase = Phase.Training, float? maxGradientNorm = null)
    {
        (this.graph, this.targets, this.optimizer) = (graph, targets, optimizer);
        this.maxGradientNorm = maxGradientNorm is { } maxNorm ? Require.Above0(maxNorm, nameof(maxGradientNorm)) : null;
        graph.BeginForward(inputs, phase);
        if (targets is not null)
        {
            graph.BeginLoss(targets);
        }

        foreach (Node node in graph.Nodes)
        {
            foreach (Parameter parameter in node.Operation?.Parameters ?? [])
            {
                names.TryAdd(parameter, $"{node.Name}.{parameter.Name}");
            }
        }

        Plan();
    }

    /// <summary>How many steps there are. On the way back, nodes that no gradient reaches are passed over.</summary>
    public int Count => plan.Count;

    /// <summary>How many of them are done, those passed over included.</summary>
    public int Position { get; private set; }

    /// <summary>The names of the steps, once each: nodes', and parameters' where there is an optimizer.</summary>
    public IReadOnlyList<string> Names =>
    [
        .. graph.Nodes.Where(node => node.Operation is not null).Select(node => node.Name),
        .. optimizer?.Parameters.Select(NameOf) ?? [],
    ];

    /// <summary>The last step done; null before the first.</summary>
    public Step? Current => done.Count == 0 ? null : done.Peek().Step;

    /// <summary>Does the next step.</summary>
    /// <returns>The step; null after the last.</returns>
    /// <exception cref="InvalidOperationException">The way back is to start, but the graph does not end in one number.</exception>
    public Step? Next()
    {
        while (Position < plan.Count)
        {
            int at = Position;
            (StepKind kind, int index) = plan[at];
            Undo undo = new(graph, optimizer, at, Written(kind, index));
            bool first = kind == StepKind.Backward && plan[at - 1].Kind != StepKind.Backward;
            if (first)
            {
                graph.BeginBackward();
            }

            Position++;
            if (kind != StepKind.Backward || (graph.Nodes[index].IsReached && graph.Nodes[index].NeedsGradient))
            {
                done.Push((undo, Do(kind, index)));
                return Current;
            }
        }

        return null;
    }

    /// <summary>Takes the last step back: every value, gradient, weight and random stream, and the optimizer's state, are to the bit what they were before it.</summary>
    /// <returns>The step that is the last one now; null where there is none.</returns>
    public Step? Back()
    {
        if (done.TryPop(out (Undo Undo, Step Step) last))
        {
            last.Undo.Apply();
            Position = last.Undo.Position;
        }

        return Current;
    }

    /// <summary>Goes on until a step of this name is done: a node's, on the way forward and again on the way back, or a parameter's.</summary>
    /// <param name="name">Such as <c>hidden1</c> or <c>hidden1.weight</c>.</param>
    /// <returns>The step; null where none of the steps left has the name.</returns>
    /// <exception cref="KeyNotFoundException">Neither a node nor a parameter has it; the message lists those that are there.</exception>
    public Step? RunTo(string name)
    {
        if (!names.ContainsValue(name))
        {
            _ = graph[name];
        }

        return RunUntil(step => step.Name == name);
    }

    /// <summary>Goes on until a step is as wanted: a conditional breakpoint.</summary>
    /// <param name="isWanted">Such as <c>step => step.Contributions.Any(c => !c.Added.IsFinite)</c>.</param>
    /// <returns>The step; null where there was none.</returns>
    public Step? RunUntil(Predicate<Step> isWanted)
    {
        while (Next() is { } step)
        {
            if (isWanted(step))
            {
                return step;
            }
        }

        return null;
    }

    /// <summary>The steps left, each done as it comes.</summary>
    /// <returns>What <c>foreach</c> goes through.</returns>
    public Steps GetEnumerator() => new(this);

    private void Plan()
    {
        IReadOnlyList<Node> nodes = graph.Nodes;
        for (int i = 0; i < nodes.Count; i++)
        {
            if (nodes[i].Operation is not null && !nodes[i].NeedsTargets)
            {
                plan.Add((StepKind.Forward, i));
            }
        }

        if (graph.HasLoss && targets is null)
        {
            return;
        }

        for (int i = 0; i < nodes.Count; i++)
        {
            if (nodes[i].NeedsTargets)
            {
                plan.Add((StepKind.Loss, i));
            }
        }

        plan.Add((StepKind.ZeroGradients, 0));
        for (int i = nodes.Count - 1; i >= 0; i--)
        {
            if (nodes[i].Operation is not null)
            {
                plan.Add((StepKind.Backward, i));
            }
        }

        if (optimizer is not null && maxGradientNorm is not null)
        {
            plan.Add((StepKind.Clip, 0));
        }

        for (int i = 0; i < optimizer?.Parameters.Count; i++)
        {
            plan.Add((StepKind.Update, i));
        }
    }

    private Step Do(StepKind kind, int index)
    {
        switch (kind)
        {
            case StepKind.ZeroGradients:
                graph.ZeroGradients();
                return new Step(kind, "gradients", "ZeroGradients", new Rule("sets the gradients of all parameters to 0, for Backward only adds", "dW = 0"));
            case StepKind.Clip:
                return Clip();
            case StepKind.Update:
                return Update(index);
            case StepKind.Backward:
                return Backward(graph.Nodes[index]);
            default:
                graph.ForwardAt(graph.Nodes[index]);
                return Described(kind, graph.Nodes[index]);
        }
    }

    private Step Described(StepKind kind, Node node)
    {
        Operation operation = node.Operation!;
        Tensor output = Copy(node.Value, LetterOfValue(node));
        return new Step(kind, node.Name, operation.GetType().Name, operation.Rule) { Node = node, Inputs = InputsOf(node), Kept = KeptAt(node), Output = output };
    }

    private Step Clip()
    {
        Tensor norm = new(new Shape(1), "‖g‖");
        norm.Span[0] = GradientClipping.ByNorm(optimizer!.Parameters, maxGradientNorm!.Value);
        var rule = new Rule($"shortens all gradients together, where their norm is above {maxGradientNorm:G6}", "g = g · min(1, maxNorm / (‖g‖ + 10⁻⁶))");
        return new Step(StepKind.Clip, "gradients", nameof(GradientClipping), rule) { Output = norm };
    }

    private Step Update(int index)
    {
        Parameter parameter = optimizer!.Parameters[index];
        Tensor w = Copy(parameter.Value, "w"), g = Copy(parameter.Gradient, "g");
        optimizer.StepCount += index == 0 ? 1 : 0; // as Step does
        optimizer.StepAt(index);
        return new Step(StepKind.Update, NameOf(parameter), optimizer.GetType().Name, optimizer.Rule) { Inputs = [w, g], Output = Copy(parameter.Value, "w") };
    }

    // The chain rule runs first, so that F11 comes to it as from graph.Backward(); what else there is to know is found afterwards.
    private Step Backward(Node node)
    {
        Rule rule = node.Operation!.Rule;
        List<(string Name, string Letter, Tensor Gradient)> receivers = ReceiversOf(node);
        bool areZero = AreZero(GradientsOf(receivers));
        Tensor incoming = Copy(node.Gradient!, "d" + LetterOfValue(node).ToUpperInvariant());
        graph.BackwardAt(node);
        List<Tensor> kept = KeptAt(node);
        List<Tensor> added = areZero && !ReadsOneTwice(node) ? GradientsOf(receivers) : AddedTo(node, GradientsOf(receivers));
        Tensor? derivative = rule.IsElementwise && node.Sources.Count == 1 ? LocalDerivativeOf(node, GradientsOf(receivers)) : null;
        List<Tensor> inputs = InputsOf(node);
        var contributions = new List<Contribution>();
        for (int i = 0; i < receivers.Count; i++)
        {
            (string name, string letter, Tensor gradient) = receivers[i];
            contributions.Add(new Contribution(EquationOf(rule, letter), name, Copy(added[i], letter), Copy(gradient, letter), [.. inputs, incoming]));
        }

        return new Step(StepKind.Backward, node.Name, node.Operation.GetType().Name, rule)
        {
            Node = node,
            Inputs = inputs,
            Kept = kept,
            Output = Copy(node.Value, LetterOfValue(node)),
            Incoming = incoming,
            LocalDerivative = derivative,
            Contributions = contributions,
        };
    }

    internal static string EquationOf(Rule rule, string letter)
    {
        for (int i = 0; i < rule.Gradients.Count; i++)
        {
            if (Letters.LeftSide(rule.Gradients[i]) == letter)
            {
                return rule.Gradients[i];
            }
        }

        return $"{letter} += …";
    }

    private static bool AreZero(List<Tensor> gradients)
    {
        foreach (Tensor gradient in gradients)
        {
            for (int i = 0; i < gradient.Shape.Length; i++)
            {
                if (gradient.Peek(i) != 0)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static bool ReadsOneTwice(Node node) => node.Sources.Count == 2 && node.Sources[0] == node.Sources[1];

    private static List<Tensor> GradientsOf(List<(string Name, string Letter, Tensor Gradient)> receivers)
    {
        var gradients = new List<Tensor>();
        foreach ((string _, string _, Tensor gradient) in receivers)
        {
            gradients.Add(gradient);
        }

        return gradients;
    }

    // What the node adds to each gradient, found by letting it add to zeros; the gradients are then what they were.
    private static List<Tensor> AddedTo(Node node, List<Tensor> gradients)
    {
        var before = new List<Tensor>();
        foreach (Tensor gradient in gradients)
        {
            before.Add(gradient.Clone());
        }

        foreach (Tensor gradient in gradients)
        {
            gradient.Clear();
        }

        node.Backward();
        var added = new List<Tensor>();
        foreach (Tensor gradient in gradients)
        {
            added.Add(gradient.Clone());
        }

        if (ReadsOneTwice(node) && node.Operation is MergeLayer merge && node.Gradient is { } dY && node.Sources[0].NeedsGradient)
        {
            // Both shares went to one gradient: each for itself.
            Tensor x = node.Sources[0].Value, dA = new(x.Shape), dB = new(x.Shape);
            merge.Backward(x, x, node.Value, dY, dA, null, node.Pass);
            merge.Backward(x, x, node.Value, dY, null, dB, node.Pass);
            (added[^2], added[^1]) = (dA, dB);
        }

        for (int i = 0; i < gradients.Count; i++)
        {
            gradients[i].CopyFrom(before[i]);
        }

        return added;
    }

    // ∂y/∂x, found by sending ones through the way back, to all who receive: the source, which comes last, and parameters before it.
    private static Tensor? LocalDerivativeOf(Node node, List<Tensor> gradients)
    {
        if (!node.Sources[0].NeedsGradient || node.Gradient is not { } dY)
        {
            return null;
        }

        Tensor before = dY.Clone();
        dY.Span.Fill(1);
        Tensor derivative = Copy(AddedTo(node, gradients)[^1], "∂y/∂x");
        dY.CopyFrom(before);
        return derivative;
    }

    // The parameters' gradients under their own letters, and the sources' under the letters that the rule has for them.
    private List<(string Name, string Letter, Tensor Gradient)> ReceiversOf(Node node)
    {
        Operation operation = node.Operation!;
        var receivers = new List<(string, string, Tensor)>();
        for (int i = 0; i < operation.Parameters.Count; i++)
        {
            Parameter parameter = operation.Parameters[i];
            receivers.Add((names[parameter], parameter.Gradient.Name, parameter.Gradient));
        }

        for (int i = 0; i < node.Sources.Count; i++)
        {
            if (node.Sources[i] is { NeedsGradient: true, Gradient: { } gradient } source && operation is not Layer { HasInputGradient: false })
            {
                receivers.Add((source.Name, "d" + LetterOfSource(operation, node.Sources.Count, i).ToUpperInvariant(), gradient));
            }
        }

        return receivers;
    }

    private static List<Tensor> InputsOf(Node node)
    {
        var inputs = new List<Tensor>();
        for (int i = 0; i < node.Sources.Count; i++)
        {
            inputs.Add(Copy(node.Sources[i].Value, LetterOfSource(node.Operation!, node.Sources.Count, i)));
        }

        for (int i = 0; i < node.Operation!.Parameters.Count; i++)
        {
            Tensor value = node.Operation.Parameters[i].Value;
            inputs.Add(Copy(value, value.Name));
        }

        return inputs;
    }

    // What is kept under the name of a gradient is scratch of the way back.
    private List<Tensor> KeptAt(Node node)
    {
        var kept = new List<Tensor>();
        for (int i = 0; i < node.Pass.Kept.Count; i++)
        {
            Tensor tensor = node.Pass.Kept[i];
            if (tensor.Name.Length == 1 || tensor.Name[0] != 'd')
            {
                kept.Add(Copy(tensor, tensor.Name));
            }
        }

        if (node.Operation is Loss && targets is not null)
        {
            kept.Insert(0, targets.Values is { } values ? Copy(values, "t") : ColumnOf(targets));
        }

        return kept;
    }

    private static Tensor ColumnOf(Targets targets)
    {
        var t = new Tensor(new Shape(targets.Rows, 1), "t");
        for (int i = 0; i < targets.Rows; i++)
        {
            t.Span[i] = targets.Classes[i];
        }

        return t;
    }

    // The rule's last equations are the sources', in their order.
    internal static string LetterOfSource(Operation operation, int sources, int source)
    {
        string? gradient = operation is Layer { HasInputGradient: false } ? null : operation.Rule.Gradients.ElementAtOrDefault(operation.Rule.Gradients.Count - sources + source);
        return gradient is not null ? Letters.LeftSide(gradient)[1..].ToLowerInvariant() : source == 0 ? "x" : "x" + source;
    }

    private string NameOf(Parameter parameter) => names.GetValueOrDefault(parameter, parameter.Name);

    private static string LetterOfValue(Node node) => node.Operation is Loss ? "L" : "y";

    private static Tensor Copy(Tensor tensor, string letter)
    {
        var copy = new Tensor(tensor.Shape, letter);
        copy.CopyFrom(tensor);
        return copy;
    }

    // Everything that the step may write.
    private List<Tensor> Written(StepKind kind, int index)
    {
        var written = new List<Tensor>();
        if (kind == StepKind.Update)
        {
            written.Add(optimizer!.Parameters[index].Value);
            written.AddRange(optimizer.State);
            return written;
        }

        if (kind is StepKind.ZeroGradients or StepKind.Clip)
        {
            IReadOnlyList<Parameter> parameters = kind == StepKind.Clip ? optimizer!.Parameters : graph.Parameters;
            for (int i = 0; i < parameters.Count; i++)
            {
                written.Add(parameters[i].Gradient);
            }

            return written;
        }

        Node node = graph.Nodes[index];
        written.AddRange(node.Pass.Kept);
        if (kind != StepKind.Backward)
        {
            written.Add(node.Value);
            written.AddRange(node.Operation!.State);
            return written;
        }

        for (int i = 0; i < node.Operation!.Parameters.Count; i++)
        {
            written.Add(node.Operation.Parameters[i].Gradient);
        }

        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            if (graph.Nodes[i].Gradient is { } gradient)
            {
                written.Add(gradient);
            }
        }

        return written;
    }

    /// <summary>The steps that are left of a stepper, one after another.</summary>
    [DebuggerStepThrough]
    public readonly struct Steps(BackpropStepper stepper)
    {
        /// <summary>The step just done.</summary>
        public Step Current => stepper.Current!;

        /// <summary>Does the next step.</summary>
        /// <returns>Whether there was one.</returns>
        public bool MoveNext() => stepper.Next() is not null;
    }
}
