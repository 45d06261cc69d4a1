using MiniNet.Data;
using MiniNet.Losses;
using MiniNet.Optimizers;

// Twenty epochs of iris. The gradients are right, as every check will say; the network is not what was meant.
var graph = Exercise.Network();
graph.AddLoss(new SoftmaxCrossEntropy());
var optimizer = new SGD(graph.Parameters, learningRate: 0.05f, momentum: 0.9f);
Dataset rows = Judge.Iris();
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
return Judge.Of(loss < 0.2f, FormattableString.Invariant($"after 20 epochs the loss over all rows is {loss:F3}; below 0.2 is what this network can do"));
