// Solution: set the gradients to 0 before Backward adds those of this batch.
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
