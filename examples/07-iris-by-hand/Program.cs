// The training loop written by hand; Trainer makes the same calls. Put a breakpoint on graph.Forward and press F11. You enter each
// layer's Forward, then the loss, then each layer's Backward from the last to the first, and then the optimizer's update.
// In Locals, expand x, y, dY and dX of a layer to see their rows, or graph to see the value and gradient of every node.
// Iris has 150 rows: four measurements of a flower, and its species, one of three classes. Preprocessing shifts and scales each column to
// mean 0 and standard deviation 1. In the update, η is the learning rate, μ the momentum, and v the velocity, a sum of all gradients so
// far in which the older ones fade by the factor μ at each step.

var data = CsvDataset.Load(Path.Combine(AppContext.BaseDirectory, "iris.csv"), target: "species");
var rows = Preprocessing.Fit(data).Apply(data);                  // all rows: this lesson has no test set

var graph = new Sequential(seed: 1, new Linear(4, 16), new ReLU(), new Linear(16, 3));
graph.AddLoss(new SoftmaxCrossEntropy());                        // one more node: L = −(1/n) Σ log p[class]
var optimizer = new SGD(graph.Parameters, learningRate: 0.05f, momentum: 0.9f);
var loader = new DataLoader(rows, batchSize: 16, seed: 1);

for (int epoch = 1; epoch <= 20; epoch++)
{
    float loss = 0;
    foreach (Batch batch in loader)                              // every row once, in a new order each epoch
    {
        graph.Forward(batch.Inputs);                             // computes the value of every node
        loss = graph.Loss(batch.Targets);                        // the error of this batch, as one number
        graph.ZeroGradients();                                   // dW = 0, db = 0
        graph.Backward();                                        // the chain rule, from the last node to the first
        optimizer.Step();                                        // v = μv + dW;  W −= ηv
    }

    Console.WriteLine($"epoch {epoch}: loss of the last batch {loss:F4}");
}
