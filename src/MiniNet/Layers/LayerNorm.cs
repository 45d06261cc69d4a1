using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Layers;

/// <summary>
/// Normalizes each row (or each group of D elements in a row) to mean 0 and variance 1, then applies a learned scale and shift (layer
/// normalization).
/// <code>
/// x, x̂ and y [n, ..., D]   γ and β [D]   μ, v and s [n, ...]:  one for each group of D numbers,
///                                                              the last dimension or the last few together
///
/// μ = (1/D) Σ x,  v = (1/D) Σ (x − μ)²,  s = 1/√(v + ε)       each Σ is over a group
/// x̂ = (x − μ)·s
/// y = γ·x̂ + β
///
/// ∂L/∂γ:  dγ += Σ dY·x̂                                        over all groups
/// ∂L/∂β:  dβ += Σ dY                                          over all groups
/// ∂L/∂x̂:  dX̂ = γ·dY
/// ∂x̂ₖ/∂xᵢ = s·(1[i = k] − 1/D − x̂ᵢ·x̂ₖ/D) within a group,  so
/// dX += s·(dX̂ − (1/D) Σ dX̂ − x̂·(1/D) Σ dX̂·x̂)
/// </code>
/// </summary>
/// <remarks>
/// Ba, Kiros and Hinton, "Layer Normalization", 2016, equations 3 and 4. Initial values, as in PyTorch: γ = 1, β = 0. Training and
/// inference use the same equations.
/// </remarks>
public sealed class LayerNorm : Layer
{
    /// <summary>Initializes a new instance of the <see cref="LayerNorm"/> class that normalizes over the last dimensions.</summary>
    /// <param name="normalizedShape">
    /// The dimensions to normalize over, each at least 1, such as <c>new Shape(8, 8)</c> for x [n, C, 8, 8].
    /// </param>
    /// <param name="epsilon">ε, finite and above 0.</param>
    /// <param name="affine">true to use γ and β; otherwise, false.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public LayerNorm(Shape normalizedShape, float epsilon = 1e-5f, bool affine = true)
    {
        if (normalizedShape.Rank is < 1 or > 3 || normalizedShape.Rows < 1 || normalizedShape.Columns < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(normalizedShape), normalizedShape, "It must have one to three dimensions, each at least 1.");
        }

