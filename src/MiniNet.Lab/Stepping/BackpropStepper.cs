using System.Collections;
using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Optimizers;
using MiniNet.Tensors;

namespace MiniNet.Stepping;

/// <summary>
/// Runs one training step in small steps, forward and backward: the value of each node, the loss, setting the gradients to 0, the chain
/// rule at each node from last to first, optional gradient clipping, and the update of each parameter. Each step calls the same method as
/// <see cref="Graph.Forward(Tensor, Phase)"/>, <see cref="Graph.Backward"/> and <see cref="Optimizer.Step"/>, so all numbers are
/// bit-identical to those of training.
/// </summary>
/// <remarks>
/// The stepper works on the graph itself. Do not change the graph or the optimizer between two calls; otherwise, <see cref="Back"/> cannot
/// undo a step correctly. To enumerate the stepper, with <c>foreach</c> or LINQ, runs the steps: <c>stepper.ToList()</c> runs all remaining
/// ones, and <c>stepper.First()</c> runs one.
/// </remarks>
/// <example>
/// <code>
/// var stepper = new BackpropStepper(graph, batch.Inputs, batch.Targets, optimizer);
/// foreach (Step step in stepper)
///     Console.WriteLine(step);                       // hidden1 · Linear · y = x·W + b   [8x16] = [8x4]·[4x16] + [16]
/// stepper.Back();                                    // undoes the last update
/// Step? same = stepper.Next();                       // does it again
/// </code>
/// </example>
[DebuggerDisplay("{Position} of {StepCount}: {Current,nq}"), DebuggerTypeProxy(typeof(DebuggerView))]
[DebuggerStepThrough]
public sealed class BackpropStepper : IEnumerable<Step>
{
    private readonly List<(StepKind Kind, int Index)> plan;
    private readonly Stack<(StepSnapshot Snapshot, Step Step)> done = [];
    private readonly Graph graph;
    private readonly Optimizer? optimizer;
    private readonly float? maxGradientNorm;
    private readonly IReadOnlyDictionary<Parameter, string> names;
    private Tensor[]? state; // the optimizer's state after the last update; null if the last step was not an update

    /// <summary>
    /// Initializes a new instance of the <see cref="BackpropStepper"/> class, positioned before the first step of one batch.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="x">The value of the graph's only input.</param>
    /// <param name="targets">The targets. Without targets, the steps of a graph with a loss end at the prediction.</param>
    /// <param name="optimizer">The optimizer that updates the parameters. Without an optimizer, the steps end at the gradients.</param>
    /// <param name="phase">
    /// The phase. Inference gives the numbers of a prediction: without dropout, and with the running statistics of batch normalization.
    /// </param>
    /// <param name="maxGradientNorm">
    /// The maximum total norm of the gradients of the optimizer's parameters, see <see cref="GradientClipping.ByNorm"/>; null (the default)
    /// for no clipping.
    /// </param>
    /// <exception cref="ArgumentException">The number of inputs is wrong, or the maximum norm is not finite and positive.</exception>
    /// <exception cref="ShapeException">The shape of the input or the targets does not match.</exception>
    /// <exception cref="InvalidOperationException">The graph is empty, or there are targets but no loss.</exception>
    public BackpropStepper(
        Graph graph, Tensor x, Targets? targets = null, Optimizer? optimizer = null,
        Phase phase = Phase.Training, float? maxGradientNorm = null)
        : this(graph, [x], targets, optimizer, phase, maxGradientNorm)
    {
    }

