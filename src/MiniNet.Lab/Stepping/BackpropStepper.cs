using System.Diagnostics;
using MiniNet.Debugging;
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
/// Step? same = stepper.Next();                       // and done again
/// </code>
/// </example>
[DebuggerDisplay("{Position} of {Count}: {Current,nq}")]
[DebuggerStepThrough]
public sealed class BackpropStepper
{
    private readonly List<(StepKind Kind, int Index)> plan;
    private readonly Stack<(Undo Undo, Step Step)> done = [];
    private readonly Graph graph;
    private readonly Optimizer? optimizer;
    private readonly float? maxGradientNorm;
    private readonly IReadOnlyDictionary<Parameter, string> names;
    private Tensor[]? state; // the optimizer's, after the last update; null where no update came last

    /// <summary>Stands before the first step of one batch.</summary>
    /// <param name="graph">Any graph.</param>
    /// <param name="x">The value of its only input.</param>
    /// <param name="targets">What the prediction should have been; without them, in a graph with a loss, the steps end at the prediction.</param>
    /// <param name="optimizer">Who changes the parameters; without one the steps end at the gradients.</param>
    /// <param name="phase">Training, or inference for the numbers that a prediction has: nothing is dropped, and running figures are used.</param>
    /// <param name="maxGradientNorm">The greatest norm of the gradients of all that the optimizer changes, see <see cref="GradientClipping.ByNorm"/>; any unless given.</param>
    /// <exception cref="ArgumentException">The graph has another number of inputs, or the greatest norm is not finite and above 0.</exception>
    /// <exception cref="ShapeException">The input or the targets have a shape that does not fit.</exception>
    /// <exception cref="InvalidOperationException">The graph is empty, or there are targets but no loss.</exception>
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
    /// <exception cref="InvalidOperationException">The graph is empty, or there are targets but no loss.</exception>
    public BackpropStepper(Graph graph, ReadOnlySpan<Tensor> inputs, Targets? targets = null, Optimizer? optimizer = null, Phase phase = Phase.Training, float? maxGradientNorm = null)
    {
        (this.graph, this.optimizer) = (graph, optimizer);
        this.maxGradientNorm = maxGradientNorm is { } maxNorm ? Require.Above0(maxNorm, nameof(maxGradientNorm)) : null;
        graph.BeginForward(inputs, phase);
        if (targets is not null)
        {
            graph.BeginLoss(targets);
        }

        names = graph.NamedParameters();
        plan = StepPlan.Of(graph, targets is not null, optimizer, maxGradientNorm is not null);
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
    /// <remarks>Where the engine throws, as over an index that is in no table, nothing is done: the step is still the next one.</remarks>
    public Step? Next()
    {
        Undo undo = new(graph, optimizer, Position);
        try
        {
            for (int at = Position; at < plan.Count; at++)
            {
                (StepKind kind, int index) = plan[at];
                undo.Hold(kind, index);
                if (kind == StepKind.Backward && plan[at - 1].Kind != StepKind.Backward)
                {
                    graph.BeginBackward();
                }

                if (kind != StepKind.Backward || (graph.Nodes[index].IsReached && graph.Nodes[index].NeedsGradient))
                {
                    done.Push((undo, Do(kind, index, undo)));
                    Position = at + 1;
                    return Current;
                }
            }
        }
        catch
        {
            undo.Apply(); // half a step is none
            throw;
        }

        Position = plan.Count;
        return null;
    }

    /// <summary>Takes the last step back: every value, gradient, weight and random stream, and the optimizer's state, are to the bit what they were before it.</summary>
    /// <returns>The step that is the last one now; null where there is none.</returns>
    public Step? Back()
    {
        if (done.TryPop(out (Undo Undo, Step Step) last))
        {
            last.Undo.Apply();
            (Position, state) = (last.Undo.Position, null);
        }

        return Current;
    }

    /// <summary>Goes on until a step of this name is done: a node's, on the way forward and again on the way back, or a parameter's.</summary>
    /// <param name="name">Such as <c>hidden1</c> or <c>hidden1.weight</c>.</param>
    /// <returns>The step; null where none of the steps left has the name.</returns>
    /// <exception cref="KeyNotFoundException">None of <see cref="Names"/> is it; the message lists them.</exception>
    public Step? RunTo(string name)
    {
        return !Names.Contains(name, StringComparer.Ordinal)
            ? throw new KeyNotFoundException($"There is no step '{name}'; there are {string.Join(", ", Names)}.")
            : RunUntil(step => step.Name == name);
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

    private Step Do(StepKind kind, int index, Undo undo)
    {
        switch (kind)
        {
            case StepKind.ZeroGradients:
                graph.ZeroGradients();
                return new Step(kind, "gradients", "ZeroGradients", new Rule("sets the gradients of all parameters to 0, for Backward only adds", "dW = 0"));
            case StepKind.Clip:
                return Clip();
            case StepKind.Update:
                return Update(index, undo);
            case StepKind.Backward:
                return BackwardStep.Do(graph.Nodes[index], names);
            default:
                graph.ForwardAt(graph.Nodes[index]);
                return Forward(kind, graph.Nodes[index]);
        }
    }

    private static Step Forward(StepKind kind, Node node) => new(kind, node.Name, node.Operation!.GetType().Name, node.Rule!)
    {
        Node = node,
        Inputs = Copies.Inputs(node),
        Kept = Copies.Kept(node),
        Output = Copies.Of(node.Value, Letters.OfValue(node)),
    };

    private Step Clip()
    {
        Tensor norm = new(new Shape(1), "‖g‖");
        norm.Span[0] = GradientClipping.ByNorm(optimizer!.Parameters, maxGradientNorm!.Value);
        var rule = new Rule($"shortens all gradients together, where their norm is above {maxGradientNorm:G6}", "g = g · min(1, maxNorm / (‖g‖ + 10⁻⁶))");
        return new Step(StepKind.Clip, "gradients", nameof(GradientClipping), rule) { Output = norm };
    }

    private Step Update(int index, Undo undo)
    {
        Parameter parameter = optimizer!.Parameters[index];
        Tensor w = Copies.Of(parameter.Value, "w"), g = Copies.Of(parameter.Gradient, "g");
        state ??= Clones(optimizer.State);
        optimizer.StepCount += index == 0 ? 1 : 0; // as Step does
        try
        {
            optimizer.StepAt(index);
        }
        finally
        {
            undo.HoldChanged(state);
        }

        return new Step(StepKind.Update, NameOf(parameter), optimizer.GetType().Name, optimizer.Rule) { Inputs = [w, g], Output = Copies.Of(parameter.Value, "w") };
    }

    private static Tensor[] Clones(IReadOnlyList<Tensor> tensors)
    {
        var clones = new Tensor[tensors.Count];
        for (int i = 0; i < clones.Length; i++)
        {
            clones[i] = tensors[i].Clone();
        }

        return clones;
    }

    private string NameOf(Parameter parameter) => names.GetValueOrDefault(parameter, parameter.Name);

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
