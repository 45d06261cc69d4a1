using MiniNet.GradientChecking;

return Judge.Of(GradientCheck.Check(new Mixer(3), Judge.Numbers(4, 3)));
