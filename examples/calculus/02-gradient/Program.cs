// The gradient: all partial derivatives together, as one arrow. ∇R = (∂R/∂x, ∂R/∂y).
//
// On a map, level curves join places of the same height. To walk along one gains nothing, so whatever part of the gradient pointed along
// it would have to be 0: the gradient stands at right angles to the level curve, and points to where R grows.
//
// By hand at (1, 0.5): ∇R = (1.5, 1). Along the level curve one walks at right angles to it, in direction (−1, 1.5):
//     ∇R · (−1, 1.5) = 1.5·(−1) + 1·1.5 = 0
//
// Put a breakpoint on f.Gradient and press F11: both partial derivatives come out of one way back through the graph, however many variables
// there are. Then the map is drawn, with an arrow at each place.
using MiniNet.Calculus;
using MiniNet.Figures;
using MiniNet.Graphs;
using MiniNet.Layers;

var graph = new Graph();
Node x = graph.Variable("x"), y = graph.Variable("y");
var f = new Function((4 * x) + (3 * y) - (x * x) - (x * y) - (y * y));

double[] gradient = f.Gradient(1, 0.5);
double along = f.DirectionalDerivative([1, 0.5], [-gradient[1], gradient[0]]);
Console.WriteLine($"gradient at (1, 0.5): ({gradient[0]}, {gradient[1]})");
Console.WriteLine($"change along the level curve: {along:F4}");

SurfaceGrid grid = f.Sample((-2, 4), (-2, 4), points: 41);
File.WriteAllText("contour.svg", ContourPlot.Draw(grid, new SurfaceOptions { Title = "R(x, y) with its gradient", Arrows = PlottedArrow.Of(grid, most: 10) }));
Console.WriteLine($"Drawn: {Path.GetFullPath("contour.svg")}");
Console.WriteLine("Question: the arrow points to where R grows. Is there a direction in which it grows even faster? (See the next lesson.)");
return Math.Abs(along) < 1e-6 ? 0 : 1;
