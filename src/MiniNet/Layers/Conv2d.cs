using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Initializers;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Layers;

/// <summary>
/// Represents a convolution of images; like other frameworks, it computes the cross-correlation. For each output channel o, the window W[o]
/// slides over x and is multiplied with the pixels that it covers. C and O are numbers of channels, H and W in a shape are height and
/// width, k is the size of the window, s the stride, p the padding; (i, j) is a pixel of y, and (u, v) a position in the window.
/// <code>
/// x [n, C, H, W]   W [O, C, k, k]   b [O]   y [n, O, H', W']      H' = ⌊(H + 2p − k)/s⌋ + 1, likewise W'
///
/// yₙₒᵢⱼ = bₒ + Σ x[n, c, i·s + u − p, j·s + v − p] · W[o, c, u, v]     over c, u, v; beyond its edges x is 0.  So with dY = ∂L/∂y:
/// ∂L/∂W:  dW[o, c, u, v] += Σ dY[n, o, i, j] · x[n, c, i·s + u − p, j·s + v − p]     over n, i, j
/// ∂L/∂b:  db[o]          += Σ dY[n, o, i, j]                                          over n, i, j
/// ∂L/∂x:  dX[n, c, i·s + u − p, j·s + v − p] += dY[n, o, i, j] · W[o, c, u, v]        for every o, i, j, u, v
/// </code>
/// </summary>
/// <remarks>
/// The SIMD kernels transpose a batch so that a vector holds the same pixel of many images, and the window slides over these vectors. A
/// batch of only a few images is processed image by image (im2col): the pixels under each window position form a column (K = C·k·k rows,
/// P = H'·W' columns), and the passes become matrix products: y += W·columns, dW += dY·columnsᵀ, and Wᵀ·dY added back to the positions of
/// the columns is dX.
/// Initial values, as in PyTorch: W and b from U(−1/√K, 1/√K), which for W is <see cref="HeUniform"/> with slope √5.
/// Sources: Goodfellow, Bengio and Courville, "Deep Learning", 2016, section 9.5; Chellapilla, Puri and Simard, "High Performance
/// Convolutional Neural Networks for Document Processing", 2006, for the columns. PyTorch's <c>Conv2d</c>, without its dilation and groups.
/// </remarks>
public sealed class Conv2d : WindowLayer
{
    private readonly Initializer initializer;

    /// <summary>
    /// Initializes a new instance of the <see cref="Conv2d"/> class. Its weights are initialized when it is added to a graph.
    /// </summary>
    /// <param name="inChannels">C, channels of x, at least 1.</param>
    /// <param name="outChannels">O, channels of y, at least 1.</param>
    /// <param name="kernelSize">k, at least 1.</param>
    /// <param name="stride">s, at least 1. The default is 1.</param>
    /// <param name="padding">p, at least 0.</param>
    /// <param name="bias">true to add b; otherwise, false.</param>
    /// <param name="initializer">Initializes W; null for the default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of range.</exception>
    /// <exception cref="ShapeException">The number of weights exceeds the capacity of a tensor, about 2³¹.</exception>
    public Conv2d(
        int inChannels, int outChannels, Size2d kernelSize, Size2d? stride = null, Size2d padding = default,
        bool bias = true, Initializer? initializer = null)
        : base(kernelSize, stride ?? 1, padding)
    {
        (InChannels, OutChannels) = (Require.AtLeast1(inChannels), Require.AtLeast1(outChannels));
        this.initializer = initializer ?? new HeUniform(negativeSlope: MathF.Sqrt(5));
        Weight = new Parameter("weight", new Shape(outChannels, inChannels, kernelSize.Height, kernelSize.Width), "W");
        Bias = bias ? new Parameter("bias", new Shape(outChannels), "b") : null;
        Parameters = Bias is null ? [Weight] : [Weight, Bias];
    }

    /// <summary>Gets the number of channels of x.</summary>
    public int InChannels { get; }

    /// <summary>Gets the number of channels of y.</summary>
    public int OutChannels { get; }

    /// <summary>Gets W, [outChannels, inChannels, height, width].</summary>
    public Parameter Weight { get; }

    /// <summary>Gets b, [outChannels]; null if the layer has none.</summary>
    public Parameter? Bias { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; }

    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override Shape OutputShape(Shape input) => input.Rank == 4 && input[1] == InChannels
        ? SlideShape(input, OutChannels)
        : throw new ShapeException(
            $"expects [n, {InChannels}, h, w], got {input}"
            + (input.Rank == 2 ? $"; add an Unflatten({InChannels}, h, w) before it to turn rows into images" : ""));

    /// <inheritdoc/>
    public override long CountMultiplications(Shape input, Shape output) =>
        (long)output.Rows * output.Columns * Weight.Value.Shape.Columns;

    /// <inheritdoc/>
    public override Equations Equations => Bias is null
        ? new(
            "slides a window of weights over each image",
            "y = Σ x·W, over the window", "∂y/∂x = W,  ∂y/∂W = x, window by window",
            "dW += Σ dY·x, over windows and rows", "dX += dY·W, back to each pixel of the window")
        : new(
            "slides a window of weights over each image",
            "y = b + Σ x·W, over the window", "∂y/∂x = W,  ∂y/∂W = x,  ∂y/∂b = 1, window by window",
            "dW += Σ dY·x, over windows and rows", "db += Σ dY", "dX += dY·W, back to each pixel of the window");

    /// <inheritdoc/>
    public override ElementDependencies DependenciesFor(Shape input, Shape output, NodeContext context) =>
        ElementDependencies.Windows("convolution", Window, input, output);

    /// <inheritdoc/>
    public override void Forward(Tensor x, Tensor y, NodeContext context)
    {
        ReadOnlySpan<float> b = Bias is null ? [] : Bias.Value.Span;
        Kernel.Convolution(x.Channels, Weight.Value.Channels, b, y.Channels, Window);                   // y = b + Σ x·W
    }

    /// <inheritdoc/>
    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        Span<float> db = Bias is null ? [] : Bias.Gradient.Span;
        Kernel.ConvolutionBackwardW(x.Channels, dY.Channels, Weight.Gradient.Channels, db, Window);     // dW += Σ dY·x, db += Σ dY
        if (dX is not null)
        {
            Kernel.ConvolutionBackwardX(dY.Channels, Weight.Value.Channels, dX.Channels, Window);   // dX += Σ dY·W
        }
    }

    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override string ToString() => base.ToString() + (Bias is null ? " without bias" : "");

    private protected override string Channels => $"{InChannels} -> {OutChannels}, ";

    /// <inheritdoc/>
    protected internal override void Initialize(RandomStream random)
    {
        int window = KernelSize.Height * KernelSize.Width;
        initializer.Fill(Weight.Value, InChannels * window, OutChannels * window, random);
        float bound = 1 / MathF.Sqrt(InChannels * window);
        foreach (ref float b in Bias is null ? [] : Bias.Value.Span)
        {
            b = random.NextUniform(-bound, bound);
        }
    }
}
