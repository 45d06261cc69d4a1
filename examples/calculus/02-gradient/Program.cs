// The gradient is the vector of all partial derivatives, ∇R = (∂R/∂x, ∂R/∂y). It can be drawn as an arrow.
//
// On a contour map, a level curve joins points of equal height. R does not change along it, so the gradient has no component along it.
// Therefore the gradient is perpendicular to the level curve, and it points to where R increases.
//
// By hand at (1, 0.5): ∇R = (1.5, 1). The level curve is perpendicular to it, in direction (−1, 1.5):
//     ∇R · (−1, 1.5) = 1.5·(−1) + 1·1.5 = 0
//
// Put a breakpoint on f.Gradient and press F11: one backward pass through the graph computes both partial derivatives, and it would
// compute any number of them. The program then draws the contour map with gradient arrows.
using MiniNet.Calculus;
using MiniNet.Figures;

var graph = new Graph();
Node x = graph.Variable("x"), y = graph.Variable("y");
var f = new Function((4 * x) + (3 * y) - (x * x) - (x * y) - (y * y));

double[] gradient = f.Gradient(1, 0.5);
double along = f.DirectionalDerivative([1, 0.5], [-gradient[1], gradient[0]]);
Console.WriteLine($"gradient at (1, 0.5): ({gradient[0]}, {gradient[1]})");
Console.WriteLine($"change along the level curve: {along:F4}");

SurfaceGrid grid = f.Sample((-2, 4), (-2, 4), points: 41);
File.WriteAllText("contour.svg", ContourPlot.Draw(grid, new SurfaceOptions
{
    Title = "R(x, y) with its gradient",
    Arrows = PlottedArrow.Of(grid, maxArrows: 10),
}));
Console.WriteLine($"Drawn: {Path.GetFullPath("contour.svg")}");
Console.WriteLine("Question: R grows along the gradient. Does it grow faster in any other direction? (See the next lesson.)");
return Math.Abs(along) < 1e-6 ? 0 : 1;