    /// <summary>Initializes a new instance of the <see cref="BackpropStepper"/> class for a graph with several inputs.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="inputs">One tensor for each input, in the order in which the inputs were added.</param>
    /// <param name="targets">The targets. Without targets, the steps of a graph with a loss end at the prediction.</param>
    /// <param name="optimizer">The optimizer that updates the parameters. Without an optimizer, the steps end at the gradients.</param>
    /// <param name="phase">The phase, as for a graph with one input.</param>
    /// <param name="maxGradientNorm">The maximum total norm of the gradients; null (the default) for no clipping.</param>
    /// <exception cref="ArgumentException">The number of inputs is wrong, or the maximum norm is not finite and positive.</exception>
    /// <exception cref="ShapeException">The shape of an input or the targets does not match.</exception>
    /// <exception cref="InvalidOperationException">The graph is empty, or there are targets but no loss.</exception>
    public BackpropStepper(
        Graph graph, ReadOnlySpan<Tensor> inputs, Targets? targets = null, Optimizer? optimizer = null,
        Phase phase = Phase.Training, float? maxGradientNorm = null)
    {
        (this.graph, this.optimizer) = (graph, optimizer);
        this.maxGradientNorm = maxGradientNorm is { } maxNorm ? Require.Positive(maxNorm, nameof(maxGradientNorm)) : null;
        graph.BeginForward(inputs, phase);
        if (targets is not null)
        {
            graph.BeginLoss(targets);
        }

        names = graph.NamedParameters();
        plan = StepPlan.Create(graph, targets is not null, optimizer, maxGradientNorm is not null);
    }

    /// <summary>
    /// Gets the number of steps, including those of the backward pass that are skipped because the node receives no gradient.
    /// </summary>
    public int StepCount => plan.Count;

    /// <summary>Gets the number of steps done, including skipped ones.</summary>
    public int Position { get; private set; }

    /// <summary>Gets the names of the steps, each once: the names of the nodes and, with an optimizer, of the parameters.</summary>
    public IReadOnlyList<string> Names =>
    [
        .. graph.Nodes.Where(node => node.Operation is not null).Select(node => node.Name),
        .. optimizer?.Parameters.Select(NameOf) ?? [],
    ];

    /// <summary>Gets the last step done; null before the first step.</summary>
    public Step? Current => done.Count == 0 ? null : done.Peek().Step;

    /// <summary>Runs the next step.</summary>
    /// <returns>The step; null after the last step.</returns>
    /// <exception cref="InvalidOperationException">
    /// The next step starts the backward pass, but the value of the graph's last node is not a scalar.
    /// </exception>
    /// <remarks>
    /// If the step throws, for example because of an index that is out of range, everything is restored, and the step remains the next one.
    /// </remarks>
    public Step? Next()
    {
        StepSnapshot snapshot = new(graph, optimizer, Position);
        try
        {
            for (int at = Position; at < plan.Count; at++)
            {
                (StepKind kind, int index) = plan[at];
                snapshot.Save(kind, index);
                if (kind == StepKind.Backward && plan[at - 1].Kind != StepKind.Backward)
                {
                    graph.BeginBackward();
                }

                if (kind != StepKind.Backward || (graph.Nodes[index].HasReceivedGradient && graph.Nodes[index].NeedsGradient))
                {
                    done.Push((snapshot, Run(kind, index, snapshot)));
                    Position = at + 1;
                    return Current;
                }
            }
        }
        catch
        {
            snapshot.Restore(); // do not leave a half-finished step
            throw;
        }

        Position = plan.Count;
        return null;
    }

    /// <summary>
    /// Undoes the last step. Values, gradients, weights, random number generators and the optimizer's state are restored bit by bit.
    /// </summary>
    /// <returns>The step that is now the last one; null if there is none.</returns>
    public Step? Back()
    {
        if (done.TryPop(out (StepSnapshot Snapshot, Step Step) last))
        {
            last.Snapshot.Restore();
            (Position, state) = (last.Snapshot.Position, null);
        }

        return Current;
    }

    /// <summary>
    /// Runs until a step with the specified name is done. The name of a node stops in the forward pass and again in the backward pass; the
    /// name of a parameter stops at its update.
    /// </summary>
    /// <param name="name">The name, such as <c>hidden1</c> or <c>hidden1.weight</c>.</param>
    /// <returns>The step; null if no remaining step has this name.</returns>
    /// <exception cref="KeyNotFoundException">The name is not in <see cref="Names"/>. The message lists the names.</exception>
    public Step? RunTo(string name)
    {
        return !Names.Contains(name, StringComparer.Ordinal)
            ? throw new KeyNotFoundException($"There is no step '{name}'; the steps are {string.Join(", ", Names)}.")
            : RunUntil(step => step.Name == name);
    }

