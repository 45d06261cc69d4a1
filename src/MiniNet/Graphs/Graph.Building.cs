using System.Diagnostics;
using MiniNet.Tensors;

namespace MiniNet.Graphs;

// Adding nodes to a graph. The forward and backward passes are in Graph.cs.
public partial class Graph
{
    /// <summary>Adds an input node, whose value is passed to each forward pass.</summary>
    /// <param name="name">The name, unique within the graph.</param>
    /// <param name="shape">The shape of the input; usually <c>Shape.Batch(columns)</c>.</param>
    /// <param name="needsGradient">true to compute ∂L/∂input in the backward pass; otherwise, false. Training does not need it.</param>
    /// <returns>The new node.</returns>
    /// <exception cref="ArgumentException">The name is empty or already in use.</exception>
    public Node Input(string name, Shape shape, bool needsGradient = false) =>
        Append(new InputNode(this, UniqueName(name), shape, needsGradient));

    /// <summary>Adds a node for a layer.</summary>
    /// <param name="name">The name, unique within the graph.</param>
    /// <param name="layer">The layer. It can be used by several nodes; its parameters then accumulate the gradients of all of them.</param>
    /// <param name="x">The input node, from this graph.</param>
    /// <returns>The new node.</returns>
    /// <exception cref="ArgumentException">The name is empty or already in use, or the node belongs to another graph.</exception>
    /// <exception cref="ShapeException">The layer does not accept the shape of the node.</exception>
    public Node Add(string name, Layer layer, Node x)
    {
        ArgumentNullException.ThrowIfNull(layer);
        Require(x);
        try
        {
            return Append(new LayerNode(this, UniqueName(name), layer, x, layer.OutputShape(x.Shape)));
        }
        catch (ShapeException e)
        {
            throw e.At($"{name} ({layer})", x.Name);
        }
    }

    /// <summary>Adds a node for a layer with two inputs.</summary>
    /// <param name="name">The name, unique within the graph.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="a">The node of the first input.</param>
    /// <param name="b">The node of the second input; it can be the same node as <paramref name="a"/>.</param>
    /// <returns>The new node.</returns>
    /// <exception cref="ArgumentException">The name is empty or already in use, or a node belongs to another graph.</exception>
    /// <exception cref="ShapeException">The layer does not accept the shapes of the nodes.</exception>
    public Node Add(string name, MergeLayer layer, Node a, Node b)
    {
        Require(a);
        Require(b);
        try
        {
            return Append(new MergeNode(this, UniqueName(name), layer, a, b, layer.OutputShape(a.Shape, b.Shape)));
        }
        catch (ShapeException e)
        {
            throw e.At($"{name} ({layer})", $"{a.Name} and {b.Name}");
        }
    }

    /// <summary>Adds a loss node.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="prediction">The node to compare with the targets; <see cref="Output"/> by default.</param>
    /// <param name="name">The name, unique within the graph.</param>
    /// <returns>The new node, whose value is a scalar.</returns>
    /// <exception cref="ArgumentException">The name is empty or already in use, or the node belongs to another graph.</exception>
    public Node AddLoss(Loss loss, Node? prediction = null, string name = "loss")
    {
        prediction ??= Output;
        Require(prediction);
        return Append(new LossNode(this, UniqueName(name), loss, prediction));
    }

    /// <summary>Creates a graph with the same layers and parameters but its own values and gradients, for use on a second thread.</summary>
    /// <remarks>The parameters and their gradients are shared, so only one thread can train at a time.</remarks>
    /// <returns>A graph with the same nodes.</returns>
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

    /// <summary>Gets a table of nodes, output shapes, parameters, and floating-point operations of a training step.</summary>
    /// <param name="rows">The number of rows in a batch.</param>
    /// <returns>The table. <see cref="ModelSummary.ToString"/> formats it for printing.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number of rows is less than 1.</exception>
    public ModelSummary Summary(int rows = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        return new ModelSummary([.. nodes.Select(Summarize)], rows);

        NodeSummary Summarize(Node node)
        {
            bool isFirstUse = node.Operation is not null && nodes.Find(other => other.Operation == node.Operation) == node;
            long counted = isFirstUse ? node.Operation!.Parameters.Sum(parameter => (long)parameter.Value.Shape.Length) : 0;
            long multiplications = node.Operation?.CountMultiplications(WithRows(node.Sources[0].Shape), WithRows(node.Shape)) ?? 0;
            int gradients = node.Sources.Count(source => source.NeedsGradient) + (node.Operation?.Parameters.Count > 0 ? 1 : 0);
            string from = string.Join(", ", node.Sources.Select(source => source.Name));
            return new NodeSummary(
                node.Name, node.Operation?.ToString() ?? "Input", from, node.Shape, counted, 2 * multiplications * (1 + gradients));
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

    private string UniqueName(string name) => name.Length == 0 || nodes.Exists(node => node.Name == name)
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
