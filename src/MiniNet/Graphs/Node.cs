using System.Diagnostics;
using MiniNet.Tensors;

namespace MiniNet.Graphs;

/// <summary>
/// Represents one node of a graph, with its name, its inputs, its value, and the gradient of the loss with respect to that value.
/// </summary>
[DebuggerDisplay("{Display,nq}"), DebuggerTypeProxy("MiniNet.Debugging.NodeProxy, MiniNet")]
[DebuggerStepThrough]
public abstract class Node
{
    private protected Node(Graph graph, string name, Shape shape, bool needsGradient, bool needsTargets, IReadOnlyList<Node> sources)
    {
        (Graph, Name, Index, Shape, Sources) = (graph, name, graph.Nodes.Count, shape, sources);
        (NeedsGradient, NeedsTargets) = (needsGradient, needsTargets);
        // Seeded by name, so that adding another node does not change the random numbers here.
        Context = new NodeContext(new RandomStream(graph.Seed, $"pass of {name}"), sources.Count);
        Value = new Tensor(shape.Rows == Shape.Any ? shape.WithRows(0) : shape, name) { Owner = graph };
    }

    /// <summary>Gets the name, which is unique within the graph.</summary>
    public string Name { get; }

    /// <summary>Gets the zero-based index in the graph. A node reads only nodes with a lower index.</summary>
    public int Index { get; }

    /// <summary>Gets the shape of the value. The number of rows is <see cref="Shape.Any"/> if it depends on the batch.</summary>
    public Shape Shape { get; }

    /// <summary>Gets the input nodes, in the order of the operation's arguments.</summary>
    public IReadOnlyList<Node> Sources { get; }

    /// <summary>Gets the layer, merge layer or loss of this node; null for an input.</summary>
    public virtual Operation? Operation => null;

    /// <summary>Gets the description and equations of the operation in its last forward pass; null for an input.</summary>
    internal Equations? Equations => Operation?.EquationsFor(Context);

    /// <summary>Gets the targets of a loss in its last forward pass; null for other nodes.</summary>
    internal virtual Targets? Targets => null;

    /// <summary>
    /// Gets a value indicating whether the backward pass computes a gradient here: true if this node or an earlier node has parameters
    /// or is an input that needs a gradient; otherwise, false.
    /// </summary>
    public bool NeedsGradient { get; }

    /// <summary>Gets the value computed by the last forward pass.</summary>
    public Tensor Value { get; private protected set; }

    /// <summary>
    /// Gets ∂L/∂value from the last backward pass, summed over all uses of the value; null before the first backward pass or if no gradient
    /// is needed.
    /// </summary>
    public Tensor? Gradient { get; private set; }

    /// <summary>Gets the graph that contains this node.</summary>
    public Graph Graph { get; }

    /// <summary>Gets a value indicating whether the node is a loss or depends on one. Inference skips such nodes.</summary>
    internal bool NeedsTargets { get; }

    /// <summary>
    /// Gets or sets a value indicating whether the node has received a gradient in the current backward pass. A node whose value is not
    /// used has no gradient to pass on.
    /// </summary>
    internal bool HasReceivedGradient { get; set; }

    /// <summary>Sets the shape of the value from the shapes of the sources. This is done for all nodes before any computation.</summary>
    internal virtual void Prepare()
    {
    }

    internal NodeContext Context { get; }

    /// <summary>Computes the value from the values of the sources.</summary>
    internal void Forward(Phase phase)
    {
        Context.Begin(phase);
        try
        {
            RunForward();
        }
        catch (Exception e) when (Operation is { IsCustom: true } && e is not (MiniNetException or OperationCanceledException))
        {
            throw new OperationException($"{Describe()}, forward: {e.Message}", Name, e);
        }
    }

    /// <summary>Adds to the gradients of the sources and parameters.</summary>
    internal void Backward()
    {
        try
        {
            RunBackward();
        }
        catch (Exception e) when (Operation is { IsCustom: true } && e is not OperationCanceledException)
        {
            throw new OperationException($"{Describe()}, backward: {e.Message}", Name, e);
        }
    }

    private protected abstract void RunForward();

    private protected abstract void RunBackward();

    internal abstract Node CopyTo(Graph fork);

    /// <summary>Allocates the gradient if necessary and sets it to 0.</summary>
    internal void ClearGradient()
    {
        HasReceivedGradient = false;
        if (NeedsGradient)
        {
            Gradient ??= new Tensor(Value.Shape, "d" + Name) { Owner = Graph };
            Gradient.Resize(Value.Shape);
            Gradient.ClearLazily();
        }
    }

    /// <summary>Describes the node by name, operation and value, such as <c>hidden1 (Linear 4 -> 16) [16, 16] -0.8..1.2</c>.</summary>
    /// <returns>One line of text.</returns>
    public override string ToString() => $"{Describe()} {Value.Describe()}";

    /// <summary>Gets the same description for the debugger, with the shape written as in the equations.</summary>
    internal string Display => $"{Describe()} {Value.Describe("x")}";

    /// <summary>
    /// Gets the symbol in the equations for the value of one of the sources. The last gradient equations belong to the sources, in order.
    /// </summary>
    internal string SymbolOfSource(int source)
    {
        IReadOnlyList<Equation> gradients = Equations!.Gradients;
        int at = Operation!.HasInputGradient ? gradients.Count - Sources.Count + source : -1;
        return at >= 0 ? gradients[at].Left[1..].ToLowerInvariant() : source == 0 ? "x" : "x" + source;
    }

    internal string Describe() => $"{Name} ({Operation?.ToString() ?? "Input"})";
}
