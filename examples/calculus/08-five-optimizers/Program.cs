// Descent with five optimizers, on Rosenbrock's valley: z = (1 − x)² + 100 (y − x²)². The valley is bent like a banana, with steep sides and
// an almost level floor; its lowest point is (1, 1), where z = 0.
//
// SGD's step is the gradient times η. Across the valley the gradient is steep (at the minimum the Hessian's largest eigenvalue is 1001.6: near there
// steps grow instead of shrinking from η = 2/1001.6 = 0.002 on), and along the floor, where it is flat (0.4), small steps hardly move. Momentum gathers
// speed along the floor, up to ten times the step, and swings up the sides at first. RMSProp, Adam and NAdam divide by the gradient's recent
// size, so that both directions get a fair step. Try other rates (Adam with 0.2, RMSProp with 0.1): none is the best everywhere.
using MiniNet.Calculus;
using MiniNet.Figures;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Optimizers;
using MiniNet.Pages;
using MiniNet.Stepping;
using MiniNet.Tensors;

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

var options = new SurfaceOptions { Title = "Five optimizers in Rosenbrock's valley, 500 steps", Paths = paths, Points = [new PlottedPoint(1, 1, PlottedPointKind.Minimum)] };
File.WriteAllText("optimizers.svg", ContourPlot.Draw(f.Sample((-2, 2), (-1, 3), points: 61), options));
File.WriteAllText("optimizers.html", SurfacePage.Draw(f.Sample((-2, 2), (-1, 3), points: 61), options));
Console.WriteLine($"Drawn: {Path.GetFullPath("optimizers.svg")}, and optimizers.html to turn and to walk step by step");
Console.WriteLine("Question: what does such a landscape look like for a real network, whose loss has hundreds of variables? (See the next lesson.)");
return Math.Abs(sharpness.Eigenvalue - 1001.6) < 1 && paths.All(path => path.Steps[^1].Value < 24.2) ? 0 : 1;
