using System.Diagnostics;

namespace MiniNet.Kernels;

// What one step of each rule needs besides the tensors. A β or α is a double: 1 − β may be small, and a float's rounding of β would show in it.

/// <summary>η, μ, whether Nesterov's, and λ.</summary>
[DebuggerStepThrough]
internal readonly record struct MomentumFactors(float LearningRate, float Momentum, bool Nesterov, float WeightDecay);

/// <summary>η, β₁, β₂, ε, c₁ = 1 − β₁ᵗ, c₂ = 1 − β₂ᵗ and λ.</summary>
[DebuggerStepThrough]
internal readonly record struct AdamFactors(
    float LearningRate, double Beta1, double Beta2, float Epsilon, float Correction1, float Correction2, float WeightDecay);

/// <summary>a, b, β₁, β₂, ε, c₂ = 1 − β₂ᵗ and λ: a and b say how far the step follows the gradient and how far its mean.</summary>
[DebuggerStepThrough]
internal readonly record struct NAdamFactors(
    float GradientRate, float MeanRate, double Beta1, double Beta2, float Epsilon, float Correction2, float WeightDecay);

/// <summary>η, α, ε, λ, μ and whether the mean of the gradients is taken out.</summary>
[DebuggerStepThrough]
internal readonly record struct RMSPropFactors(
    float LearningRate, double Alpha, float Epsilon, float WeightDecay, float Momentum, bool Centered);

/// <summary>η₋, η₊ and the least and greatest step.</summary>
[DebuggerStepThrough]
internal readonly record struct RPropFactors(float EtaMinus, float EtaPlus, float MinStep, float MaxStep);
