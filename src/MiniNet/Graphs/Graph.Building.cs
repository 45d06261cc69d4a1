using System.Diagnostics;
using MiniNet.Tensors;

namespace MiniNet.Graphs;

// How a graph comes to be: its nodes, in order. What it does once it is there stands in Graph.cs.
public partial class Graph
{
    /// <summary>Adds a node whose value is given at each forward pass.</summary>
    /// <param name="name">A name of its own.</param>
    /// <param name="shape">What shape it takes; usually <c>Shape.Batch(columns)</c>.</param>
    /// <param name="needsGradient">Whether backward shall work out ∂L/∂input. Off by default, since training has no use for it.</param>
    /// <returns>The node.</returns>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    public Node Input(string name, Shape shape, bool needsGradient = false) => Append(new InputNode(this, Free(name), shape, needsGradient));

    /// <summary>Adds a node for a layer.</summary>
    /// <param name="name">A name of its own.</param>
    /// <param name="layer">The layer; it may stand at several nodes, and its parameters then gather the gradients of all.</param>
    /// <param name="x">The node it reads, of this graph.</param>
    /// <returns>The node.</returns>
    /// <exception cref="ArgumentException">The name is empty or taken, or the node is of another graph.</exception>
    /// <exception cref="ShapeException">The layer cannot take the shape of the node.</exception>
    public Node Add(string name, Layer layer, Node x)
    {
        ArgumentNullException.ThrowIfNull(layer);
        Require(x);
        try
        {
            return Append(new LayerNode(this, Free(name), layer, x, layer.OutputShape(x.Shape)));
        }
        catch (ShapeException e)
        {
            throw e.At($"{name} ({layer})", x.Name);
        }
    }

    /// <summary>Adds a node for a layer of two inputs.</summary>
    /// <param name="name">A name of its own.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="a">The node of its first input.</param>
    /// <param name="b">The node of its second input; it may be the same.</param>
    /// <returns>The node.</returns>
    /// <exception cref="ArgumentException">The name is empty or taken, or a node is of another graph.</exception>
    /// <exception cref="ShapeException">The layer cannot take the shapes of the nodes.</exception>
    public Node Add(string name, MergeLayer layer, Node a, Node b)
    {
        Require(a);
        Require(b);
        try
        {
            return Append(new MergeNode(this, Free(name), layer, a, b, layer.OutputShape(a.Shape, b.Shape)));
        }
        catch (ShapeException e)
        {
            throw e.At($"{name} ({layer})", $"{a.Name} and {b.Name}");
        }
    }

    /// <summary>Adds a loss.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="prediction">The node it judges; <see cref="Output"/> unless given.</param>
    /// <param name="name">A name of its own.</param>
    /// <returns>The node, whose value is one number.</returns>
    /// <exception cref="ArgumentException">The name is empty or taken, or the node is of another graph.</exception>
    public Node AddLoss(Loss loss, Node? prediction = null, string name = "loss")
    {
        prediction ??= Output;
        Require(prediction);
        return Append(new LossNode(this, Free(name), loss, prediction));
    }

    /// <summary>The same layers and parameters, with values and gradients of its own: what a second thread needs.</summary>
    /// <remarks>The parameters' gradients are shared, as the parameters are: train on one thread at a time.</remarks>
    /// <returns>A graph of the same nodes.</returns>
    public Graph Fork()
    {
        var fork = new Graph(Seed);
        foreach (Node node in nodes)
        {
            fork.Append(node.CopyTo(fork));
        }

        fork.RandomState = RandomState;
        return fork;
    }

    /// <summary>The graph as a table: nodes, output shapes, parameters, and the floating point operations of a training step.</summary>
    /// <param name="rows">How many rows a batch has.</param>
    /// <returns>The table; its text is ready to print.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are less than 1 rows.</exception>
    public ModelSummary Summary(int rows = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        return new ModelSummary([.. nodes.Select(Summarise)], rows);

        NodeSummary Summarise(Node node)
        {
            bool isFirstUse = node.Operation is not null && nodes.Find(other => other.Operation == node.Operation) == node;
            long counted = isFirstUse ? node.Operation!.Parameters.Sum(parameter => (long)parameter.Value.Shape.Length) : 0;
            long multiplications = node.Operation?.CountMultiplications(WithRows(node.Sources[0].Shape), WithRows(node.Shape)) ?? 0;
            int gradients = node.Sources.Count(source => source.NeedsGradient) + (node.Operation?.Parameters.Count > 0 ? 1 : 0);
            string from = string.Join(", ", node.Sources.Select(source => source.Name));
            return new NodeSummary(node.Name, node.Operation?.ToString() ?? "Input", from, node.Shape, counted, 2 * multiplications * (1 + gradients));
        }

        Shape WithRows(Shape shape) => shape.Rows == Shape.Any ? shape.WithRows(rows) : shape;
    }

    private Node Append(Node node)
    {
        nodes.Add(node);
        if (node is InputNode input)
        {
            inputNodes.Add(input);
        }
        else if (node is LossNode loss)
        {
            lossNodes.Add(loss);
        }

        objective = node.NeedsTargets || !HasLoss ? node : objective;
        output = node is LossNode ? node.Sources[0] : HasLoss ? output : node;
        HasLoss |= node is LossNode;

        if (node.Operation is { } operation)
        {
            if (!operation.IsInitialized)
            {
                operation.Initialize(new RandomStream(Seed, $"initialisation of {node.Name}"));
                operation.IsInitialized = true;
            }

            parameters.AddRange(operation.Parameters.Where(parameter => !parameters.Contains(parameter)));
        }

        return node;
    }

    private string Free(string name) => name.Length == 0 || nodes.Exists(node => node.Name == name)
        ? throw new ArgumentException(name.Length == 0 ? "A node needs a name." : $"There is a node '{name}' already.", nameof(name))
        : name;

    [DebuggerStepThrough]
    private void Require(Node node)
    {
        if (node.Graph != this)
        {
            throw new ArgumentException($"{node.Name} is a node of another graph.", nameof(node));
        }
    }
}
