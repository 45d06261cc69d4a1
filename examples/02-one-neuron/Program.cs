// One neuron: z = x·W + b, y = σ(z) = 1 / (1 + e⁻ᶻ), and one step down the slope of L = (y − t)².
//
// By hand, with x = (1, 2), W = (0.5, −0.25), b = 0, t = 1:
//     z = 0.5·1 − 0.25·2 + 0 = 0     y = σ(0) = 0.5     L = (0.5 − 1)² = 0.25
//     dY = 2(y − t) = −1             dZ = dY · y(1 − y) = −0.25
//     dW = xᵀ·dZ = (−0.25, −0.5)     db = dZ = −0.25
//     W −= 0.4·dW = (0.6, −0.05)     b −= 0.4·db = 0.1
//
// In the output, each step has its rule, then what it made. A layer calls what comes in x and what goes out y: y of the node "0" is z, and what
// the node "1" sends back, its dX, is dZ. The loss calls its prediction p: that is y. In the update, w is W or b, g its gradient and η the learning
// rate 0.4.
//
// Put a breakpoint on the foreach line and press F11: a step at a time you come to Linear.Forward, Sigmoid.Forward, the loss, and back again.
// (At the sigmoid its Backward comes by twice: the second time with 1 for dY, to find out the local derivative ∂y/∂x = y(1 − y) = 0.25.)
// Or put it on the first Console.WriteLine and go on by F5: from the loss's second visit on, step in Locals has in Incoming, LocalDerivative and
// Contributions the numbers above.
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Optimizers;
using MiniNet.Stepping;
using MiniNet.Tensors;

var neuron = new Linear(2, 1);
var graph = new Sequential(seed: 1, neuron, new Sigmoid());
graph.AddLoss(new MeanSquaredError());
neuron.Weight.Value.CopyFrom(new Tensor(new float[,] { { 0.5f }, { -0.25f } }));
neuron.Bias!.Value.Clear();

var x = new Tensor(new float[,] { { 1, 2 } }, "x");
Targets t = new Tensor(new float[,] { { 1 } }, "t");
var optimizer = new SGD(graph.Parameters, learningRate: 0.4f);
var stepper = new BackpropStepper(graph, x, t, optimizer);
foreach (Step step in stepper)
{
    Console.WriteLine(step);
    Tensor[] made = step.Kind == StepKind.Backward ? [.. step.Contributions.Select(part => part.Added)] : step.Output is { } y ? [y] : [];
    foreach (Tensor tensor in made)
    {
        Console.WriteLine($"    {tensor.Name} = ({string.Join(", ", tensor.Span.ToArray())})");
    }
}

float w0 = neuron.Weight.Value[0, 0], w1 = neuron.Weight.Value[1, 0], b = neuron.Bias.Value[0, 0];
graph.Forward(x);
Console.WriteLine($"W = ({w0}, {w1})   b = {b}   L is now {graph.Loss(t):F4}, and was 0.2500");
return MathF.Abs(w0 - 0.6f) < 1e-6f && MathF.Abs(w1 + 0.05f) < 1e-6f && MathF.Abs(b - 0.1f) < 1e-6f ? 0 : 1;
