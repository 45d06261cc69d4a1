using MiniNet.Calculus;

return Judge.Of(GradientCheck.Check(new Drop(), Judge.Numbers(8, 6)));
