using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Layers;

/// <summary>
/// Normalizes each channel to mean 0 and variance 1, then applies a learned scale and shift (batch normalization).
/// <code>
/// x, x̂ and y [n, C, ...]   γ, β, μ, v and s [C];   each Σ is over the N numbers of a channel in the batch
///
/// in training   μ = (1/N) Σ x,  v = (1/N) Σ (x − μ)²,  and with momentum m
///               running_mean = (1 − m)·running_mean + m·μ
///               running_var  = (1 − m)·running_var  + m·v·N/(N − 1)     the unbiased estimate
/// at inference  μ = running_mean,  v = running_var
/// s = 1/√(v + ε)
/// x̂ = (x − μ)·s
/// y = γ·x̂ + β
///
/// ∂L/∂γ:  dγ += Σ dY·x̂
/// ∂L/∂β:  dβ += Σ dY
/// ∂L/∂x̂:  dX̂ = γ·dY
/// at inference  dX += s·dX̂
/// in training   μ and v depend on every x too,  ∂x̂ₖ/∂xᵢ = s·(1[i = k] − 1/N − x̂ᵢ·x̂ₖ/N),  so
///               dX += s·(dX̂ − (1/N) Σ dX̂ − x̂·(1/N) Σ dX̂·x̂)
/// </code>
/// </summary>
/// <remarks>
/// Ioffe and Szegedy, "Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift", ICML 2015.
/// Initial values, as in PyTorch: γ = 1, β = 0, running_mean = 0, running_var = 1. As in PyTorch, the momentum is the weight of the new
/// value.
/// </remarks>
public abstract class BatchNorm : Layer
{
    private protected BatchNorm(int features, float epsilon, float momentum, bool affine)
    {
        Features = Require.AtLeast1(features);
        Epsilon = Require.Positive(epsilon);
        Momentum = Require.InUnitInterval(momentum);
        var shape = new Shape(features);
        RunningMean = new Tensor(shape, "running_mean");
        RunningVariance = new Tensor(shape, "running_var");
        RunningVariance.Span.Fill(1);
        State = [RunningMean, RunningVariance];
        if (affine)
        {
            Weight = new Parameter("weight", shape, "γ");
            Bias = new Parameter("bias", shape, "β");
            Weight.Value.Span.Fill(1);
            Parameters = [Weight, Bias];
        }
    }

    /// <summary>Gets C, the number of channels of x.</summary>
    public int Features { get; }

    /// <summary>Gets ε, which avoids division by zero.</summary>
    public float Epsilon { get; }

    /// <summary>Gets m, the weight of the current batch in the running mean and variance.</summary>
    public float Momentum { get; }

    /// <summary>Gets γ, [features]; null if the layer has none.</summary>
    public Parameter? Weight { get; }

    /// <summary>Gets β, [features]; null if the layer has none.</summary>
    public Parameter? Bias { get; }

    /// <summary>Gets the running mean of each channel, [features].</summary>
    public Tensor RunningMean { get; }

    /// <summary>Gets the running variance of each channel, [features].</summary>
    public Tensor RunningVariance { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; } = [];

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> State { get; }

    /// <inheritdoc/>
    public override Equations Equations => EquationsIn(Phase.Training);

    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override Equations EquationsFor(NodeContext context) => EquationsIn(context.Phase);

    /// <inheritdoc/>
    public override ElementDependencies DependenciesFor(Shape input, Shape output, NodeContext context) =>
        ElementDependencies.Normalization(input.Columns / Features, input.Length / Features, "N", isOfChannels: true);

