using MiniNet.GradientChecking;

return ExerciseCheck.Report(GradientCheck.Check(new Squash(), ExerciseCheck.RandomTensor(4, 3)));
