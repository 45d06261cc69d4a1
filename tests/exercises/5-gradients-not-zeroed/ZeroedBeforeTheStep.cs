using MiniNet.Data;
using MiniNet.Graphs;
using MiniNet.Optimizers;

// Wrong: what Backward found is thrown away before the step, and nothing is learnt.
internal static class Exercise
{
    public static void Train(Graph graph, Optimizer optimizer, Batch batch)
    {
        graph.Forward(batch.Inputs);
        graph.Loss(batch.Targets);
        graph.Backward();
        graph.ZeroGradients();
        optimizer.Step();
    }
}
