using MiniNet.Data;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Optimizers;

// Two steps with a learning rate of 0: nothing changes, so the gradient of the same batch must be the same both times.
var graph = new Sequential(seed: 1, new Linear(4, 16), new ReLU(), new Linear(16, 3));
graph.AddLoss(new SoftmaxCrossEntropy());
var optimizer = new SGD(graph.Parameters, learningRate: 0);
Batch batch = default!;
foreach (Batch first in new DataLoader(Judge.Iris(), batchSize: 150, shuffle: false))
{
    batch = first;
}

Exercise.Train(graph, optimizer, batch);
float once = graph.Parameters[0].Gradient[0, 0];
Exercise.Train(graph, optimizer, batch);
float twice = graph.Parameters[0].Gradient[0, 0];
return Judge.Of(once == twice, FormattableString.Invariant($"dW[0, 0] is {once} after the first step and {twice} after the second, of the same batch and the same weights"));
