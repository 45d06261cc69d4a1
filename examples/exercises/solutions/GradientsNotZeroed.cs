using MiniNet.Data;
using MiniNet.Graphs;
using MiniNet.Optimizers;

// Solved. Before Backward adds this batch, what the last one left is set to 0.
internal static class Exercise
{
    public static void Train(Graph graph, Optimizer optimizer, Batch batch)
    {
        graph.Forward(batch.Inputs);
        graph.Loss(batch.Targets);
        graph.ZeroGradients();
        graph.Backward();
        optimizer.Step();
    }
}
