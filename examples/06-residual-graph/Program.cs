// A residual connection, y = h + relu(h), where relu(h) = max(h, 0). The value h takes two paths: through the layer, and around it (the
// skip connection). In the backward pass each path contributes a gradient, and dh is their sum. The skip connection passes the gradient on
// even where the derivative of relu is 0, which is why very deep networks are built from such blocks.
//
// In the debugger: set a breakpoint on optimizer.Step() and expand h in Locals. Under Consumers, sum contributes dY unchanged, and relu
// contributes dY only where h > 0. Gradient is the total. Then set a breakpoint on graph.Backward() and press F11: after the loss comes
// sum, then relu, and only then hidden, because dh, its dY, needs both contributions.

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
        float through = h.Value[0, j] > 0 ? y.Gradient![0, j] : 0;       // relu passes dY on only where its input is positive
        asByHand &= h.Gradient![0, j] == y.Gradient![0, j] + through;
    }

    optimizer.Step();
    Console.WriteLine($"step {step}: loss {loss:F4}");
}

return asByHand ? 0 : 1;