    [DebuggerStepThrough]
    private Equations EquationsIn(Phase phase)
    {
        bool isTraining = phase == Phase.Training;
        string description = isTraining
            ? "normalizes each channel of the batch to mean 0 and variance 1"
            : "normalizes each channel with the running mean μ and variance v";
        string dXHat = Weight is null ? "dX̂ = dY" : "dX̂ = γ·dY";
        string dX = isTraining ? $"dX += s·(dX̂ − (1/N) Σ dX̂ − x̂·(1/N) Σ dX̂·x̂), {dXHat}" : $"dX += s·dX̂, {dXHat}";
        return Weight is null
            ? new(
                description,
                "y = (x − μ)/√(v + ε)",
                isTraining ? "∂y/∂x̂ = 1,  and μ and v depend on every x" : "∂y/∂x = s,  s = 1/√(v + ε)",
                dX)
            { Constants = [new("ε", Epsilon)] }
            : new(
                $"{description}, then scales and shifts it",
                "y = γ·(x − μ)/√(v + ε) + β",
                isTraining
                    ? "∂y/∂x̂ = γ,  ∂y/∂γ = x̂,  ∂y/∂β = 1,  and μ and v depend on every x"
                    : "∂y/∂x = γ·s,  ∂y/∂γ = x̂,  ∂y/∂β = 1,  s = 1/√(v + ε)",
                "dγ += Σ dY·x̂", "dβ += Σ dY", dX)
            { Constants = [new("ε", Epsilon)] };
    }

    /// <inheritdoc/>
    public override void Forward(Tensor x, Tensor y, NodeContext context)
    {
        Tensor xHat = context.Cache("x̂", x.Shape), s = context.Cache("s", new Shape(Features)),
            mean = context.Cache("μ", s.Shape), variance = context.Cache("v", s.Shape);
        if (context.Phase == Phase.Training)
        {
            int count = ValuesPerChannel(x.Shape);
            Kernel.Normalize(x.Channels, Epsilon, mean.Span, variance.Span, s.Span, xHat.Channels);     // x̂ = (x − μ)·s
            Span<float> runningMean = RunningMean.Span, runningVariance = RunningVariance.Span;
            for (int c = 0; c < Features; c++)
            {
                float unbiased = variance.Span[c] * count / (count - 1);
                runningMean[c] = ((1 - Momentum) * runningMean[c]) + (Momentum * mean.Span[c]);
                runningVariance[c] = ((1 - Momentum) * runningVariance[c]) + (Momentum * unbiased);
            }
        }
        else
        {
            mean.CopyFrom(RunningMean);                                                     // μ = running_mean
            variance.CopyFrom(RunningVariance);                                             // v = running_var
            Kernel.NormalizeBy(mean.Span, variance.Span, x.Channels, Epsilon, s.Span, xHat.Channels);
        }

        if (Weight is null || Bias is null)
        {
            y.CopyFrom(xHat);
        }
        else
        {
            Kernel.SetChannels(Bias.Value.Span, y.Channels);                                // y = β
            Kernel.AddScaledChannels(Weight.Value.Span, xHat.Channels, y.Channels);         // y += γ·x̂
        }
    }

    /// <inheritdoc/>
    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        Tensor xHat = context.Cache("x̂", x.Shape), s = context.Cache("s", new Shape(Features)), dXHat = dY;
        if (Weight is not null && Bias is not null)
        {
            Kernel.AddChannelDots(dY.Channels, xHat.Channels, Weight.Gradient.Span);        // dγ += Σ dY·x̂
            Kernel.AddChannelSums(dY.Channels, Bias.Gradient.Span);                         // dβ += Σ dY
            dXHat = context.Cache("dX̂", x.Shape);
            dXHat.Clear();
            Kernel.AddScaledChannels(Weight.Value.Span, dY.Channels, dXHat.Channels);       // dX̂ = γ·dY
        }

        if (dX is not null && context.Phase == Phase.Training)
        {
            Kernel.NormalizeBackward(xHat.Channels, s.Span, dXHat.Channels, dX.Channels); // dX += s·(dX̂ − (1/N) Σ dX̂ − x̂·(1/N) Σ dX̂·x̂)
        }
        else if (dX is not null)
        {
            Kernel.AddScaledChannels(s.Span, dXHat.Channels, dX.Channels);                  // dX += s·dX̂
        }
    }

    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override string ToString() => $"{GetType().Name} {Features}{(Weight is null ? " without γ and β" : "")}";

    [DebuggerStepThrough]
    private int ValuesPerChannel(Shape shape)
    {
        int count = shape.Length / Features;
        return count >= 2
            ? count
            : throw new ShapeException(
                $"needs at least two values per channel in training, got {shape}; choose another batch size or drop the last batch");
    }
}
