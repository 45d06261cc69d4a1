// A partial derivative says how fast a function changes when one of its variables changes and the others stay fixed.
//
// The example, here and in the next lessons: an essay with breadth x and depth y reaches
//     R(x, y) = 4x + 3y − x² − xy − y²
// readers. Both help at first (4x, 3y), too much of either tires the reader (−x², −y²), and one takes space from the other (−xy). By hand,
// with y as a constant in ∂R/∂x and x as a constant in ∂R/∂y:
//     ∂R/∂x = 4 − 2x − y        ∂R/∂y = 3 − x − 2y
// At (1, 0.5) these are 1.5 and 1. A little more breadth gains one and a half times as much as a little more depth.
//
// The formula below builds a graph of nodes, as in a network, and the same backpropagation computes ∂R/∂x. Put a breakpoint on
// f.PartialDerivative and press F11: you enter the Forward of every operator, and then every Backward, from the last subtraction to the
// inputs.
using MiniNet.Calculus;
using MiniNet.Figures;

var graph = new Graph();
Node x = graph.Variable("x"), y = graph.Variable("y");
var f = new Function((4 * x) + (3 * y) - (x * x) - (x * y) - (y * y));

double dx = f.PartialDerivative("x", 1, 0.5);
double dy = f.PartialDerivative("y", 1, 0.5);
Console.WriteLine($"R(1, 0.5) = {f.Value(1, 0.5)}     by hand: 4 + 1.5 - 1 - 0.5 - 0.25 = 3.75");
Console.WriteLine($"dR/dx = {dx}     dR/dy = {dy}");
Console.WriteLine($"R(1.01, 0.5) - R(1, 0.5) = {f.Value(1.01, 0.5) - f.Value(1, 0.5):F4}, close to 0.01 times dR/dx = {0.01 * dx:F4}");

// A slice of the surface along x at y = 0.5, and its tangent, whose slope is the partial derivative.
PlottedCurve slice = PlottedCurve.Sample("y = 0.5", at => f.Value(at, 0.5), -1, 4);
File.WriteAllText("slice.svg", SlicePlot.Draw([slice], "x", "R", "R along x, where y = 0.5", [new PlottedTangent(1, f.Value(1, 0.5), dx)]));
Console.WriteLine($"Drawn: {Path.GetFullPath("slice.svg")}");
Console.WriteLine("Question: what do the two partial derivatives mean together? (The next lesson draws them as an arrow.)");
return (dx, dy) == (1.5, 1) ? 0 : 1; // the values computed by hand
