using MiniNet.GradientChecking;

// Checks the derivative, and that the loss is still the mean of the squared errors.
Tensor p = ExerciseCheck.RandomTensor(4, 3), t = ExerciseCheck.RandomTensor(4, 3, seed: 2);
var graph = new Graph();
graph.AddLoss(new SquaredError(), graph.Input("p", Shape.Batch(3)));
graph.Forward(p);
float loss = graph.Loss(t), mean = 0;
for (int i = 0; i < p.Span.Length; i++)
{
    mean += MathF.Pow(p.Span[i] - t.Span[i], 2) / p.Span.Length;
}

GradientReport report = GradientCheck.Check(new SquaredError(), p, t);
string forward = FormattableString.Invariant($"L = {loss}, mean of (p − t)² = {mean}");
return ExerciseCheck.Report(report.Passed && MathF.Abs(loss - mean) < 1e-5f, $"{report}\n{forward}");
