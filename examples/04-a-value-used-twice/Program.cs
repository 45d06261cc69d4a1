// A value used twice, or thrice: y = x·x + x. Each use sends its own share back, and the gradient is their sum. That is why every Backward
// says dX += and none says dX =, and why a node's turn comes only after all nodes that read it.
//
// By hand, with x = 3:   ∂y/∂x = x + x + 1 = 7, of which the multiplication sends 3 and 3, once for each of its sides, and the sum sends 1.
//
// Put a breakpoint on the line that writes "after", and press F5 again and again: each time one node has passed on its gradient. Open x in
// Locals: its Gradient is 1 after sum and 7 after square, and Consumers says which share comes from whom.
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Tensors;

var graph = new Graph();
Node x = graph.Input("x", new Shape(1, 1), needsGradient: true);
Node square = graph.Add("square", new Multiply(), x, x);
Node sum = graph.Add("sum", new Add(), square, x);

graph.Forward(new Tensor(new float[,] { { 3 } }, "x"));
Console.WriteLine($"y = {sum.Value[0, 0]}");                     // no loss: the way back starts from the last node, with dL/dy = 1

foreach (Node node in graph.BackwardSteps())                     // graph.Backward(), a node at a time
{
    Console.WriteLine($"after {node.Name}: dL/dx = {x.Gradient![0, 0]}");
}

return (sum.Value[0, 0], x.Gradient![0, 0]) == (12, 7) ? 0 : 1;
