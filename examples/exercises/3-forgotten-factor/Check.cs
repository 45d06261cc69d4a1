using MiniNet.Calculus;

return Judge.Of(GradientCheck.Check(new SquaredError(), Judge.Numbers(4, 3), Judge.Numbers(4, 3, seed: 2)));
