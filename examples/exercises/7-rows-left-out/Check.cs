using MiniNet.GradientChecking;

return ExerciseCheck.Report(GradientCheck.Check(new Shift(3), ExerciseCheck.RandomTensor(4, 3)));
