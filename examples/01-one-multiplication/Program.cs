// One multiplication and the chain rule. The model is y = w·x, and the loss L = (y − t)² measures how far y is from the target t.
// The gradient ∂L/∂w says how fast L changes when w changes and x stays fixed. In the code it is called dW; dY and dX are ∂L/∂y and ∂L/∂x.
//
// By hand, with w = 3, x = 2, t = 5:      y = 6       L = (6 − 5)² = 1
//     ∂L/∂y = 2(y − t) = 2
//     ∂L/∂w = ∂L/∂y · ∂y/∂w = 2 · x = 4   the chain rule: the incoming gradient times the local derivative
//     ∂L/∂x = ∂L/∂y · ∂y/∂x = 2 · w = 6
//
// The graph below has a node for each of w, x, y and L. Forward and Loss compute the values, from the first node to the last. Backward
// starts at the last with ∂L/∂L = 1 (dL in the code) and goes back: each node multiplies the gradient it has received by its local
// derivatives, and adds the results to the gradients of its inputs. This is backpropagation.
//
// In the debugger: set a breakpoint on graph.Backward() and press F11 until you are in Multiply.Backward. In Locals, a and b are w and x,
// and dY is ∂L/∂y. Each line adds dY times the other factor to dA or dB: dA += dY ⊙ b, where ⊙ multiplies element by element.
// Then select this file's frame in the Call Stack window and expand the node w. Consumers lists the nodes that read w (here only y), and
// what each adds to w's gradient.

var graph = new Graph();
Node w = graph.Input("w", new Shape(1, 1), needsGradient: true); // one row and one column: a single number
Node x = graph.Input("x", new Shape(1, 1), needsGradient: true);
Node y = graph.Add("y", new Multiply(), w, x);
graph.AddLoss(new MeanSquaredError());

graph.Forward([new Tensor(new float[,] { { 3 } }, "w"), new Tensor(new float[,] { { 2 } }, "x")]);
float loss = graph.Loss(new Tensor(new float[,] { { 5 } }, "t"));
graph.Backward();

float dY = y.Gradient![0, 0], dW = w.Gradient![0, 0], dX = x.Gradient![0, 0];
Console.WriteLine($"y = {y.Value[0, 0]}   L = {loss}");
Console.WriteLine($"dL/dy = {dY}   dL/dw = {dW}   dL/dx = {dX}");
return (loss, dY, dW, dX) == (1, 2, 4, 6) ? 0 : 1;               // the values computed by hand
