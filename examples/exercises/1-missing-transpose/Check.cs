using MiniNet.GradientChecking;

return ExerciseCheck.Report(GradientCheck.Check(new Mixer(3), ExerciseCheck.RandomTensor(4, 3)));
