// The critical point of the trade-off R(x, y). Where the gradient is 0, a small change of x or y gains nothing.
//
// By hand: 4 − 2x − y = 0 and 3 − x − 2y = 0 give x = 5/3, y = 2/3, and R = 13/3 = 4.3333. The second derivatives are
//     ∂²R/∂x² = −2,  ∂²R/∂y² = −2,  ∂²R/∂x∂y = −1
// They form a matrix, the Hessian. Its eigenvalues are the curvatures (second derivatives) along certain directions at right angles, here
// −3 along (1, 1) and −1 along (1, −1), and the curvature in every other direction lies between them. All are negative: R curves down in
// every direction, so the point is a maximum.
//
// With a constraint such as the budget x + y = 1, this point is out of reach. The best point on the line is where moving along the line
// gains nothing. There ∇R has no component along the line, so it is a multiple of the gradient (1, 1) of x + y: ∇R = λ (1, 1).
// By hand: x = 1, y = 0, R = 3 and λ = 2. The Lagrange multiplier λ is the gain in R for each additional unit of budget.
//
// Put a breakpoint on the line after CriticalPoints.Find and expand free in Locals: it has the point and the eigenvalues of its Hessian.
using MiniNet.Calculus;
using MiniNet.Figures;

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
Console.WriteLine($"with x + y = 1.1 R grows by {richer.Value - bound.Value:F3}, close to 0.1 times lambda = {0.1 * bound.Multiplier:F3}");

File.WriteAllText("trade-off.svg", ContourPlot.Draw(reach.Sample((-2, 4), (-2, 4), points: 41), new SurfaceOptions
{
    Title = "R(x, y), its maximum, and the best with x + y = 1",
    Points = [PlottedPoint.Of(free[0]), new PlottedPoint(bound.Point[0], bound.Point[1], PlottedPointKind.Other, "best with x + y = 1")],
    Paths = [new PlottedPath("x + y = 1", [new PlottedStep(-2, 3), new PlottedStep(3, -2)])],
}));
Console.WriteLine($"Drawn: {Path.GetFullPath("trade-off.svg")}");
Console.WriteLine("Question: what if x and y depend on another variable, such as the hours spent? (See the next lesson.)");
return free is [{ Kind: CriticalPointKind.Maximum }] && Math.Abs(bound.Multiplier - 2) < 1e-3 ? 0 : 1;
