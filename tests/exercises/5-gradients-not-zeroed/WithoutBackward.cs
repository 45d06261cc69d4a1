using MiniNet.Data;
using MiniNet.Graphs;
using MiniNet.Optimizers;

// Wrong: all gradients are 0, always.
internal static class Exercise
{
    public static void Train(Graph graph, Optimizer optimizer, Batch batch)
    {
        graph.Forward(batch.Inputs);
        graph.Loss(batch.Targets);
        graph.ZeroGradients();
        optimizer.Step();
    }
}
