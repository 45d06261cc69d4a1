using MiniNet.Stepping;

// Takes two training steps on one batch, and compares them with two steps of a BackpropStepper on a network with the same seed.
Graph graph = Network(), other = Network();
var optimizer = new SGD(graph.Parameters, learningRate: 0.1f);
var stepping = new SGD(other.Parameters, learningRate: 0.1f);
Batch batch = default!;
foreach (Batch first in new DataLoader(ExerciseCheck.Iris(), batchSize: 150, shuffle: false))
{
    batch = first;
}

bool same = true;
for (int step = 1; step <= 2; step++)
{
    Exercise.Train(graph, optimizer, batch);
    new BackpropStepper(other, batch.Inputs, batch.Targets, stepping).RunUntil(_ => false);
    for (int i = 0; i < graph.Parameters.Count; i++)
    {
        same &= graph.Parameters[i].Value.Span.SequenceEqual(other.Parameters[i].Value.Span);
    }

    Console.WriteLine(FormattableString.Invariant(
        $"W[0, 0] after step {step}: {graph.Parameters[0].Value[0, 0]}, expected {other.Parameters[0].Value[0, 0]}"));
}

return ExerciseCheck.Report(same, same ? "All weights are as expected." : "The weights differ from the expected ones.");

static Graph Network()
{
    var graph = new Sequential(seed: 1, new Linear(4, 16), new ReLU(), new Linear(16, 3));
    graph.AddLoss(new SoftmaxCrossEntropy());
    return graph;
}
