// Wrong solution: Backward is missing, so all gradients are always 0.
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
