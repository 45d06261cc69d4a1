// A value that is used more than once: y = x·x + x. Every use contributes to the gradient, and the gradient is the sum of the
// contributions. This is why every Backward method says dX += instead of dX =, and why a node is processed only after all nodes that read
// its value.
//
// By hand, with x = 3:   ∂y/∂x = x + x + 1 = 7. The multiplication contributes 3 + 3, once for each factor, and the sum contributes 1.
//
// In the debugger: set a breakpoint on the line that writes "after", and press F5 repeatedly. At each stop, one more node has passed its
// gradient to its inputs. Expand x in Locals: its Gradient is 1 after sum and 7 after square, and Consumers shows each contribution.
using MiniNet.Stepping;

var graph = new Graph();
Node x = graph.Input("x", new Shape(1, 1), needsGradient: true);
Node square = graph.Add("square", new Multiply(), x, x);
Node sum = graph.Add("sum", new Add(), square, x);

// The stepper does what Forward and Backward do, one node at a time. Without a loss, backward starts at the last node with dL/dy = 1.
foreach (Step step in new BackpropStepper(graph, new Tensor(new float[,] { { 3 } }, "x")))
{
    if (step.Kind == StepKind.Backward)
    {
        Console.WriteLine($"after {step.Name}: dL/dx = {x.Gradient![0, 0]}");
    }
}

Console.WriteLine($"y = {sum.Value[0, 0]}");

return (sum.Value[0, 0], x.Gradient![0, 0]) == (12, 7) ? 0 : 1;
