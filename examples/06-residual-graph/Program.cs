// A residual graph, y = h + relu(h): the value goes on by two ways, past the layer and through it. Back come two gradients, and dh is their sum.
// The way past keeps dh alive even where relu's derivative is 0, which is why very deep networks are built of such pieces.
//
// Put a breakpoint on optimizer.Step() and open h in Locals: under Consumers, sum sends dY as it is, relu sends it where h > 0, and Gradient is
// the two together. Then put one on graph.Backward() and press F11: sum comes before relu, and relu before hidden, which reads the sum of both.
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Optimizers;
using MiniNet.Tensors;

var graph = new Graph(seed: 1);
Node x = graph.Input("x", Shape.Batch(4));
Node h = graph.Add("hidden", new Linear(4, 3), x);
Node r = graph.Add("relu", new ReLU(), h);
Node y = graph.Add("sum", new Add(), h, r);
graph.AddLoss(new SoftmaxCrossEntropy());
var optimizer = new SGD(graph.Parameters, learningRate: 0.5f);
Console.WriteLine(graph.Summary(rows: 2));

var rows = new Tensor(new float[,] { { 1, 0, -1, 2 }, { 0, 1, 2, -1 } }, "x");
bool asByHand = true;
for (int step = 1; step <= 5; step++)
{
    graph.Forward(rows);
    float loss = graph.Loss(new Targets([0, 2]));
    graph.ZeroGradients();
    graph.Backward();
    for (int j = 0; j < 3; j++)
    {
        float through = h.Value[0, j] > 0 ? y.Gradient![0, j] : 0;       // relu passes dY on where its input was above 0
        asByHand &= h.Gradient![0, j] == y.Gradient![0, j] + through;
    }

    optimizer.Step();
    Console.WriteLine($"step {step}: loss {loss:F4}");
}

return asByHand ? 0 : 1;
