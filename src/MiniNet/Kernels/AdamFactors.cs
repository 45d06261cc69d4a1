using System.Diagnostics;

namespace MiniNet.Kernels;

/// <summary>What one step of Adam needs besides the tensors: η, β₁, β₂, ε, c₁ = 1 − β₁ᵗ and c₂ = 1 − β₂ᵗ.</summary>
[DebuggerStepThrough]
internal readonly record struct AdamFactors(
    float LearningRate, float Beta1, float Beta2, float Epsilon, float Correction1, float Correction2);
