// One neuron: z = x·W + b, y = σ(z) = 1 / (1 + e⁻ᶻ), and one step of gradient descent on L = (y − t)². Each input has a weight in W, b is
// the bias, and the sigmoid σ maps any number to one between 0 and 1. L increases along its gradient, so gradient descent goes the other
// way: it subtracts from W and b their gradients times the learning rate, here 0.4.
//
// By hand, with x = (1, 2), W = (0.5, −0.25), b = 0, t = 1:
//     z = 0.5·1 − 0.25·2 + 0 = 0     y = σ(0) = 0.5     L = (0.5 − 1)² = 0.25
//     dY = 2(y − t) = −1             dZ = dY · y(1 − y) = −0.25
//     dW = xᵀ·dZ = (−0.25, −0.5)     db = dZ = −0.25              xᵀ is x with its rows as columns
//     W − 0.4·dW = (0.6, −0.05)      b − 0.4·db = 0.1              the new W and b
// With these, z = 0.6·1 − 0.05·2 + 0.1 = 0.6, y = 0.6457 and L = 0.1256: one step has halved the loss.
//
// The program prints the equations of each step and its result. In them, x is always the layer's own input and y its own output. So z
// above is the y of node "0", and dZ is the dX of node "1". The loss calls its prediction p, which is y above. In the update, w is W or b,
// g is its gradient, and η is the learning rate.
//
// In the debugger: set a breakpoint on the foreach line and press F11. You enter Linear.Forward, Sigmoid.Forward, the loss, the Backward
// methods in reverse order, and the update of W and b. Sigmoid.Backward is entered twice: the second call, with dY = 1, computes the local
// derivative ∂y/∂x = y(1 − y) = 0.25 for display.
// Or set the breakpoint on the first Console.WriteLine and press F5 repeatedly. From the backward step of the loss on, expand step in
// Locals: Incoming, LocalDerivative and Contributions show the numbers above.
using MiniNet.Stepping;

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
Console.WriteLine($"W = ({w0}, {w1})   b = {b}   L = {graph.Loss(t):F4}, before the step 0.2500");
return MathF.Abs(w0 - 0.6f) < 1e-6f && MathF.Abs(w1 + 0.05f) < 1e-6f && MathF.Abs(b - 0.1f) < 1e-6f ? 0 : 1;
