// Trains for twenty epochs on iris. Every gradient check passes; the mistake is in the network.
var graph = Exercise.Network();
graph.AddLoss(new SoftmaxCrossEntropy());
var optimizer = new SGD(graph.Parameters, learningRate: 0.05f, momentum: 0.9f);
Dataset rows = ExerciseCheck.Iris();
float loss = 0;
for (int epoch = 1; epoch <= 20; epoch++)
{
    foreach (Batch batch in new DataLoader(rows, batchSize: 16, seed: (ulong)epoch))
    {
        graph.Forward(batch.Inputs);
        graph.Loss(batch.Targets);
        graph.ZeroGradients();
        graph.Backward();
        optimizer.Step();
    }
}

graph.Forward(rows.Inputs);
loss = graph.Loss(rows.Targets);
return ExerciseCheck.Report(
    loss < 0.2f,
    FormattableString.Invariant($"The loss over all rows after 20 epochs is {loss:F3}. A correct network reaches less than 0.2."));
