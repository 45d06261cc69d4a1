// The trade-off R(x, y) and its critical point: where the gradient is 0, nothing is gained by a small change of either.
//
// By hand: 4 − 2x − y = 0 and 3 − x − 2y = 0 give x = 5/3, y = 2/3, and R = 13/3 = 4.3333. The second derivatives are
//     ∂²R/∂x² = −2,  ∂²R/∂y² = −2,  ∂²R/∂x∂y = −1
// The eigenvalues of that Hessian are −1 and −3: R bends down in every direction, so the point is a maximum.
//
// With a budget, say x + y = 1, the best cannot be there. On the line the best is where going along it gains nothing more: where ∇R has no part
// along the line, and so is λ times the gradient of x + y, which is (1, 1). By hand: x = 1, y = 0, R = 3 and λ = 2. The multiplier λ says
// what one more unit of budget would bring. Put a breakpoint after CriticalPoints.Find and open free in Locals: the point with its evidence.
using MiniNet.Calculus;
using MiniNet.Figures;
using MiniNet.Graphs;
using MiniNet.Layers;

var graph = new Graph();
Node x = graph.Variable("x"), y = graph.Variable("y");
var reach = new Function((4 * x) + (3 * y) - (x * x) - (x * y) - (y * y));
var budget = new Function(x + y);
(double, double)[] box = [(-2, 4), (-2, 4)];

CriticalPoints free = CriticalPoints.Find(reach, box);
Console.WriteLine(free);
ConstrainedPoint bound = LagrangeMultiplier.Find(reach, budget, 1, box).Single();
Console.WriteLine($"with x + y = 1: {bound}");
ConstrainedPoint richer = LagrangeMultiplier.Find(reach, budget, 1.1, box).Single();
Console.WriteLine($"with x + y = 1.1 R grows by {richer.Value - bound.Value:F3}, about 0.1 times lambda = {0.1 * bound.Multiplier:F3}");

File.WriteAllText("trade-off.svg", ContourPlot.Draw(reach.Sample((-2, 4), (-2, 4), points: 41), new SurfaceOptions
{
    Title = "R(x, y), its maximum, and the best with x + y = 1",
    Points = [PlottedPoint.Of(free[0]), new PlottedPoint(bound.Point[0], bound.Point[1], PlottedPointKind.Other, "best with x + y = 1")],
    Paths = [new PlottedPath("x + y = 1", [new PlottedStep(-2, 3), new PlottedStep(3, -2)])],
}));
Console.WriteLine($"Drawn: {Path.GetFullPath("trade-off.svg")}");
Console.WriteLine("Question: R depends on x and y. What if those depend on something else, the hours spent? (See the next lesson.)");
return free is [{ Kind: CriticalPointKind.Maximum }] && Math.Abs(bound.Multiplier - 2) < 1e-3 ? 0 : 1;
