using MiniNet.Calculus;

return Judge.Of(GradientCheck.Check(new Squash(), Judge.Numbers(4, 3)));
