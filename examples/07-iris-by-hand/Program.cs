// The training loop written by hand; Trainer runs exactly this. Put a breakpoint on graph.Forward and press F11: each layer's
// Forward comes in turn, then the loss, then each layer's Backward from the last to the first, then the optimizer's update.
// In Locals, x, y, dY and dX of a layer show their rows; open graph and you see every node with value and gradient.
using MiniNet.Data;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Optimizers;

var data = CsvDataset.Load(Path.Combine(AppContext.BaseDirectory, "iris.csv"), target: "species");
var rows = Preprocessing.Fit(data).Apply(data);                  // all rows: here we watch learning, we do not judge it

var graph = new Sequential(seed: 1, new Linear(4, 16), new ReLU(), new Linear(16, 3));
graph.AddLoss(new SoftmaxCrossEntropy());                        // one more node: L = −(1/n) Σ log p[class]
var optimizer = new SGD(graph.Parameters, learningRate: 0.05f, momentum: 0.9f);
var loader = new DataLoader(rows, batchSize: 16, seed: 1);

for (int epoch = 1; epoch <= 20; epoch++)
{
    float loss = 0;
    foreach (Batch batch in loader)                              // every row once, in a new order each epoch
    {
        graph.Forward(batch.Inputs);                             // every node's value, first to last
        loss = graph.Loss(batch.Targets);                        // how far off, as one number
        graph.ZeroGradients();                                   // dW = 0, db = 0
        graph.Backward();                                        // the chain rule, last node to first
        optimizer.Step();                                        // v = μv + dW;  W −= ηv
    }

    Console.WriteLine($"epoch {epoch}: loss of the last batch {loss:F4}");
}
