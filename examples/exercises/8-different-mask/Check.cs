using MiniNet.GradientChecking;

// Checks the derivative, and that some elements are still dropped and the others doubled.
Tensor x = ExerciseCheck.RandomTensor(8, 6);
var graph = new Graph();
graph.Add("drop", new Drop(), graph.Input("x", Shape.Batch(6)));
Tensor y = graph.Forward(x);
int dropped = 0, doubled = 0;
for (int i = 0; i < x.Span.Length; i++)
{
    dropped += y.Span[i] == 0 ? 1 : 0;
    doubled += y.Span[i] == 2 * x.Span[i] ? 1 : 0;
}

GradientReport report = GradientCheck.Check(new Drop(), x);
bool drops = dropped > 0 && doubled > 0 && dropped + doubled == x.Span.Length;
return ExerciseCheck.Report(report.Passed && drops, $"{report}\nOf {x.Span.Length} elements, {dropped} were dropped and {doubled} doubled");
