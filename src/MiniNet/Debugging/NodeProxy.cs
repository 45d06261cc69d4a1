using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Debugging;

/// <summary>What a debugger shows of a node: value, gradient, what came to it from each node that reads it, and the rule.</summary>
[DebuggerStepThrough]
internal sealed class NodeProxy(Node node)
{
    /// <summary>What the last forward pass left here.</summary>
    public Tensor Value => node.Value;

    /// <summary>∂L/∂value, summed over every use of the value; null before the first backward pass, or where none is needed.</summary>
    public Tensor? Gradient => node.Gradient;

    /// <summary>What the node does, and what it adds to the gradients of its sources and parameters; null for an input.</summary>
    public Rule? Rule => node.Rule;

    /// <summary>The layer, merge layer or loss that stands here; null for an input.</summary>
    public Operation? Operation => node.Operation;

    /// <summary>The parameters of the layer, with their gradients.</summary>
    public Parameter[] Parameters => [.. node.Operation?.Parameters ?? []];

    /// <summary>The nodes it reads.</summary>
    public Node[] Sources => [.. node.Sources];

    /// <summary>Every use of the value by a later node, and what each adds to the gradient: after the backward pass they add up to it.</summary>
    public Use[] Consumers
    {
        get
        {
            var uses = new List<Use>();
            for (int i = node.Index + 1; i < node.Graph.Nodes.Count; i++)
            {
                Node consumer = node.Graph.Nodes[i];
                for (int place = 0; place < consumer.Sources.Count; place++)
                {
                    if (consumer.Sources[place] == node)
                    {
                        uses.Add(new Use(consumer, place));
                    }
                }
            }

            return [.. uses];
        }
    }

    /// <summary>Whether the gradient is the sum of what the consumers show, or is still to become it.</summary>
    public string Sum
    {
        get
        {
            Use[] uses = Consumers;
            if (node.Gradient is not { } gradient || Array.Exists(uses, IsOpen))
            {
                return "not every share is known";
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
                    return "not yet the gradient: a backward pass is under way, or a forward pass has come since";
                }
            }

            return uses.Length == 0 ? "no node reads it" : "what came from the consumers adds up to the gradient";
        }
    }

    private static bool IsOpen(Use use) => use.Added is null && use.Node.IsReached;
}

/// <summary>One use of a value by a later node.</summary>
[DebuggerDisplay("{Text,nq}")]
[DebuggerStepThrough]
internal sealed class Use
{
    public Use(Node consumer, int place)
    {
        string letter = "d" + Letters.OfSource(consumer, place).ToUpperInvariant();
        (Node, Equation) = (consumer, Letters.EquationOf(consumer.Rule!, letter));
        Added = WayBack.Added(consumer, place, letter);
        string without = consumer.IsReached ? "not worked out while looking" : "no gradient has reached it";
        Text = $"{consumer.Name}: {Equation}   {Added?.Display ?? without}";
    }

    /// <summary>The node that reads the value.</summary>
    public Node Node { get; }

    /// <summary>What it adds to the value's gradient, as the layer's file says it.</summary>
    public string Equation { get; }

    /// <summary>∂L/∂(the consumer's value): what the equation starts from.</summary>
    public Tensor? Incoming => Node.Gradient;

    /// <summary>
    /// What the equation makes of it, worked out on copies from the numbers that stand in the graph now; null where that would change something or take
    /// long: a layer of one's own, one with other parameters than <c>Linear</c>, or many numbers. A step of <c>BackpropStepper</c> has it for all.
    /// </summary>
    public Tensor? Added { get; }

    /// <summary>Who, by what equation, how much.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string Text { get; }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
