using MiniNet.GradientChecking;

// The value h is used twice: h + h².
var graph = new Graph(seed: 1);
Node x = graph.Input("x", Shape.Batch(3));
Node h = graph.Add("h", new Linear(3, 2), x);
graph.Add("sum", new Add(), h, graph.Add("square", new Square(), h));
graph.AddLoss(new MeanSquaredError());
return ExerciseCheck.Report(GradientCheck.Check(graph, ExerciseCheck.RandomTensor(4, 3), ExerciseCheck.RandomTensor(4, 2, seed: 2)));
