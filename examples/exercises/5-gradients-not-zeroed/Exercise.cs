using MiniNet.Data;
using MiniNet.Graphs;
using MiniNet.Optimizers;

// One training step. The first is right, and each one after it follows a direction that is older than its batch.
// Backward only ever adds to the gradients of the parameters, so that they can be gathered over several batches: and here?
internal static class Exercise
{
    public static void Train(Graph graph, Optimizer optimizer, Batch batch)
    {
        graph.Forward(batch.Inputs);
        graph.Loss(batch.Targets);
        graph.Backward();
        optimizer.Step();
    }
}