    /// <summary>Runs until a step meets a condition, like a conditional breakpoint.</summary>
    /// <param name="condition">The condition, such as <c>step => step.Contributions.Any(c => !c.Added.IsFinite)</c>.</param>
    /// <returns>The step; null if no remaining step meets the condition.</returns>
    public Step? RunUntil(Predicate<Step> condition)
    {
        while (Next() is { } step)
        {
            if (condition(step))
            {
                return step;
            }
        }

        return null;
    }

    /// <summary>Returns an enumerator that runs the remaining steps one by one.</summary>
    /// <returns>The enumerator, for use in foreach.</returns>
    public StepEnumerator GetEnumerator() => new(this);

    IEnumerator<Step> IEnumerable<Step>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private Step Run(StepKind kind, int index, StepSnapshot snapshot)
    {
        switch (kind)
        {
            case StepKind.ZeroGradients:
                graph.ZeroGradients();
                return new Step(
                    kind, "gradients", "ZeroGradients",
                    new Equations("sets the gradients of all parameters to 0, because Backward only adds to them", "dW = 0"));
            case StepKind.Clip:
                return Clip();
            case StepKind.Update:
                return Update(index, snapshot);
            case StepKind.Backward:
                return BackwardStep.Run(graph.Nodes[index], names);
            default:
                graph.ForwardAt(graph.Nodes[index]);
                return Forward(kind, graph.Nodes[index]);
        }
    }

    private static Step Forward(StepKind kind, Node node) => new(kind, node.Name, node.Operation!.GetType().Name, node.Equations!)
    {
        Node = node,
        Inputs = TensorCopies.Inputs(node),
        Cached = TensorCopies.Cached(node),
        Output = TensorCopies.Copy(node.Value, node.Operation.ValueSymbol),
    };

    private Step Clip()
    {
        Tensor norm = new(new Shape(1), "‖g‖");
        norm.Span[0] = GradientClipping.ByNorm(optimizer!.Parameters, maxGradientNorm!.Value);
        var equations = new Equations(
            $"scales all gradients down together if their total norm exceeds {maxGradientNorm:G6}",
            "g = g · min(1, maxNorm / (‖g‖ + 10⁻⁶))");
        return new Step(StepKind.Clip, "gradients", nameof(GradientClipping), equations) { Output = norm };
    }

    private Step Update(int index, StepSnapshot snapshot)
    {
        Parameter parameter = optimizer!.Parameters[index];
        Tensor w = TensorCopies.Copy(parameter.Value, "w"), g = TensorCopies.Copy(parameter.Gradient, "g");
        state ??= Clones(optimizer.State);
        optimizer.StepCount += index == 0 ? 1 : 0; // as Optimizer.Step does
        try
        {
            optimizer.StepAt(index);
        }
        finally
        {
            snapshot.SaveChangedState(state);
        }

        return new Step(StepKind.Update, NameOf(parameter), optimizer.GetType().Name, optimizer.Equations)
        {
            Inputs = [w, g],
            Output = TensorCopies.Copy(parameter.Value, "w"),
        };
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

    /// <summary>Enumerates the remaining steps of a stepper.</summary>
    [DebuggerStepThrough]
    public readonly struct StepEnumerator(BackpropStepper stepper) : IEnumerator<Step>
    {
        /// <summary>Gets the step that was done last.</summary>
        public Step Current => stepper.Current!;

        object IEnumerator.Current => Current;

        /// <summary>Runs the next step.</summary>
        /// <returns>true if there was another step; otherwise, false.</returns>
        public bool MoveNext() => stepper.Next() is not null;

        void IEnumerator.Reset() => throw new NotSupportedException();

        void IDisposable.Dispose()
        {
        }
    }

    // Without it, the debugger would offer to enumerate the stepper, which runs the steps.
    internal sealed class DebuggerView(BackpropStepper stepper)
    {
        public int Position => stepper.Position;

        public int StepCount => stepper.StepCount;

        public Step? Current => stepper.Current;

        public IReadOnlyList<string> Names => stepper.Names;

        public Graph Graph => stepper.graph;
    }
}
