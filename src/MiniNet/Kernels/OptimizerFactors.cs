using System.Diagnostics;

namespace MiniNet.Kernels;

// The scalars of one optimizer step. β and α are doubles: 1 − β may be small, and rounding β to a float would be visible in it.

/// <summary>η, μ, whether to use Nesterov momentum, and λ.</summary>
[DebuggerStepThrough]
internal readonly record struct MomentumFactors(float LearningRate, float Momentum, bool Nesterov, float WeightDecay);

/// <summary>η, β₁, β₂, ε, c₁ = 1 − β₁ᵗ, c₂ = 1 − β₂ᵗ and λ.</summary>
[DebuggerStepThrough]
internal readonly record struct AdamFactors(
    float LearningRate, double Beta1, double Beta2, float Epsilon, float Correction1, float Correction2, float WeightDecay);

/// <summary>
/// a, b, β₁, β₂, ε, c₂ = 1 − β₂ᵗ and λ. a is the learning rate of the gradient, b that of its mean.
/// </summary>
[DebuggerStepThrough]
internal readonly record struct NAdamFactors(
    float GradientRate, float MeanRate, double Beta1, double Beta2, float Epsilon, float Correction2, float WeightDecay);

/// <summary>η, α, ε, λ, μ and whether to subtract the mean of the gradients (centered RMSProp).</summary>
[DebuggerStepThrough]
internal readonly record struct RMSPropFactors(
    float LearningRate, double Alpha, float Epsilon, float WeightDecay, float Momentum, bool Centered);

/// <summary>η₋, η₊, the minimum and the maximum step.</summary>
[DebuggerStepThrough]
internal readonly record struct RPropFactors(float EtaMinus, float EtaPlus, float MinStep, float MaxStep);
