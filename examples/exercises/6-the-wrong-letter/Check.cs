using MiniNet.GradientChecking;

return Judge.Of(GradientCheck.Check(new Squash(), Judge.Numbers(4, 3)));
