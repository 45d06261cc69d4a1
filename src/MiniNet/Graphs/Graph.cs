using System.Collections.Concurrent;
using System.Diagnostics;
using MiniNet.Tensors;

namespace MiniNet.Graphs;

/// <summary>
/// Represents a network as a list of nodes, each of which reads only earlier nodes. Backpropagation needs nothing but this order: the
/// forward pass runs through the list from first to last, and the backward pass runs from last to first. Cycles are impossible, and nothing
/// recurses.
/// </summary>
/// <remarks>
/// The graph owns all values and gradients, in buffers that it allocates once, so only one thread can use it at a time.
/// <see cref="Fork"/> creates a graph with the same layers and separate buffers for another thread; <see cref="Predict(Tensor)"/> does this
/// automatically.
/// </remarks>
/// <example>
/// A graph with a residual connection, y = h + relu(h):
/// <code>
/// var graph = new Graph(seed: 1);
/// Node x = graph.Input("x", Shape.Batch(4));
/// Node h = graph.Add("hidden", new Linear(4, 4), x);
/// Node r = graph.Add("relu", new ReLU(), h);
/// Node y = graph.Add("sum", new Add(), h, r);
/// graph.AddLoss(new SoftmaxCrossEntropy());
/// </code>
/// </example>
[DebuggerDisplay("{Nodes.Count} nodes, {Parameters.Count} parameters"), DebuggerTypeProxy("MiniNet.Debugging.GraphProxy, MiniNet")]
public partial class Graph
{
    private readonly List<Node> nodes = [];
    private readonly List<InputNode> inputNodes = [];
    private readonly List<LossNode> lossNodes = [];
    private readonly List<Parameter> parameters = [];
    private readonly ConcurrentBag<Graph> spareForks = [];
    private int checkedNodes; // number of nodes when all losses were last found to contribute to the objective
    private int prepared; // number of nodes whose shapes match the current inputs
    private Phase phase;
    private Node? output;
    // The node whose value Loss returns and where Backward starts: the last one that depends on a loss; without a loss, the last node.
    private Node? objective;

    /// <summary>Initializes a new instance of the <see cref="Graph"/> class without nodes.</summary>
    /// <param name="seed">The seed for the initial weights and all other random numbers in the graph.</param>
    public Graph(ulong seed = 0) => Seed = seed;

    /// <summary>Gets the random seed.</summary>
    public ulong Seed { get; }

    /// <summary>Gets all nodes, in the order in which they were added and are run.</summary>
    public IReadOnlyList<Node> Nodes => nodes;

    /// <summary>Gets the trainable parameters, in the order of the nodes. A layer that is used several times is listed once.</summary>
    public IReadOnlyList<Parameter> Parameters => parameters;

    /// <summary>Gets the node of the prediction: the input of the first loss or, in a graph without a loss, the last node.</summary>
    /// <exception cref="InvalidOperationException">The graph is empty.</exception>
    public Node Output => output ?? throw new InvalidOperationException("The graph has no nodes yet.");

    /// <summary>Gets a value indicating whether the graph has a loss.</summary>
    public bool HasLoss { get; private set; }

    /// <summary>
    /// Gets or sets the states of the random number generators, one for each node. Restoring them repeats the same random numbers.
    /// </summary>
    /// <exception cref="ArgumentException">The number of states differs from the number of nodes.</exception>
    public IReadOnlyList<ulong> RandomState
    {
        get
        {
            var states = new ulong[nodes.Count];
            for (int i = 0; i < states.Length; i++)
            {
                states[i] = nodes[i].Context.Random.State;
            }

            return states;
        }

        set
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.Count != nodes.Count)
            {
                throw new ArgumentException($"The graph has {nodes.Count} nodes, but got {value.Count} random states.", nameof(value));
            }

