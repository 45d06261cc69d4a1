// A saddle point: the gradient is 0, but the point is neither a minimum nor a maximum. The surface goes up in one direction and down in
// another.
//
//     z = x² − y²        ∇z = (2x, −2y) = 0 at (0, 0)        Hessian | 2   0 |
//                                                                    | 0  −2 |
// The eigenvalues 2 and −2 are the curvatures along x and along y. They have different signs, so the point is a saddle. Networks with many
// weights have far more saddle points than minima, because a minimum needs all eigenvalues to be positive. Descent slows down near a
// saddle because the gradient is small there: put a breakpoint after Descent.Trace and look at path.Steps in Locals.
//
// The program also prints the tangent plane, the linear function with the value and the gradient of z at one point, and the second-order
// Taylor polynomial, which has the second derivatives of z too. Because z is of degree 2 here, that polynomial is z itself.
using MiniNet.Calculus;
using MiniNet.Figures;
using MiniNet.Pages;

var graph = new Graph();
Node x = graph.Variable("x"), y = graph.Variable("y");
var f = new Function((x * x) - (y * y));

CriticalPoints points = CriticalPoints.Find(f, [(-2, 2), (-2, 2)]);
Console.WriteLine(points);
Console.WriteLine($"tangent plane at (-0.8, -1):               {TangentPlane.At(f, -0.8, -1)}");
Console.WriteLine($"second-order Taylor polynomial there:      {SecondOrderTaylor.At(f, -0.8, -1)}");

// Descent from a point with y = 0.000001: it runs to the saddle, stays there for many steps, and then moves away along y.
DescentPath path = Descent.Trace(f, p => new SGD(p, learningRate: 0.05f), [1.5, 1e-6], steps: 150);
foreach (int step in new[] { 0, 25, 50, 100, 125, 150 })
{
    DescentStep at = path.Steps[step];
    Console.WriteLine($"step {step,3}: ({at.Point[0],8:F5}, {at.Point[1],8:F5})   z = {at.Value,8:F5}   |gradient| = {at.GradientNorm:F5}");
}

var options = new SurfaceOptions
{
    Title = "z = x² − y²",
    Points = [.. points.Select(PlottedPoint.Of)],
    Paths = [PlottedPath.Of("SGD 0.05", path)],
    Tangent = TangentPlane.At(f, -0.8, -1),
};
File.WriteAllText("saddle.svg", SurfacePlot.Draw(f.Sample((-2, 2), (-2, 2), points: 25), options));
File.WriteAllText("saddle.html", SurfacePage.Draw(f.Sample((-2, 2), (-2, 2), points: 41), options));
Console.WriteLine($"Drawn: {Path.GetFullPath("saddle.svg")}, and saddle.html, which you can rotate");
Console.WriteLine("Question: SGD spent a hundred steps at the saddle. Which optimizer is best in a narrow valley? (See the next lesson.)");
return points is [{ Kind: CriticalPointKind.Saddle }] && path.End.Value < -0.5 ? 0 : 1;
