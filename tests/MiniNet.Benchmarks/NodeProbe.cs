using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Losses;
using MiniNet.Tensors;

namespace MiniNet.Benchmarks;

/// <summary>
/// Repeats the forward or backward pass of a single node. The graph around it has run one complete step, so the node's inputs and gradient
/// are available.
/// </summary>
internal sealed class NodeProbe
{
    private readonly Graph network;
    private readonly Node probed;

    private NodeProbe(Graph graph, Node node, Targets targets, params ReadOnlySpan<Tensor> inputs)
    {
        (network, probed) = (graph, node);
        graph.Forward(inputs);
        graph.Loss(targets);
        graph.Backward();
    }

    public void Forward() => network.ForwardAt(probed);

    public void Backward() => network.BackwardAt(probed);

    public static NodeProbe Of(Layer layer, params int[] shape) => Of(layer, Random(-1, 1, shape));

    public static NodeProbe Of(Layer layer, Tensor x)
    {
        var graph = OneThread();
        Node node = graph.Add("layer", layer, graph.Input("x", x.Shape, needsGradient: true));
        return Judged(graph, node, x);
    }

    public static NodeProbe Of(MergeLayer layer, params int[] shape)
    {
        var graph = OneThread();
        Tensor a = Random(-1, 1, shape), b = Random(-1, 1, shape);
        Node node = graph.Add(
            "merge",
            layer,
            graph.Input("a", a.Shape, needsGradient: true),
            graph.Input("b", b.Shape, needsGradient: true));
        return Judged(graph, node, a, b);
    }

    public static NodeProbe Of(Loss loss, Tensor prediction, Targets targets)
    {
        var graph = OneThread();
        Node node = graph.AddLoss(loss, graph.Input("prediction", prediction.Shape, needsGradient: true));
        return new NodeProbe(graph, node, targets, prediction);
    }

    public static Tensor Random(float low, float high, params int[] shape)
    {
        var random = new RandomStream(1, "benchmark");
        var tensor = new Tensor(new Shape(shape));
        foreach (ref float value in tensor.Span)
        {
            value = random.NextUniform(low, high);
        }

        return tensor;
    }

    private static Graph OneThread()
    {
        Kernel.MaxThreads = 1;
        return new Graph(seed: 1);
    }

    private static NodeProbe Judged(Graph graph, Node node, params ReadOnlySpan<Tensor> inputs)
    {
        graph.AddLoss(new MeanSquaredError());
        return new NodeProbe(graph, node, new Tensor(node.Shape), inputs);
    }
}
