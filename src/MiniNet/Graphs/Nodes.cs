using System.Diagnostics;
using MiniNet.Tensors;

namespace MiniNet.Graphs;

// The four kinds of node. They only pass tensors to the operation, so the debugger steps through them: F11 stops in the operation.

[DebuggerStepThrough]
internal sealed class InputNode(Graph graph, string name, Shape shape, bool needsGradient)
    : Node(graph, name, shape, needsGradient, needsTargets: false, sources: [])
{
    private Shape? givenShape;

    private readonly Tensor empty = new(shape.Rows == Shape.Any ? shape.WithRows(0) : shape, name);

    /// <summary>Sets the value for this pass.</summary>
    /// <returns>true if the shape is the same as in the previous pass; otherwise, false.</returns>
    public bool SetValue(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (!Shape.Accepts(value.Shape))
        {
            throw new ShapeException($"{Describe()} expects {Shape}, got {value.Shape}");
        }

        if (value.Owner == Graph)
        {
            throw new ArgumentException(
                $"{Describe()} got {value.Name}, which belongs to the graph and would be overwritten by this pass: pass a Clone() of it.",
                nameof(value));
        }

        bool isAsBefore = givenShape == value.Shape;
        (Value, givenShape) = (value, value.Shape);
        return isAsBefore;
    }

    public void ClearValue() => Value = empty;

    private protected override void RunForward()
    {
    }

    private protected override void RunBackward()
    {
    }

    internal override Node CopyTo(Graph fork) => new InputNode(fork, Name, Shape, NeedsGradient);
}

[DebuggerStepThrough]
internal sealed class LayerNode(Graph graph, string name, Layer layer, Node x, Shape shape)
    : Node(graph, name, shape, (x.NeedsGradient && layer.HasInputGradient) || layer.Parameters.Count > 0, x.NeedsTargets, sources: [x])
{
    public override Operation Operation => layer;

    internal override void Prepare()
    {
        try
        {
            Value.Resize(layer.OutputShape(x.Value.Shape));
        }
        catch (ShapeException e)
        {
            throw e.At(Describe(), x.Name);
        }
    }

    private protected override void RunForward()
    {
        try
        {
            layer.Forward(x.Value, Value, Context);
        }
        catch (ShapeException e) // depends on the data: an index out of range, or a single row to normalize over
        {
            throw e.At(Describe(), x.Name);
        }
    }

    private protected override void RunBackward()
    {
        x.HasReceivedGradient |= layer.HasInputGradient;
        layer.Backward(x.Value, Value, Gradient!, layer.HasInputGradient ? x.Gradient : null, Context);
    }

    internal override Node CopyTo(Graph fork) => new LayerNode(fork, Name, layer, fork.Nodes[x.Index], Shape);
}

[DebuggerStepThrough]
internal sealed class MergeNode : Node
{
    private readonly MergeLayer layer;
    // Filled again for each pass, because the tensor of an input changes.
    private readonly Shape[] shapes;
    private readonly Tensor[] inputs;
    private readonly Tensor?[] gradients;

    public MergeNode(Graph graph, string name, MergeLayer layer, Node[] sources, Shape shape)
        : base(
            graph, name, shape, layer.Parameters.Count > 0 || Array.Exists(sources, [DebuggerStepThrough] (x) => x.NeedsGradient),
            needsTargets: Array.Exists(sources, [DebuggerStepThrough] (x) => x.NeedsTargets), sources)
    {
        this.layer = layer;
        (shapes, inputs, gradients) = (new Shape[sources.Length], new Tensor[sources.Length], new Tensor?[sources.Length]);
    }

    public override Operation Operation => layer;

    internal override void Prepare()
    {
        for (int i = 0; i < shapes.Length; i++)
        {
            shapes[i] = Sources[i].Value.Shape;
        }

        try
        {
            Value.Resize(layer.OutputShape(shapes));
        }
        catch (ShapeException e)
        {
            throw e.At(Describe(), NamesOf(Sources));
        }
    }

    /// <summary>Joins the names of nodes, as in <c>a, b and c</c>.</summary>
    public static string NamesOf(IReadOnlyList<Node> nodes)
    {
        string[] names = [.. nodes.Select([DebuggerStepThrough] (node) => node.Name)];
        return names.Length == 1 ? names[0] : $"{string.Join(", ", names[..^1])} and {names[^1]}";
    }

    private protected override void RunForward()
    {
        try
        {
            layer.Forward(Inputs(), Value, Context);
        }
        catch (ShapeException e)
        {
            throw e.At(Describe(), NamesOf(Sources));
        }
    }

    private protected override void RunBackward()
    {
        for (int i = 0; i < gradients.Length; i++)
        {
            Sources[i].HasReceivedGradient = true;
            gradients[i] = Sources[i].Gradient;
        }

        layer.Backward(Inputs(), Value, Gradient!, gradients, Context);
    }

    internal override Node CopyTo(Graph fork)
    {
        var sources = new Node[Sources.Count];
        for (int i = 0; i < sources.Length; i++)
        {
            sources[i] = fork.Nodes[Sources[i].Index];
        }

        return new MergeNode(fork, Name, layer, sources, Shape);
    }

    private Tensor[] Inputs()
    {
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = Sources[i].Value;
        }

        return inputs;
    }
}

[DebuggerStepThrough]
internal sealed class LossNode(Graph graph, string name, Loss loss, Node prediction)
    : Node(graph, name, default, prediction.NeedsGradient, needsTargets: true, sources: [prediction])
{
    private Targets? targets;

    internal override Targets? Targets => targets;

    public Targets RequiredTargets => Targets
        ?? throw new InvalidOperationException($"{Describe()} has no targets for this forward pass: call Loss first.");

    public override Operation Operation => loss;

    public void SetTargets(Targets value)
    {
        if (prediction.Value.Shape.Rows == 0)
        {
            throw new InvalidOperationException(
                $"{Describe()} has no prediction to compare with the targets: call Forward first, with at least one row.");
        }

        try
        {
            loss.Check(prediction.Value.Shape, value);
        }
        catch (ShapeException e)
        {
            throw e.At(Describe(), prediction.Name);
        }
        catch (TargetsException e)
        {
            throw e.At(Describe(), prediction.Name);
        }

        targets = value;
    }

    /// <summary>Discards the targets of the last pass, because they belong to another prediction.</summary>
    public void ClearTargets() => targets = null;

    private protected override void RunForward()
    {
        Value.Span[0] = loss.Forward(prediction.Value, RequiredTargets, Context);
    }

    private protected override void RunBackward()
    {
        prediction.HasReceivedGradient = true;
        loss.Backward(prediction.Value, RequiredTargets, Gradient!.Span[0], prediction.Gradient!, Context);
    }

    internal override Node CopyTo(Graph fork) => new LossNode(fork, Name, loss, fork.Nodes[prediction.Index]);
}
