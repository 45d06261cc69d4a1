// Five optimizers on the Rosenbrock function, z = (1 − x)² + 100 (y − x²)². Its valley is curved, with steep sides and an almost flat
// floor. The minimum is z = 0 at (1, 1).
//
// SGD moves by the gradient times the learning rate η. Across the valley the curvature is high: at the minimum, the largest eigenvalue of
// the Hessian is 1001.6, so from η = 2/1001.6 = 0.002 on, steps near the minimum grow instead of shrinking. Along the floor the curvature
// is low (0.4), so with such small steps SGD hardly moves. Momentum builds up speed along the floor, up to ten times the step, but
// overshoots up the sides at first. RMSProp, Adam and NAdam divide by the recent size of the gradient, so both directions get a similar
// step. Try other learning rates (Adam with 0.2, RMSProp with 0.1): no optimizer is the best everywhere.
//
// The equations of each optimizer are at the top of its file. Put a breakpoint in Update of Adam.cs: w is the point (x, y), and g is ∇z.
using MiniNet.Calculus;
using MiniNet.Figures;
using MiniNet.Pages;

var graph = new Graph();
Node x = graph.Variable("x"), y = graph.Variable("y");
var f = new Function((1 - x).Pow(2) + (100 * (y - (x * x)).Pow(2)));
Sharpness sharpness = Sharpness.Of(f, [1, 1]);
Console.WriteLine($"at (1, 1): {sharpness}");

(string Name, Func<IReadOnlyList<Parameter>, Optimizer> Make)[] optimizers =
[
    ("SGD 0.001", p => new SGD(p, 0.001f)),
    ("momentum 0.001", p => new SGD(p, 0.001f, momentum: 0.9f)),
    ("RMSProp 0.01", p => new RMSProp(p, 0.01f)),
    ("Adam 0.05", p => new Adam(p, 0.05f)),
    ("NAdam 0.05", p => new NAdam(p, 0.05f)),
];
PlottedPath[] paths = [.. optimizers.Select(optimizer =>
{
    DescentPath path = Descent.Trace(f, optimizer.Make, [-1.2, 1], steps: 500);
    Console.WriteLine($"{optimizer.Name,-15} {path}");
    return PlottedPath.Of(optimizer.Name, path);
})];

var options = new SurfaceOptions
{
    Title = "Five optimizers in Rosenbrock's valley, 500 steps",
    Paths = paths,
    Points = [new PlottedPoint(1, 1, PlottedPointKind.Minimum)],
};
File.WriteAllText("optimizers.svg", ContourPlot.Draw(f.Sample((-2, 2), (-1, 3), points: 61), options));
File.WriteAllText("optimizers.html", SurfacePage.Draw(f.Sample((-2, 2), (-1, 3), points: 61), options));
Console.WriteLine($"Drawn: {Path.GetFullPath("optimizers.svg")}, and optimizers.html, which you can rotate and play step by step");
Console.WriteLine("Question: what does the loss of a real network with hundreds of variables look like? (See the next lesson.)");
return Math.Abs(sharpness.Eigenvalue - 1001.6) < 1 && paths.All(path => path.Steps[^1].Value < 24.2) ? 0 : 1;
