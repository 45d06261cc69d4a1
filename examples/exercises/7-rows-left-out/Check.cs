using MiniNet.GradientChecking;

return Judge.Of(GradientCheck.Check(new Shift(3), Judge.Numbers(4, 3)));
