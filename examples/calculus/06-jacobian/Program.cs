// The Jacobian: a function with several outputs has one gradient for each output. These gradients are the rows of a matrix, the Jacobian J.
// It shows how a small change of the inputs changes all outputs: Δout ≈ J · Δin.
//
// The example converts polar coordinates, a distance r and an angle θ, into a = r cos θ and b = r sin θ. By hand:
//     J = | cos θ   −r sin θ |      at r = 2, θ = π/6:   | 0.8660   −1.0000 |
//         | sin θ    r cos θ |                           | 0.5000    1.7321 |
// Its determinant is cos θ · r cos θ + r sin θ · sin θ = r = 2: a small square of inputs is mapped to a region of twice its area.
//
// A network layer is such a function. Its Backward never builds J; it multiplies the incoming gradient by it. Put a breakpoint on
// f.Jacobian: each row takes one backward pass, which starts with 1 for that output and 0 for the other.
using MiniNet.Calculus;
using MiniNet.Figures;

var graph = new Graph();
Node r = graph.Variable("r"), theta = graph.Variable("theta");
Node a = r * theta.Cos(), b = r * theta.Sin();
var f = new Function(a.Then(new Concat(), b)); // both outputs in one row

double[] at = [2, Math.PI / 6];
double[,] j = f.Jacobian(at);
double[] before = f.Evaluate(at), after = f.Evaluate(at[0] + 0.01, at[1] - 0.02);
Console.WriteLine($"a = {before[0]:F4}, b = {before[1]:F4}");
Console.WriteLine($"J = | {j[0, 0],8:F4}  {j[0, 1],8:F4} |");
Console.WriteLine($"    | {j[1, 0],8:F4}  {j[1, 1],8:F4} |");
double determinant = (j[0, 0] * j[1, 1]) - (j[0, 1] * j[1, 0]);
Console.WriteLine($"determinant = {determinant:F4}");

Console.WriteLine($"r + 0.01, theta - 0.02:  b changes by {after[1] - before[1]:F4}; J says {(j[1, 0] * 0.01) - (j[1, 1] * 0.02):F4}");
File.WriteAllText("jacobian.svg", HeatMap.Draw(j, ["a = r cos θ", "b = r sin θ"], ["r", "θ"], "Jacobian at r = 2, θ = π/6"));
Console.WriteLine($"Drawn: {Path.GetFullPath("jacobian.svg")}");
Console.WriteLine("Question: where the gradient is 0, is the point always a minimum or a maximum? (See the next lesson.)");
return Math.Abs(determinant - 2) < 1e-5 ? 0 : 1;