        NormalizedShape = normalizedShape;
        Epsilon = Require.Positive(epsilon);
        if (affine)
        {
            Weight = new Parameter("weight", normalizedShape, "γ");
            Bias = new Parameter("bias", normalizedShape, "β");
            Weight.Value.Span.Fill(1);
            Parameters = [Weight, Bias];
        }
    }

    /// <summary>Initializes a new instance of the <see cref="LayerNorm"/> class that normalizes over the last dimension.</summary>
    /// <param name="features">D, at least 1.</param>
    /// <param name="epsilon">ε, finite and above 0.</param>
    /// <param name="affine">true to use γ and β; otherwise, false.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    public LayerNorm(int features, float epsilon = 1e-5f, bool affine = true)
        : this(new Shape(Require.AtLeast1(features)), epsilon, affine)
    {
    }

    /// <summary>Gets the dimensions to normalize over.</summary>
    public Shape NormalizedShape { get; }

    /// <summary>Gets ε, which avoids division by zero.</summary>
    public float Epsilon { get; }

    /// <summary>Gets γ, of the shape of a group; null if the layer has none.</summary>
    public Parameter? Weight { get; }

    /// <summary>Gets β, of the shape of a group; null if the layer has none.</summary>
    public Parameter? Bias { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; } = [];

    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override Shape OutputShape(Shape input)
    {
        int leading = input.Rank - NormalizedShape.Rank;
        bool fits = leading >= 1;
        for (int i = 0; i < NormalizedShape.Rank && fits; i++)
        {
            fits = input[leading + i] == NormalizedShape[i];
        }

        return fits ? input : throw new ShapeException($"expects [n, ..., {NormalizedShape.ToString()[1..]}, got {input}");
    }

    /// <inheritdoc/>
    public override Equations Equations => Weight is null
        ? new(
            "normalizes each group of a row to mean 0 and variance 1",
            "y = (x − μ)/√(v + ε)",
            "∂y/∂x̂ = 1,  and μ and v depend on every x of the group",
            "dX += s·(dX̂ − (1/D) Σ dX̂ − x̂·(1/D) Σ dX̂·x̂), dX̂ = dY")
        { Constants = [new("ε", Epsilon)] }
        : new(
            "normalizes each group of a row to mean 0 and variance 1, then scales and shifts it",
            "y = γ·(x − μ)/√(v + ε) + β",
            "∂y/∂x̂ = γ,  ∂y/∂γ = x̂,  ∂y/∂β = 1,  and μ and v depend on every x of the group",
            "dγ += Σ dY·x̂", "dβ += Σ dY", "dX += s·(dX̂ − (1/D) Σ dX̂ − x̂·(1/D) Σ dX̂·x̂), dX̂ = γ·dY")
        { Constants = [new("ε", Epsilon)] };

    /// <inheritdoc/>
    public override ElementDependencies DependenciesFor(Shape input, Shape output, NodeContext context) =>
        ElementDependencies.Normalization(NormalizedShape.Length, NormalizedShape.Length, "D", isOfChannels: false);

    /// <inheritdoc/>
    public override void Forward(Tensor x, Tensor y, NodeContext context)
    {
        int size = NormalizedShape.Length, groups = x.Shape.Length / size;
        Tensor xHat = context.Cache("x̂", x.Shape), s = context.Cache("s", new Shape(groups)),
            mean = context.Cache("μ", new Shape(groups)), variance = context.Cache("v", new Shape(groups));
        // x̂ = (x − μ)·s
        Kernel.Normalize(x.ChannelsOf(1, groups, size), Epsilon, mean.Span, variance.Span, s.Span, xHat.ChannelsOf(1, groups, size));
        if (Weight is null || Bias is null)
        {
            y.CopyFrom(xHat);
        }
        else
        {
            Kernel.SetChannels(Bias.Value.Span, y.ChannelsOf(groups, size, 1));                                            // y = β
            Kernel.AddScaledChannels(Weight.Value.Span, xHat.ChannelsOf(groups, size, 1), y.ChannelsOf(groups, size, 1));  // y += γ·x̂
        }
    }

    /// <inheritdoc/>
    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        int size = NormalizedShape.Length, groups = x.Shape.Length / size;
        Tensor xHat = context.Cache("x̂", x.Shape), s = context.Cache("s", new Shape(groups)), dXHat = dY;
        if (Weight is not null && Bias is not null)
        {
            ChannelsView columns = dY.ChannelsOf(groups, size, 1);
            Kernel.AddChannelDots(columns, xHat.ChannelsOf(groups, size, 1), Weight.Gradient.Span);          // dγ += Σ dY·x̂
            Kernel.AddChannelSums(columns, Bias.Gradient.Span);                                              // dβ += Σ dY
            dXHat = context.Cache("dX̂", x.Shape);
            dXHat.Clear();
            Kernel.AddScaledChannels(Weight.Value.Span, columns, dXHat.ChannelsOf(groups, size, 1));         // dX̂ = γ·dY
        }

        if (dX is not null)
        {
            // dX += s·(dX̂ − (1/D) Σ dX̂ − x̂·(1/D) Σ dX̂·x̂)
            Kernel.NormalizeBackward(
                xHat.ChannelsOf(1, groups, size), s.Span, dXHat.ChannelsOf(1, groups, size), dX.ChannelsOf(1, groups, size));
        }
    }

    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override string ToString() => $"LayerNorm {NormalizedShape}{(Weight is null ? " without γ and β" : "")}";
}
