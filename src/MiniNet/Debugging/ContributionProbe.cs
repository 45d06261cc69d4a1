using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Tensors;

namespace MiniNet.Debugging;

/// <summary>
/// Computes what one node adds to the gradient of one of its sources, on copies of everything that its Backward reads or writes. The graph
/// does not change; tensors that are marked as cleared stay marked. A Backward that writes to parameters is not called, because parameters
/// are not copied.
/// </summary>
[DebuggerStepThrough]
internal static class ContributionProbe
{
    // Well below the threshold for multithreading: while the debugger evaluates this, other threads are suspended.
    private const long MaxMultiplications = 1_000_000, MaxNumbers = 20_000;

    /// <summary>Computes what the node adds; null if that is not possible quickly and without changing the graph.</summary>
    /// <param name="node">The node that reads the source.</param>
    /// <param name="sourceIndex">The index of the source.</param>
    /// <param name="symbol">The name of the result.</param>
    /// <returns>A tensor of the source's shape.</returns>
    public static Tensor? Compute(Node node, int sourceIndex, string symbol)
    {
        try
        {
            return node.HasReceivedGradient && node.Gradient is { } dY && dY.Shape == node.Value.Shape
                && node.Sources[sourceIndex].NeedsGradient && IsSmall(node)
                ? Run(node, sourceIndex, Copy(dY), symbol)
                : null;
        }
        catch (Exception e) when (e is ShapeException or ArgumentException or InvalidOperationException or IndexOutOfRangeException)
        {
            return null; // the debugger can stop in the middle of a pass, when the shapes belong to two batches
        }
    }

    private static Tensor? Run(Node node, int sourceIndex, Tensor dY, string symbol)
    {
        var dX = new Tensor(node.Sources[sourceIndex].Value.Shape, symbol);
        if (node.Operation is Linear linear)
        {
            dX.AddProduct(dY, Copy(linear.Weight.Value).T);
            return dX;
        }

        Operation operation = node.Operation!;
        if (operation.Parameters.Count > 0 || !operation.HasInputGradient || (operation is Loss && node.Targets is null)
            || operation.IsCustom)
        {
            return null;
        }

        var inputs = new Tensor[node.Sources.Count];
        var gradients = new Tensor?[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = Copy(node.Sources[i].Value);
        }

        gradients[sourceIndex] = dX;
        operation.RunBackward(inputs, node.Targets, Copy(node.Value), dY, gradients, Copy(node.Context));
        return dX;
    }

    private static bool IsSmall(Node node)
    {
        long numbers = node.Value.Shape.Length;
        foreach (Node source in node.Sources)
        {
            numbers += source.Value.Shape.Length;
        }

        return numbers <= MaxNumbers
            && node.Operation!.CountMultiplications(node.Sources[0].Value.Shape, node.Value.Shape) <= MaxMultiplications;
    }

    private static Tensor Copy(Tensor tensor) => Copy(tensor, new Tensor(tensor.Shape, tensor.Name));

    private static Tensor Copy(Tensor tensor, Tensor to)
    {
        Span<float> numbers = to.Span;
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = tensor.Peek(i);
        }

        return to;
    }

    private static NodeContext Copy(NodeContext context)
    {
        var copy = new NodeContext(new RandomStream(0, "none"), context.InputCount);
        copy.Begin(context.Phase);
        foreach (Tensor cached in context.CachedTensors)
        {
            Copy(cached, copy.Cache(cached.Name, cached.Shape));
        }

        return copy;
    }
}
