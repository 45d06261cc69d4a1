// Wrong solution: the gradients are set to 0 after Backward, so the step uses zeros and nothing is learned.
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
