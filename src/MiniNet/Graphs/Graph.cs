using System.Collections.Concurrent;
using System.Diagnostics;
using MiniNet.Tensors;

namespace MiniNet.Graphs;

/// <summary>
/// A network as a list of nodes, each of which reads only nodes before it. That order is all that backpropagation needs: forward is the
/// list from the front, backward the same list from the back, and a cycle cannot be written down. Nothing recurses.
/// </summary>
/// <remarks>
/// The graph owns every value and every gradient, in buffers it allocates once: a graph is for one thread at a time.
/// <see cref="Fork"/> gives another thread the same layers with buffers of its own; <see cref="Predict(Tensor)"/> does so by itself.
/// </remarks>
/// <example>
/// A residual graph, y = h + relu(h):
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
    private int prepared; // how many of the nodes have the shapes that follow from the inputs'
    private Phase phase;
    private Node? output;
    private Node? objective; // what Loss returns and Backward starts from: the last node made from a loss; without one, the last node

    /// <summary>Creates an empty graph.</summary>
    /// <param name="seed">Decides the first weights and every other random number drawn in the graph.</param>
    public Graph(ulong seed = 0) => Seed = seed;

    /// <summary>The seed it was created with.</summary>
    public ulong Seed { get; }

    /// <summary>All nodes, in the order in which they were added and run.</summary>
    public IReadOnlyList<Node> Nodes => nodes;

    /// <summary>Every trainable parameter once, however often its layer is used, in the order of the nodes.</summary>
    public IReadOnlyList<Parameter> Parameters => parameters;

    /// <summary>The prediction: what the last loss judges; in a graph without one, the last node.</summary>
    /// <exception cref="InvalidOperationException">The graph is empty.</exception>
    public Node Output => output ?? throw new InvalidOperationException("The graph has no nodes yet.");

    /// <summary>Whether there is a loss.</summary>
    public bool HasLoss { get; private set; }

    /// <summary>The states of the nodes' random streams, a number for each node: saved and set back, the same numbers are drawn again.</summary>
    /// <exception cref="ArgumentException">Set to as many numbers as there are not nodes.</exception>
    public IReadOnlyList<ulong> RandomState
    {
        get
        {
            var states = new ulong[nodes.Count];
            for (int i = 0; i < states.Length; i++)
            {
                states[i] = nodes[i].Pass.Random.State;
            }

            return states;
        }

        set
        {
            if (value.Count != nodes.Count)
            {
                throw new ArgumentException($"There are {nodes.Count} nodes; {value.Count} states given.", nameof(value));
            }

            for (int i = 0; i < nodes.Count; i++)
            {
                nodes[i].Pass.Random.State = value[i];
            }
        }
    }

    /// <summary>The node of a name.</summary>
    /// <param name="name">As it was added.</param>
    /// <exception cref="KeyNotFoundException">There is none; the message lists those there are.</exception>
    public Node this[string name] => nodes.Find(node => node.Name == name)
        ?? throw new KeyNotFoundException($"There is no node '{name}'; there are {string.Join(", ", nodes.Select(node => node.Name))}.");

    /// <summary>Computes every value up to the prediction.</summary>
    /// <param name="x">The value of the graph's only input. It is used in place: leave it as it is until after <see cref="Backward"/>.</param>
    /// <param name="phase">Training, unless no backward pass will follow.</param>
    /// <returns>The value of <see cref="Output"/>, valid until the next forward pass.</returns>
    /// <exception cref="InvalidOperationException">The graph is empty.</exception>
    /// <exception cref="ArgumentException"><paramref name="x"/> is one of the graph's own tensors, such as the last prediction, which this pass writes over.</exception>
    /// <exception cref="ShapeException">The input has another shape than its node.</exception>
    public Tensor Forward(Tensor x, Phase phase = Phase.Training) => Forward([x], phase);

    /// <summary>Computes every value up to the prediction, for a graph of several inputs.</summary>
    /// <param name="inputs">One tensor for each input, in the order in which the inputs were added.</param>
    /// <param name="phase">Training, unless no backward pass will follow.</param>
    /// <returns>The value of <see cref="Output"/>, valid until the next forward pass.</returns>
    /// <exception cref="InvalidOperationException">The graph is empty.</exception>
    /// <exception cref="ArgumentException">There are more or fewer inputs than tensors, or a tensor is one of the graph's own.</exception>
    /// <exception cref="ShapeException">A tensor has another shape than its node.</exception>
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

    /// <summary>Computes the loss of the prediction that <see cref="Forward(Tensor, Phase)"/> left.</summary>
    /// <param name="targets">What the prediction should have been.</param>
    /// <returns>The value of the last loss, or of what was made of losses after it: one number.</returns>
    /// <exception cref="InvalidOperationException">The graph has no loss.</exception>
    /// <exception cref="ShapeException">The targets do not fit the prediction.</exception>
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

    /// <summary>Computes one node's value from those of its sources.</summary>
    /// <param name="node">A node of this graph.</param>
    /// <exception cref="ArgumentException">It is a node of another graph.</exception>
    public void ForwardAt(Node node)
    {
        Require(node);
        node.Forward(phase);
    }

    /// <summary>Sets the gradients of all parameters to 0. <see cref="Backward"/> only ever adds to them, so that they can be gathered over several batches.</summary>
    /// <remarks>What <see cref="Tensor.Span"/> of a gradient gave before is no longer valid: the next sum may be written straight over what stands there.</remarks>
    public void ZeroGradients()
    {
        foreach (Parameter parameter in parameters)
        {
            parameter.Gradient.ClearForSums();
        }
    }

    /// <summary>The chain rule, from the loss, or else the last node, to the first: ∂L/∂(each node's value), and each parameter's gradient increased by its share.</summary>
    /// <exception cref="InvalidOperationException">
    /// There are no nodes, or that one holds more than one number, or depends on nothing trainable, or <see cref="Loss"/> was not called since the last forward pass.
    /// </exception>
    public void Backward()
    {
        BeginBackward();
        for (int i = nodes.Count - 1; i >= 0; i--)
        {
            BackwardAt(nodes[i]);
        }
    }

    /// <summary>The chain rule from any node: <c>dYᵀ·∂y/∂(each value before it)</c>, a product of a vector and the Jacobian. Parameters' gradients grow by their share.</summary>
    /// <param name="from">The node to start from; it may hold many numbers.</param>
    /// <param name="dY">The weight of each of them: with 1 for one and 0 for the others, the gradient of that one.</param>
    /// <exception cref="ArgumentException">It is a node of another graph.</exception>
    /// <exception cref="InvalidOperationException">The node depends on nothing trainable.</exception>
    /// <exception cref="ShapeException"><paramref name="dY"/> has another shape than the node's value.</exception>
    public void BackwardFrom(Node from, Tensor dY)
    {
        BeginBackward(from, dY);
        for (int i = from.Index; i >= 0; i--)
        {
            BackwardAt(nodes[i]);
        }
    }

    /// <summary>Passes the gradient that one node has gathered on to its sources and parameters. All nodes that read it must have come before.</summary>
    /// <param name="node">A node of this graph.</param>
    /// <exception cref="ArgumentException">It is a node of another graph.</exception>
    public void BackwardAt(Node node)
    {
        Require(node);
        if (node.IsReached && node.NeedsGradient)
        {
            node.Backward();
        }
    }

    /// <summary>The forward pass as a sequence that computes one node at each step: step, look, step.</summary>
    /// <param name="x">The value of the graph's only input.</param>
    /// <param name="targets">The targets, for a graph with a loss; without them the sequence ends at the prediction.</param>
    /// <param name="phase">Training, unless no backward pass will follow.</param>
    /// <returns>The steps. Enumerating allocates nothing; enumerate once.</returns>
    [DebuggerStepThrough]
    public ForwardSteps ForwardSteps(Tensor x, Targets? targets = null, Phase phase = Phase.Training)
    {
        BeginForward([x], phase);
        return new ForwardSteps(this, targets);
    }

    /// <summary>The backward pass as a sequence that applies the chain rule at one node at each step, last node first.</summary>
    /// <returns>The steps. Enumerating allocates nothing; enumerate once.</returns>
    /// <exception cref="InvalidOperationException">As for <see cref="Backward"/>.</exception>
    [DebuggerStepThrough]
    public BackwardSteps BackwardSteps()
    {
        BeginBackward();
        return new BackwardSteps(this);
    }

    /// <summary>The prediction for a batch, at inference. Safe to call from many threads at once, as long as none of them trains.</summary>
    /// <param name="x">The value of the graph's only input.</param>
    /// <returns>A tensor of the caller's own: the value of <see cref="Output"/>.</returns>
    /// <exception cref="ShapeException">The input has another shape than its node.</exception>
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

    /// <summary>The parameters and state tensors of every operation under the names of PyTorch's state dictionary: <c>0.weight</c>.</summary>
    /// <returns>Each once, in the order of the nodes, under the name of the first node that uses it.</returns>
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

    /// <summary>Every parameter once, with its name in the graph: <c>hidden1.weight</c>, after the first node that uses it.</summary>
    /// <returns>The parameters, in the order of the nodes.</returns>
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
        if (!HasLoss)
        {
            throw new InvalidOperationException("The graph has no loss: call AddLoss first.");
        }

        for (int i = 0; i < lossNodes.Count; i++)
        {
            lossNodes[i].Feed(targets);
        }
    }

    [DebuggerStepThrough]
    internal void BeginForward(ReadOnlySpan<Tensor> inputs, Phase phase)
    {
        _ = Output; // or an empty graph would ask for no inputs
        this.phase = phase;
        if (inputs.Length != inputNodes.Count)
        {
            throw new ArgumentException($"The graph has {inputNodes.Count} input(s); {inputs.Length} given.", nameof(inputs));
        }

        for (int i = 0; i < inputNodes.Count; i++)
        {
            prepared = inputNodes[i].Feed(inputs[i]) ? prepared : 0;
        }

        for (; prepared < nodes.Count; prepared++)
        {
            nodes[prepared].Prepare();
        }

        for (int i = 0; i < lossNodes.Count; i++)
        {
            lossNodes[i].Release();
        }
    }

    [DebuggerStepThrough]
    internal void BeginBackward()
    {
        Node last = objective ?? Output;
        if (last.Value.Shape.Length != 1 && last.NeedsGradient)
        {
            throw new InvalidOperationException($"Backward starts from one number, but {last.Name} holds {last.Value.Shape}: add a loss, and call Forward and Loss first.");
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

        last.IsReached = true;
    }

    // A spare fork would else keep the caller's tensor alive as long as the model.
    private void ReleaseInputs()
    {
        foreach (InputNode input in inputNodes)
        {
            input.Release();
        }
    }
}
