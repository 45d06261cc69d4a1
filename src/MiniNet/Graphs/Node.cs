using System.Diagnostics;
using MiniNet.Tensors;

namespace MiniNet.Graphs;

/// <summary>One place in a graph: a name, the nodes it reads, its value, and the gradient of the loss with respect to that value.</summary>
[DebuggerDisplay("{Display,nq}"), DebuggerTypeProxy("MiniNet.Debugging.NodeProxy, MiniNet")]
[DebuggerStepThrough]
public abstract class Node
{
    private protected Node(Graph graph, string name, Shape shape, bool needsGradient, bool needsTargets, IReadOnlyList<Node> sources)
    {
        (Graph, Name, Index, Shape, Sources) = (graph, name, graph.Nodes.Count, shape, sources);
        (NeedsGradient, NeedsTargets) = (needsGradient, needsTargets);
        Pass = new Pass(new RandomStream(graph.Seed, $"pass of {name}")); // by name: a node more elsewhere changes nothing here
        Value = new Tensor(shape.Rows == Shape.Any ? shape.WithRows(0) : shape, name) { Owner = graph };
    }

    /// <summary>The name it was added under, unique within the graph.</summary>
    public string Name { get; }

    /// <summary>Its place in the graph, from 0. A node reads only nodes of a lower index.</summary>
    public int Index { get; }

    /// <summary>The shape of its value, with <see cref="Shape.Any"/> for a number of rows that each batch decides.</summary>
    public Shape Shape { get; }

    /// <summary>The nodes it reads, in the order of its operation's arguments.</summary>
    public IReadOnlyList<Node> Sources { get; }

    /// <summary>The layer, merge layer or loss that stands here; null for an input.</summary>
    public virtual Operation? Operation => null;

    /// <summary>What its operation does, as in its last forward pass; null for an input.</summary>
    internal Rule? Rule => Operation?.RuleIn(Pass);

    /// <summary>Whether anything trainable, or an input whose gradient was asked for, lies at or before this node.</summary>
    public bool NeedsGradient { get; }

    /// <summary>What the last forward pass left here.</summary>
    public Tensor Value { get; private protected set; }

    /// <summary>∂L/∂value as the last backward pass gathered it, summed over every use of the value; null before the first, or where none is needed.</summary>
    public Tensor? Gradient { get; private set; }

    /// <summary>The graph it belongs to.</summary>
    public Graph Graph { get; }

    /// <summary>Whether the value depends on the targets: a loss, or what is made from one. Inference leaves such nodes out.</summary>
    internal bool NeedsTargets { get; }

    /// <summary>Whether a gradient has arrived in the backward pass under way. What no later node used has none to pass on.</summary>
    internal bool IsReached { get; set; }

    /// <summary>Gives the value the shape that the sources' decide. Done for all nodes before any arithmetic.</summary>
    internal virtual void Prepare()
    {
    }

    internal Pass Pass { get; }

    internal abstract void Forward(Phase phase);

    internal abstract void Backward();

    internal abstract Node CopyTo(Graph fork);

    /// <summary>Makes room for the gradient and sets it to 0.</summary>
    internal void ClearGradient()
    {
        IsReached = false;
        if (NeedsGradient)
        {
            Gradient ??= new Tensor(Value.Shape, "d" + Name) { Owner = Graph };
            Gradient.Resize(Value.Shape);
            Gradient.ClearForSums();
        }
    }

    /// <summary>Name, operation and value: <c>hidden1 (Linear 4 -> 16) [16, 16] -0.8..1.2</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Describe()} {Value.Describe()}";

    /// <summary>The same for the debugger, with the shape as the equations write it.</summary>
    internal string Display => $"{Describe()} {Value.Describe("x")}";

    internal string Describe() => $"{Name} ({Operation?.ToString() ?? "Input"})";
}
