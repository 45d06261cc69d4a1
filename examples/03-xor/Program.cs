// Exclusive or with two layers: 1 where just one of the two inputs is 1. No single neuron can do it, since no line parts (0,1) and (1,0) from
// (0,0) and (1,1). A hidden layer bends the plane first: tanh(x·W + b), and then a line does.
//
// Put a breakpoint on graph.Backward() and press F11: the loss comes first, then the second layer, tanh, and the first layer, which gets its
// gradient through all of them. In Locals, dY of a layer is the dX that the layer after it has just added up. Then look at the same in a
// late epoch (a breakpoint with the condition epoch == 300): p − t, and with it every gradient, has become small.
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Optimizers;
using MiniNet.Tensors;

var x = new Tensor(new float[,] { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } }, "x");    // the four cases are one batch
var t = new Tensor(new float[,] { { 0 }, { 1 }, { 1 }, { 0 } }, "t");

var graph = new Sequential(seed: 1, new Linear(2, 4), new Tanh(), new Linear(4, 1));
graph.AddLoss(new BinaryCrossEntropyWithLogits());               // the sigmoid is in the loss: see its file for why
var optimizer = new Adam(graph.Parameters, learningRate: 0.05f);

for (int epoch = 1; epoch <= 300; epoch++)
{
    graph.Forward(x);
    float loss = graph.Loss(t);
    graph.ZeroGradients();
    graph.Backward();
    optimizer.Step();
    if (epoch is 1 or 10 or 30 or 100 or 300)
    {
        Console.WriteLine($"epoch {epoch}: loss {loss:F4}");
    }
}

Tensor scores = graph.Predict(x);                                // above 0: rather 1 than 0
bool right = true;
for (int i = 0; i < 4; i++)
{
    Console.WriteLine($"{x[i, 0]} xor {x[i, 1]} = {t[i, 0]}: the network says {1 / (1 + MathF.Exp(-scores[i, 0])):F3}");
    right &= scores[i, 0] > 0 == t[i, 0] > 0.5f;
}

return right ? 0 : 1;
