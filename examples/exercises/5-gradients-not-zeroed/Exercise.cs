// One training step. The first step is right, but every later one also uses the gradients of earlier steps.
// Backward adds to the parameters' gradients, so that they can be accumulated over several batches. What does this loop need?
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
