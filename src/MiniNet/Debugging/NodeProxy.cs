using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Debugging;

/// <summary>
/// Defines what the debugger shows for a node: value, gradient, the contribution of each node that reads it, and the equations.
/// </summary>
[DebuggerStepThrough]
internal sealed class NodeProxy(Node node)
{
    /// <summary>Gets the value computed by the last forward pass.</summary>
    public Tensor Value => node.Value;

    /// <summary>
    /// Gets ∂L/∂value, summed over all uses of the value; null before the first backward pass or if no gradient is needed.
    /// </summary>
    public Tensor? Gradient => node.Gradient;

    /// <summary>Gets the equations of the value and of the gradients of the sources and parameters; null for an input.</summary>
    public Equations? Equations => node.Equations;

    /// <summary>Gets the layer, merge layer or loss of this node; null for an input.</summary>
    public Operation? Operation => node.Operation;

    /// <summary>Gets the parameters of the layer, with their gradients.</summary>
    public Parameter[] Parameters => [.. node.Operation?.Parameters ?? []];

    /// <summary>Gets the input nodes.</summary>
    public Node[] Sources => [.. node.Sources];

    /// <summary>
    /// Gets all uses of the value by later nodes with their contributions to the gradient. After the backward pass, their sum is the
    /// gradient.
    /// </summary>
    public Use[] Consumers
    {
        get
        {
            var uses = new List<Use>();
            for (int i = node.Index + 1; i < node.Graph.Nodes.Count; i++)
            {
                Node consumer = node.Graph.Nodes[i];
                for (int source = 0; source < consumer.Sources.Count; source++)
                {
                    if (consumer.Sources[source] == node)
                    {
                        uses.Add(new Use(consumer, source));
                    }
                }
            }

            return [.. uses];
        }
    }

    /// <summary>Gets a text that says whether the contributions of the consumers add up to the gradient.</summary>
    public string Sum
    {
        get
        {
            Use[] uses = Consumers;
            if (node.Gradient is not { } gradient || Array.Exists(uses, IsPending))
            {
                return "some contributions are not computed in the debugger";
            }

            for (int i = 0; i < gradient.Shape.Length; i++)
            {
                double sum = 0, size = 0;
                foreach (Use use in uses)
                {
                    sum += use.Added?.Peek(i) ?? 0;
                    size += Math.Abs(use.Added?.Peek(i) ?? 0);
                }

                if (double.IsFinite(sum) && !(Math.Abs(sum - gradient.Peek(i)) <= 1e-5 * size))
                {
                    return "differs from the gradient: a backward pass is in progress, or a forward pass has run since";
                }
            }

            return uses.Length == 0 ? "no node reads it" : "the contributions of the consumers add up to the gradient";
        }
    }

    private static bool IsPending(Use use) => use.Added is null && use.Node.HasReceivedGradient;
}

/// <summary>Represents one use of a value by a later node.</summary>
[DebuggerDisplay("{Text,nq}")]
[DebuggerStepThrough]
internal sealed class Use
{
    public Use(Node consumer, int source)
    {
        string symbol = "d" + consumer.SymbolOfSource(source).ToUpperInvariant();
        (Node, Equation) = (consumer, consumer.Equations!.GradientOf(symbol).Text);
        Added = ContributionProbe.Compute(consumer, source, symbol);
        string without = consumer.HasReceivedGradient ? "not computed in the debugger" : "no gradient has reached it";
        Text = $"{consumer.Name}: {Equation}   {Added?.Display ?? without}";
    }

    /// <summary>Gets the node that reads the value.</summary>
    public Node Node { get; }

    /// <summary>Gets the equation of the contribution to the value's gradient, as in the source file of the layer.</summary>
    public string Equation { get; }

    /// <summary>Gets ∂L/∂(the consumer's value), the incoming gradient in the equation.</summary>
    public Tensor? Incoming => Node.Gradient;

    /// <summary>
    /// Gets the result of the equation, computed on copies of the current numbers in the graph. It is null if that could change the graph
    /// or take long: for custom layers, for layers with parameters other than <c>Linear</c>, and for large tensors. A
    /// <c>BackpropStepper</c> reports it for every node.
    /// </summary>
    public Tensor? Added { get; }

    /// <summary>Gets the consumer, the equation and the contribution as text.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string Text { get; }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
