// A partial derivative: how fast a value changes as one of the things it depends on grows, while the others stay.
//
// The trade-off of the article: an essay of breadth x and depth y reaches
//     R(x, y) = 4x + 3y − x² − xy − y²
// readers. Both help at first (4x, 3y), too much of either tires (x², y²), and one takes room from the other (xy). By hand:
//     ∂R/∂x = 4 − 2x − y        ∂R/∂y = 3 − x − 2y
// At (1, 0.5) those are 1.5 and 1. So a little more breadth gains one and a half times as much as a little more depth.
//
// The formula below is a graph of nodes like those of a network, and ∂R/∂x comes from the same backpropagation. Put a breakpoint on
// f.PartialDerivative and press F11: each operator's Forward comes by, and then each one's Backward, from the last minus sign to the inputs.
using MiniNet.Calculus;
using MiniNet.Figures;
using MiniNet.Graphs;
using MiniNet.Layers;

var graph = new Graph();
Node x = graph.Variable("x"), y = graph.Variable("y");
var f = new Function((4 * x) + (3 * y) - (x * x) - (x * y) - (y * y));

double dx = f.PartialDerivative("x", 1, 0.5);
double dy = f.PartialDerivative("y", 1, 0.5);
Console.WriteLine($"R(1, 0.5) = {f.Value(1, 0.5)}     by the formula: 4 + 1.5 - 1 - 0.5 - 0.25 = 3.75");
Console.WriteLine($"dR/dx = {dx}     dR/dy = {dy}");
Console.WriteLine($"R(1.01, 0.5) - R(1, 0.5) = {f.Value(1.01, 0.5) - f.Value(1, 0.5):F4}, about 0.01 times dR/dx = {0.01 * dx:F4}");

// The slice of the surface along x, with y held at 0.5, and the line that touches it: its slope is the partial derivative.
PlottedCurve slice = PlottedCurve.Sample("y = 0.5", at => f.Value(at, 0.5), -1, 4);
File.WriteAllText("slice.svg", SlicePlot.Draw([slice], "x", "R", "R along x, where y = 0.5", [new PlottedTangent(1, f.Value(1, 0.5), dx)]));
Console.WriteLine($"Drawn: {Path.GetFullPath("slice.svg")}");
Console.WriteLine("Question: two numbers, one for each variable. What do they say together? (The next lesson draws them as an arrow.)");
return (dx, dy) == (1.5, 1) ? 0 : 1; // as by hand
