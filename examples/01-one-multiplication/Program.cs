// One multiplication and the chain rule: y = w·x, and L = (y − t)² says how far y is from what it should be. ∂L/∂w, the derivative of L by w,
// is how much L grows for each unit that w grows; in code it is called dW, and likewise dY and dX.
//
// By hand, with w = 3, x = 2, t = 5:      y = 6       L = (6 − 5)² = 1
//     ∂L/∂y = 2(y − t) = 2
//     ∂L/∂w = ∂L/∂y · ∂y/∂w = 2 · x = 4   the chain rule: what came in from above, times the derivative of this one step
//     ∂L/∂x = ∂L/∂y · ∂y/∂x = 2 · w = 6
//
// Put a breakpoint on graph.Backward() and press F11 until you are in Multiply.Backward. In Locals, a and b are w and x, dY is ∂L/∂y, and
// each line adds dY times the other factor to dA and dB: dA += dY ⊙ b, where ⊙ is a product number by number. Then choose this
// file's frame in the Call Stack and open the node w: under Consumers stand the nodes that read it, here y alone, and what each sends back to it.
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Tensors;

var graph = new Graph();
Node w = graph.Input("w", new Shape(1, 1), needsGradient: true); // one row, one column: one number
Node x = graph.Input("x", new Shape(1, 1), needsGradient: true);
Node y = graph.Add("y", new Multiply(), w, x);
graph.AddLoss(new MeanSquaredError());

graph.Forward([new Tensor(new float[,] { { 3 } }, "w"), new Tensor(new float[,] { { 2 } }, "x")]);
float loss = graph.Loss(new Tensor(new float[,] { { 5 } }, "t"));
graph.Backward();

float dY = y.Gradient![0, 0], dW = w.Gradient![0, 0], dX = x.Gradient![0, 0];
Console.WriteLine($"y = {y.Value[0, 0]}   L = {loss}");
Console.WriteLine($"dL/dy = {dY}   dL/dw = {dW}   dL/dx = {dX}");
return (loss, dY, dW, dX) == (1, 2, 4, 6) ? 0 : 1;               // as by hand
