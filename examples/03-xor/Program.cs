// XOR with two layers. The target is 1 if exactly one of the two inputs is 1. A single neuron cannot learn this: its output is above 0.5 on
// one side of the straight line x·W + b = 0, and no line separates (0,1) and (1,0) from (0,0) and (1,1). The hidden layer tanh(x·W + b)
// maps the inputs to four other numbers, from which the second layer can tell the classes apart. Without tanh, the two layers together
// would only be another x·W + b.
//
// The second layer ends with a score z, and σ(z) is the probability of class 1. For this loss, ∂L/∂z = (σ(z) − t)/N, where N is the number
// of scores, here 4. An epoch is one pass over all rows. Adam is an optimizer that adapts the size of the step to each weight.
//
// In the debugger: set a breakpoint on graph.Backward() and press F11. The loss comes first, then the second layer, tanh, and the first
// layer, whose gradient has passed through all of them. In Locals, a layer's dY is the dX that the layer after it has just computed.
// Then look at a late epoch (a breakpoint with the condition epoch == 300): σ(z) − t has become small, and so have all gradients.

var x = new Tensor(new float[,] { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } }, "x");    // all four cases form one batch
var t = new Tensor(new float[,] { { 0 }, { 1 }, { 1 }, { 0 } }, "t");

var graph = new Sequential(seed: 1, new Linear(2, 4), new Tanh(), new Linear(4, 1));
graph.AddLoss(new BinaryCrossEntropyWithLogits());               // the loss applies the sigmoid: its file says why
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

Tensor scores = graph.Predict(x);                                // scores (logits): above 0 means class 1
bool right = true;
for (int i = 0; i < 4; i++)
{
    Console.WriteLine($"{x[i, 0]} xor {x[i, 1]} = {t[i, 0]}: predicted probability {1 / (1 + MathF.Exp(-scores[i, 0])):F3}");
    right &= scores[i, 0] > 0 == t[i, 0] > 0.5f;
}

return right ? 0 : 1;
