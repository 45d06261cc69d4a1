// The chain rule: if R depends on x and y, and those on the hours t, then every way from t to R counts, and along a way rates multiply:
//     dR/dt = ∂R/∂x · dx/dt + ∂R/∂y · dy/dt
//
// With x = t and y = sin t, at t = 1: y = 0.8415, dx/dt = 1, dy/dt = cos 1 = 0.5403, and
//     ∂R/∂x = 4 − 2·1 − 0.8415 = 1.1585,  ∂R/∂y = 3 − 1 − 2·0.8415 = 0.3171,  dR/dt = 1.1585·1 + 0.3171·0.5403 = 1.3298
//
// Backpropagation is this rule and nothing else. Below, t is an input and the whole is one graph: backward brings the same number, and
// Explain writes down every factor. Put a breakpoint on graph.Backward() and press F11: four nodes read t in five places (4t, t² twice, t·depth
// and depth itself), and what each sends back adds up in t's gradient. Explain calls the end of a graph L: here it is R.
using MiniNet.Calculus;
using MiniNet.Explanations;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Tensors;

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
Console.WriteLine($"backpropagation through one graph, R = {r.Value[0, 0]:F4}: dR/dt = {hours.Gradient![0, 0]:F4}");
Console.WriteLine();
Console.WriteLine(graph.Explain(hours, 0, 0));
Console.WriteLine("Question: here one number came out. What if several do, each depending on each input? (See the next lesson.)");
return Math.Abs(total.Value - hours.Gradient![0, 0]) < 1e-4 ? 0 : 1;