            for (int i = 0; i < nodes.Count; i++)
            {
                nodes[i].Context.Random.State = value[i];
            }
        }
    }

    /// <summary>Gets the node with the specified name.</summary>
    /// <param name="name">The name of the node.</param>
    /// <exception cref="KeyNotFoundException">No node has this name. The message lists all names.</exception>
    public Node this[string name] => nodes.Find(node => node.Name == MiniNet.Require.NotNull(name))
        ?? throw new KeyNotFoundException(
            $"There is no node '{name}'; the nodes are {string.Join(", ", nodes.Select(node => node.Name))}.");

    /// <summary>
    /// Computes all values up to the prediction, as the first part of a training step. To use the trained network, call
    /// <see cref="Predict(Tensor)"/> instead.
    /// </summary>
    /// <remarks>
    /// By default this is a pass in <see cref="Phase.Training"/>: dropout sets elements to 0, and batch normalization uses the statistics
    /// of this batch and updates its running statistics.
    /// </remarks>
    /// <param name="x">
    /// The value of the graph's only input. It is not copied: do not change it before <see cref="Backward"/> has run.
    /// </param>
    /// <param name="phase">
    /// The phase. <see cref="Phase.Inference"/> gives the values of a prediction, for example to look at those inside the network.
    /// </param>
    /// <returns>The value of <see cref="Output"/>, not a copy: the next forward pass overwrites it.</returns>
    /// <exception cref="InvalidOperationException">The graph is empty.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="x"/> belongs to the graph, such as the last prediction, and would be overwritten by this pass.
    /// </exception>
    /// <exception cref="ShapeException">The shape of the input differs from the shape of its node.</exception>
    public Tensor Forward(Tensor x, Phase phase = Phase.Training) => Forward([x], phase);

    /// <summary>
    /// Computes all values up to the prediction, for a graph with several inputs. By default this is a pass in
    /// <see cref="Phase.Training"/>, as in <see cref="Forward(Tensor, Phase)"/>.
    /// </summary>
    /// <param name="inputs">One tensor for each input, in the order in which the inputs were added.</param>
    /// <param name="phase">The phase. <see cref="Phase.Inference"/> gives the values of a prediction.</param>
    /// <returns>The value of <see cref="Output"/>, not a copy: the next forward pass overwrites it.</returns>
    /// <exception cref="InvalidOperationException">The graph is empty.</exception>
    /// <exception cref="ArgumentException">
    /// The number of tensors differs from the number of inputs, or a tensor belongs to the graph.
    /// </exception>
    /// <exception cref="ShapeException">The shape of a tensor differs from the shape of its node.</exception>
    public Tensor Forward(ReadOnlySpan<Tensor> inputs, Phase phase = Phase.Training)
    {
        BeginForward(inputs, phase);
        for (int i = 0; i < nodes.Count; i++)
        {
            if (!nodes[i].NeedsTargets)
            {
                ForwardAt(nodes[i]);
            }
        }

        return Output.Value;
    }

    /// <summary>Computes the loss of the prediction from the last call to <see cref="Forward(Tensor, Phase)"/>.</summary>
    /// <param name="targets">The expected output; of several losses, the same for all or <see cref="Targets.ForEachLoss"/>.</param>
    /// <returns>
    /// The value of the loss; of several losses, of their weighted sum or of the last node that depends on them. It is a scalar.
    /// </returns>
    /// <exception cref="InvalidOperationException">
    /// The graph has no loss, or the last node that depends on losses does not depend on all of them.
    /// </exception>
    /// <exception cref="TargetsException">
    /// The targets do not match the prediction, or there are targets for another number of losses.
    /// </exception>
    public float Loss(Targets targets)
    {
        BeginLoss(targets);
        for (int i = 0; i < nodes.Count; i++)
        {
            if (nodes[i].NeedsTargets)
            {
                ForwardAt(nodes[i]);
            }
        }

        return objective!.Value.Span[0];
    }

    /// <summary>Computes the value of one node from the values of its sources.</summary>
    /// <param name="node">A node of this graph.</param>
    /// <exception cref="ArgumentException">The node belongs to another graph.</exception>
    public void ForwardAt(Node node)
    {
        Require(node);
        node.Forward(phase);
    }

    /// <summary>
    /// Sets the gradients of all parameters to 0. <see cref="Backward"/> only adds to them, so gradients can be accumulated over several
    /// batches.
    /// </summary>
    /// <remarks>
    /// Spans obtained earlier from <see cref="Tensor.Span"/> of a gradient become invalid, because the next sum may overwrite its memory.
    /// </remarks>
    public void ZeroGradients()
    {
        foreach (Parameter parameter in parameters)
        {
            parameter.Gradient.ClearLazily();
        }
    }

    /// <summary>
    /// Applies the chain rule from the loss (without a loss, from the last node) to the first node. Computes ∂L/∂value for each node and
    /// adds ∂L/∂W to the gradient of each parameter W.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The graph has no nodes, the value of the start node is not a scalar, the start node does not depend on anything trainable, or
    /// <see cref="Loss"/> has not been called since the last forward pass.
    /// </exception>
    public void Backward()
    {
        BeginBackward();
        for (int i = nodes.Count - 1; i >= 0; i--)
        {
            BackwardAt(nodes[i]);
        }
    }

    /// <summary>
    /// Applies the chain rule from the specified node: computes the gradient of Σ dY ⊙ y, where y is its value, with respect to each value
    /// before it (the vector-Jacobian products), and adds those of the parameters to their gradients.
    /// </summary>
    /// <param name="from">The node to start from. Its value can have any number of elements.</param>
    /// <param name="dY">
    /// The weight of each element of the value. A 1 for one element and 0 for the others gives the gradient of that element.
    /// </param>
    /// <exception cref="ArgumentException">The node belongs to another graph.</exception>
    /// <exception cref="InvalidOperationException">The node does not depend on anything trainable.</exception>
    /// <exception cref="ShapeException">The shape of <paramref name="dY"/> differs from the shape of the node's value.</exception>
    public void BackwardFrom(Node from, Tensor dY)
    {
        BeginBackward(from, dY);
        for (int i = from.Index; i >= 0; i--)
        {
            BackwardAt(nodes[i]);
        }
    }

    /// <summary>
    /// Passes the gradient of one node on to its sources and parameters. Call it only after all nodes that read the node have been
    /// processed.
    /// </summary>
    /// <param name="node">A node of this graph.</param>
    /// <exception cref="ArgumentException">The node belongs to another graph.</exception>
    public void BackwardAt(Node node)
    {
        Require(node);
        if (node.HasReceivedGradient && node.NeedsGradient)
        {
            node.Backward();
        }
    }

    /// <summary>
    /// Computes the prediction for a batch with the trained network: in <see cref="Phase.Inference"/>, so without dropout, and with the
    /// running statistics of batch normalization.
    /// </summary>
    /// <remarks>
    /// Nothing in the graph changes, unlike in <see cref="Forward(Tensor, Phase)"/>. Several threads can call this method at the same time,
    /// as long as no thread trains.
    /// </remarks>
    /// <param name="x">The value of the graph's only input.</param>
    /// <returns>A copy of the value of <see cref="Output"/>, which later calls do not change.</returns>
    /// <exception cref="ShapeException">The shape of the input differs from the shape of its node.</exception>
    public Tensor Predict(Tensor x)
    {
        Graph fork = spareForks.TryTake(out Graph? spare) && spare.nodes.Count == nodes.Count ? spare : Fork();
        try
        {
            return fork.Forward(x, Phase.Inference).Clone();
        }
        finally
        {
            fork.ReleaseInputs();
            spareForks.Add(fork);
        }
    }

    /// <summary>
    /// Gets the parameters and state tensors of all operations, with names as in PyTorch's state dictionary, such as <c>0.weight</c>.
    /// </summary>
    /// <returns>Each tensor once, in the order of the nodes, under the name of the first node that uses it.</returns>
    internal IEnumerable<(string Name, Tensor Tensor, bool Transposed)> NamedTensors()
    {
        var seen = new HashSet<Operation>();
        foreach (Node node in nodes)
        {
            if (node.Operation is { } operation && seen.Add(operation))
            {
                foreach (Parameter parameter in operation.Parameters)
                {
                    yield return ($"{node.Name}.{parameter.Name}", parameter.Value, parameter.IsTransposedInFiles);
                }

                foreach (Tensor state in operation.State)
                {
                    yield return ($"{node.Name}.{state.Name}", state, false);
                }
            }
        }
    }

    /// <summary>
    /// Gets the name of each parameter in the graph, such as <c>hidden1.weight</c>, which starts with the first node that uses it.
    /// </summary>
    /// <returns>The parameters in the order of the nodes, with their names.</returns>
    [DebuggerStepThrough]
    public IReadOnlyDictionary<Parameter, string> NamedParameters()
    {
        var names = new Dictionary<Parameter, string>();
        foreach (Node node in nodes)
        {
            foreach (Parameter parameter in node.Operation?.Parameters ?? [])
            {
                names.TryAdd(parameter, $"{node.Name}.{parameter.Name}");
            }
        }

        return names;
    }

    [DebuggerStepThrough]
    internal void BeginLoss(Targets targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        if (!HasLoss)
        {
            throw new InvalidOperationException("The graph has no loss: call AddLoss first.");
        }

        RequireAllLossesReached();
        for (int i = 0; i < lossNodes.Count; i++)
        {
            lossNodes[i].SetTargets(targets.ForLoss(i, lossNodes.Count));
        }
    }

    // A loss that the objective does not depend on would be ignored in silence.
    [DebuggerStepThrough]
    private void RequireAllLossesReached()
    {
        if (checkedNodes == nodes.Count)
        {
            return;
        }

        var reached = new bool[nodes.Count];
        reached[objective!.Index] = true;
        for (int i = objective.Index; i >= 0; i--)
        {
            for (int k = 0; reached[i] && k < nodes[i].Sources.Count; k++)
            {
                reached[nodes[i].Sources[k].Index] = true;
            }
        }

        checkedNodes = nodes.Count;
        foreach (LossNode loss in lossNodes)
        {
            if (!reached[loss.Index])
            {
                checkedNodes = 0;
                throw new InvalidOperationException(
                    $"{objective.Describe()}, where Backward starts, does not depend on {loss.Describe()}: " +
                    "combine all losses in the last node.");
            }
        }
    }

    [DebuggerStepThrough]
    internal void BeginForward(ReadOnlySpan<Tensor> inputs, Phase phase)
    {
        _ = Output; // throws for an empty graph, which would otherwise accept a pass without inputs
        this.phase = phase;
        if (inputs.Length != inputNodes.Count)
        {
            throw new ArgumentException($"The graph has {inputNodes.Count} input(s), but got {inputs.Length} tensor(s).", nameof(inputs));
        }

        for (int i = 0; i < inputNodes.Count; i++)
        {
            prepared = inputNodes[i].SetValue(inputs[i]) ? prepared : 0;
        }

        for (; prepared < nodes.Count; prepared++)
        {
            nodes[prepared].Prepare();
        }

        for (int i = 0; i < lossNodes.Count; i++)
        {
            lossNodes[i].ClearTargets();
        }
    }

    [DebuggerStepThrough]
    internal void BeginBackward()
    {
        Node last = objective ?? Output;
        if (last.Value.Shape.Length != 1 && last.NeedsGradient)
        {
            throw new InvalidOperationException(
                $"Backward needs a scalar, but the value of {last.Name} is {last.Value.Shape}: "
                + "add a loss, and call Forward and Loss first.");
        }

        BeginBackward(last, null);
    }

    [DebuggerStepThrough]
    private void BeginBackward(Node last, Tensor? dY)
    {
        Require(last);
        if (!last.NeedsGradient)
        {
            throw new InvalidOperationException($"{last.Name} depends on no parameter and no input that needs a gradient.");
        }

        for (int i = 0; i < nodes.Count; i++)
        {
            nodes[i].ClearGradient();
        }

        if (dY is null)
        {
            last.Gradient!.Span[0] = 1; // ∂L/∂L
        }
        else
        {
            last.Gradient!.CopyFrom(dY);
        }

        last.HasReceivedGradient = true;
    }

    // Otherwise a spare fork would keep the caller's tensor alive as long as the model.
    private void ReleaseInputs()
    {
        foreach (InputNode input in inputNodes)
        {
            input.ClearValue();
        }
    }
}
