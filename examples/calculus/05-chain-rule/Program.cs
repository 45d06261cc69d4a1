// The chain rule: R depends on x and y, and both depend on the hours t. Every path from t to R contributes, and the derivatives along a
// path are multiplied:
//     dR/dt = ∂R/∂x · dx/dt + ∂R/∂y · dy/dt
//
// With x = t and y = sin t, at t = 1: y = 0.8415, dx/dt = 1, dy/dt = cos 1 = 0.5403, and
//     ∂R/∂x = 4 − 2·1 − 0.8415 = 1.1585,  ∂R/∂y = 3 − 1 − 2·0.8415 = 0.3171,  dR/dt = 1.1585·1 + 0.3171·0.5403 = 1.3298
//
// Backpropagation is exactly this rule. The second part builds one graph with t as its input. The backward pass gives the same number,
// and Explain prints every factor. It calls the output of a graph L; here that is R.
//
// Put a breakpoint on graph.Backward() and press F11. Four nodes read t in five places (4t, both factors of t², t·depth, and depth
// itself), and their contributions add up to the gradient of t.
using MiniNet.Calculus;
using MiniNet.Explanations;

var outer = new Graph();
Node x = outer.Variable("x"), y = outer.Variable("y");
var f = new Function((4 * x) + (3 * y) - (x * x) - (x * y) - (y * y));
TotalDerivative total = f.TotalDerivative(t => [t, Math.Sin(t)], 1);
Console.WriteLine(total);

var graph = new Graph();
Node hours = graph.Variable("t"), depth = graph.Add("depth", new Sin(), hours);
Node r = (4 * hours) + (3 * depth) - (hours * hours) - (hours * depth) - (depth * depth);
graph.Forward(new Tensor(new float[,] { { 1 } }));
graph.Backward();
Console.WriteLine($"backpropagation through the graph: R = {r.Value[0, 0]:F4}, dR/dt = {hours.Gradient![0, 0]:F4}");
Console.WriteLine();
Console.WriteLine(graph.Explain(hours, 0, 0));
Console.WriteLine("Question: what if a function has several outputs, each depending on every input? (See the next lesson.)");
return Math.Abs(total.Value - hours.Gradient![0, 0]) < 1e-4 ? 0 : 1;
