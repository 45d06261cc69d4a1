// A saddle: the gradient is 0, and yet the point is neither a minimum nor a maximum. Up in one direction, down in another.
//
//     z = x² − y²        ∇z = (2x, −2y) = 0 at (0, 0)        Hessian | 2   0 |
//                                                                    | 0  −2 |
// The eigenvalues 2 and −2 are the bends along x and along y: of both signs, so a saddle. Networks of many weights have far more saddles
// than minima, for all eigenvalues would have to be above 0 for a minimum. Descent slows down near one, for the gradient is short there: put a breakpoint after Descent.Trace
// and look at path.Steps in Locals.
using MiniNet.Calculus;
using MiniNet.Figures;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Optimizers;
using MiniNet.Pages;
using MiniNet.Stepping;

var graph = new Graph();
Node x = graph.Variable("x"), y = graph.Variable("y");
var f = new Function((x * x) - (y * y));

CriticalPoints points = CriticalPoints.Find(f, [(-2, 2), (-2, 2)]);
Console.WriteLine(points);
Console.WriteLine($"the plane that touches at (-0.8, -1):    {TangentPlane.At(f, -0.8, -1)}");
Console.WriteLine($"Taylor's polynomial of second order:      {Taylor2.At(f, -0.8, -1)}");

// Descent from a place a millionth beside the ridge: it runs to the saddle, stays for long, and then falls off.
DescentPath path = Descent.Trace(f, p => new SGD(p, learningRate: 0.05f), [1.5, 1e-6], steps: 150);
foreach (int step in new[] { 0, 25, 50, 100, 125, 150 })
{
    DescentStep at = path.Steps[step];
    Console.WriteLine($"step {step,3}: ({at.Point[0],8:F5}, {at.Point[1],8:F5})   z = {at.Value,8:F5}   |gradient| = {at.GradientNorm:F5}");
}

var options = new SurfaceOptions { Title = "z = x² − y²", Points = [.. points.Select(PlottedPoint.Of)], Paths = [PlottedPath.Of("SGD 0.05", path)], Tangent = TangentPlane.At(f, -0.8, -1) };
File.WriteAllText("saddle.svg", SurfacePlot.Draw(f.Sample((-2, 2), (-2, 2), points: 25), options));
File.WriteAllText("saddle.html", SurfacePage.Draw(f.Sample((-2, 2), (-2, 2), points: 41), options));
Console.WriteLine($"Drawn: {Path.GetFullPath("saddle.svg")}, and saddle.html to turn");
Console.WriteLine("Question: SGD lost a hundred steps at the saddle. Do other optimizers do better in a narrow valley? (See the next lesson.)");
return points is [{ Kind: CriticalPointKind.Saddle }] && path.End.Value < -0.5 ? 0 : 1;
