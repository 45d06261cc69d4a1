using System.Diagnostics;
using System.Globalization;
using MiniNet.Tensors;

namespace MiniNet.Graphs;

// Adding nodes to a graph. The forward and backward passes are in Graph.cs.
public partial class Graph
{
    private string scope = ""; // the name of the block that is being added, with a dot after it
    private int countInScope; // the number of layers and blocks added so far, without those inside of blocks

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
            throw e.At($"{scope}{name} ({layer})", x.Name);
        }
    }

    /// <summary>Adds a node for a layer with several inputs.</summary>
    /// <param name="name">The name, unique within the graph.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="inputs">The input nodes, in the order of the layer's inputs. The same node can occur several times.</param>
    /// <returns>The new node.</returns>
    /// <exception cref="ArgumentException">
    /// The name is empty or already in use, a node belongs to another graph, or the number of inputs does not fit the layer.
    /// </exception>
    /// <exception cref="ShapeException">The layer does not accept the shapes of the nodes.</exception>
    public Node Add(string name, MergeLayer layer, params ReadOnlySpan<Node> inputs)
    {
        ArgumentNullException.ThrowIfNull(layer);
        Node[] sources = inputs.ToArray();
        var shapes = new Shape[sources.Length];
        for (int i = 0; i < sources.Length; i++)
        {
            Require(sources[i]);
            shapes[i] = sources[i].Shape;
        }

        if (sources.Length == 0 || (layer.InputCount ?? sources.Length) != sources.Length)
        {
            throw new ArgumentException(
                $"{scope}{name} ({layer}) takes {(layer.InputCount is { } count ? count : "one or more")} inputs, got {sources.Length}.",
                nameof(inputs));
        }

        try
        {
            return Append(new MergeNode(this, UniqueName(name), layer, sources, layer.OutputShape(shapes)));
        }
        catch (ShapeException e)
        {
            throw e.At($"{scope}{name} ({layer})", MergeNode.NamesOf(sources));
        }
    }

    /// <summary>Adds the nodes of a block. Their names begin with the name of the block, as in <c>block1.0</c>.</summary>
    /// <param name="name">The name of the block.</param>
    /// <param name="block">The block. It can be added several times; its parameters are then shared.</param>
    /// <param name="x">The input node, from this graph.</param>
    /// <returns>The output node of the block.</returns>
    /// <exception cref="ArgumentException">A name is empty or already in use, or the node belongs to another graph.</exception>
    /// <exception cref="ShapeException">A layer does not accept the shape of its input.</exception>
    public Node Add(string name, Block block, Node x)
    {
        ArgumentNullException.ThrowIfNull(block);
        Require(x);
        string inner = UniqueName(name) + ".";
        if (HasBlock(name))
        {
            throw new ArgumentException($"There is a block '{scope}{name}' already.", nameof(name));
        }

        (string outer, int outerCount) = (scope, countInScope + 1);
        (scope, countInScope) = (inner, 0);
        try
        {
            return block.Connect(this, x);
        }
        finally
        {
            (scope, countInScope) = (outer, outerCount);
        }
    }

    /// <summary>Adds a layer or a block. Its name is its number, as in PyTorch's <c>Sequential</c>: 0, 1, 2, ...</summary>
    /// <param name="module">The layer or block.</param>
    /// <param name="x">The input node, from this graph.</param>
    /// <returns>The output node.</returns>
    /// <exception cref="ArgumentException">The node belongs to another graph.</exception>
    /// <exception cref="ShapeException">The module does not accept the shape of the node.</exception>
    public Node Add(IModule module, Node x)
    {
        ArgumentNullException.ThrowIfNull(module);
        return module.AddTo(this, NextNumber(), x);
    }

    /// <summary>Adds a node for a layer with several inputs. Its name is its number.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="inputs">The input nodes, in the order of the layer's inputs.</param>
    /// <returns>The new node.</returns>
    /// <inheritdoc cref="Add(string, MergeLayer, ReadOnlySpan{Node})" path="/exception"/>
    public Node Add(MergeLayer layer, params ReadOnlySpan<Node> inputs) => Add(NextNumber(), layer, inputs);

    /// <summary>
    /// Adds a loss. Several losses add up, each with its weight: L = Σ wₖ Lₖ, in a node named <c>total</c>. If a later node combines the
    /// losses instead, as in <c>a + 0.5f * b</c>, its value is L; it must depend on every loss.
    /// </summary>
    /// <param name="loss">The loss.</param>
    /// <param name="prediction">The node to compare with the targets; <see cref="Output"/> by default.</param>
    /// <param name="name">The name, unique within the graph; by default, <c>loss</c>, then <c>loss2</c>, ...</param>
    /// <param name="weight">The weight in the sum of all losses; finite.</param>
    /// <returns>The node of the loss, whose value is a scalar, not multiplied by the weight.</returns>
    /// <exception cref="ArgumentException">
    /// The name is empty or already in use, the node belongs to another graph, or the weight is not finite.
    /// </exception>
    public Node AddLoss(Loss loss, Node? prediction = null, string? name = null, float weight = 1)
    {
        ArgumentNullException.ThrowIfNull(loss);
        prediction ??= Output;
        Require(prediction);
        if (!float.IsFinite(weight))
        {
            throw new ArgumentOutOfRangeException(nameof(weight), weight, "The weight of a loss must be finite.");
        }

        Node? earlier = HasLoss ? objective : null;
        Node added = Append(new LossNode(this, UniqueName(name ?? NextName("loss")), loss, prediction));
        if (earlier is not null)
        {
            Add(NextName("total"), new LossSum(1, weight), earlier, added);
        }
        else if (weight != 1)
        {
            Add(NextName("total"), new LossSum(weight), added);
        }

        return added;
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
        output = HasLoss ? output : node is LossNode ? node.Sources[0] : node;
        HasLoss |= node is LossNode;
        countInScope += node.Operation is null ? 0 : 1;

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

    private string UniqueName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length == 0 ? throw new ArgumentException("A node needs a name.", nameof(name))
            : HasNode(name) ? throw new ArgumentException($"There is a node '{scope}{name}' already.", nameof(name))
            : scope + name;
    }

    /// <summary>Determines whether a node has this name, relative to the block that is being added.</summary>
    internal bool HasNode(string name) => nodes.Exists(node => node.Name == scope + name);

    private bool HasBlock(string name) => nodes.Exists(node => node.Name.StartsWith($"{scope}{name}.", StringComparison.Ordinal));

    /// <summary>Gets the next free name of a kind: total, total2, total3, ...</summary>
    private string NextName(string kind)
    {
        string name = kind;
        for (int i = 2; HasNode(name); i++)
        {
            name = kind + i.ToString(CultureInfo.InvariantCulture);
        }

        return name;
    }

    /// <summary>Gets the number of nodes and blocks added so far, or the next number that is not a name yet.</summary>
    private string NextNumber()
    {
        string name;
        int number = countInScope;
        do
        {
            name = number.ToString(CultureInfo.InvariantCulture);
            number++;
        }
        while (HasNode(name) || HasBlock(name));

        return name;
    }

    [DebuggerStepThrough]
    private void Require(Node node)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (node.Graph != this)
        {
            throw new ArgumentException($"{node.Name} is a node of another graph.", nameof(node));
        }
    }
}
