// The loss landscape of a network trained on iris: 4 inputs, 16 hidden units, 3 classes, 131 weights. Nobody can draw 131 dimensions. The
// figure shows a plane through the trained weights, along the two directions in which training moved most: the principal components of its
// path.
//
// The path has one point for each epoch of the loop below. The explained variance tells how much of the path the plane shows.
// Sharpness is the largest eigenvalue λ of the Hessian at the end. As in the valley of the last lesson, plain gradient descent over all
// rows would move away from here with a learning rate above 2/λ.
// Put a breakpoint on LossLandscape.Around and expand path in Locals: 41 points with 131 weights each.
using MiniNet.Calculus;
using MiniNet.Figures;
using MiniNet.Pages;

var data = CsvDataset.Load(Path.Combine(AppContext.BaseDirectory, "iris.csv"), target: "species");
Dataset rows = Preprocessing.Fit(data).Apply(data);
var graph = new Sequential(seed: 1, new Linear(4, 16), new Tanh(), new Linear(16, 3));
graph.AddLoss(new SoftmaxCrossEntropy());
var optimizer = new SGD(graph.Parameters, learningRate: 0.05f, momentum: 0.9f);
Function loss = Function.OfParameters(graph, rows.Inputs, rows.Targets);       // L(w), a function of all 131 weights

List<float[]> path = [[.. loss.Point.Select(w => (float)w)]];
for (int epoch = 1; epoch <= 40; epoch++)
{
    foreach (Batch batch in new DataLoader(rows, batchSize: 16, seed: (ulong)epoch))
    {
        graph.Forward(batch.Inputs);
        graph.Loss(batch.Targets);
        graph.ZeroGradients();
        graph.Backward();
        optimizer.Step();
    }

    path.Add([.. loss.Point.Select(w => (float)w)]);
}

LossLandscape landscape = LossLandscape.Around(loss, LandscapePlane.PrincipalComponents(path), path, points: 31);
Sharpness sharpness = Sharpness.Of(loss, loss.Point);
Console.WriteLine($"weights: {loss.Dimension}; variance of the path explained by the plane: "
    + $"{landscape.Plane.ExplainedVariance!.Value.A:P0} and {landscape.Plane.ExplainedVariance.Value.B:P0}");
Console.WriteLine($"loss: {landscape.Path[0].Loss:F4} at the start, {landscape.Path[^1].Loss:F4} at the end");
Console.WriteLine(sharpness);

var options = new SurfaceOptions
{
    Title = "Loss of a network on iris",
    Paths = [new PlottedPath("SGD, epoch by epoch", [.. landscape.Path.Select(step => new PlottedStep(step.A, step.B, step.Loss))])],
};
File.WriteAllText("landscape.svg", ContourPlot.Draw(landscape.Grid, options));
File.WriteAllText("landscape.html", SurfacePage.Draw(landscape.Grid, options));
Console.WriteLine($"Drawn: {Path.GetFullPath("landscape.svg")}, and landscape.html to rotate. For your own run: mininet landscape RUN");
return landscape.Path[^1].Loss < 0.1 && sharpness.Eigenvalue > 0 ? 0 : 1;
