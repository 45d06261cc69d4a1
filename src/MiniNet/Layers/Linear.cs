using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Initializers;
using MiniNet.Tensors;

namespace MiniNet.Layers;

/// <summary>
/// Represents a fully connected layer:
/// <code>
/// y = x·W + b            x [n, inputs]   W [inputs, outputs]   b [outputs]   y [n, outputs]
///
/// yᵢⱼ = Σₖ xᵢₖ Wₖⱼ + bⱼ,  so with dY = ∂L/∂y:
/// ∂L/∂Wₖⱼ = Σᵢ xᵢₖ dYᵢⱼ    dW += xᵀ·dY
/// ∂L/∂bⱼ  = Σᵢ dYᵢⱼ        db += Σᵢ dYᵢ
/// ∂L/∂xᵢₖ = Σⱼ dYᵢⱼ Wₖⱼ    dX += dY·Wᵀ
/// </code>
/// </summary>
/// <remarks>
/// Initial values, as in PyTorch: W and b from U(−1/√inputs, 1/√inputs), which for W is <see cref="HeUniform"/> with slope √5.
/// Source of the derivatives: Goodfellow, Bengio and Courville, "Deep Learning", 2016, algorithm 6.4.
/// </remarks>
public sealed class Linear : Layer
{
    private readonly Initializer initializer;

    /// <summary>
    /// Initializes a new instance of the <see cref="Linear"/> class. Its weights are initialized when it is added to a graph.
    /// </summary>
    /// <param name="inputs">The number of columns of x, at least 1.</param>
    /// <param name="outputs">The number of columns of y, at least 1.</param>
    /// <param name="bias">true to add b; otherwise, false.</param>
    /// <param name="initializer">Initializes W; null for the default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is less than 1.</exception>
    /// <exception cref="ShapeException">The number of weights exceeds the capacity of a tensor, about 2³¹.</exception>
    public Linear(int inputs, int outputs, bool bias = true, Initializer? initializer = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        if ((long)inputs * outputs > Array.MaxLength)
        {
            throw new ShapeException(
                $"Linear {inputs} -> {outputs}: {(long)inputs * outputs} weights are more than one tensor can hold; "
                + "make one of the two smaller");
        }

        (Inputs, Outputs) = (inputs, outputs);
        this.initializer = initializer ?? new HeUniform(negativeSlope: MathF.Sqrt(5));
        Weight = new Parameter("weight", new Shape(inputs, outputs), "W") { IsTransposedInFiles = true };
        Bias = bias ? new Parameter("bias", new Shape(outputs), "b") : null;
        Parameters = Bias is null ? [Weight] : [Weight, Bias];
    }

    /// <summary>Gets the number of columns of x.</summary>
    public int Inputs { get; }

    /// <summary>Gets the number of columns of y.</summary>
    public int Outputs { get; }

    /// <summary>Gets W, [inputs, outputs].</summary>
    public Parameter Weight { get; }

    /// <summary>Gets b, [outputs]; null if the layer has none.</summary>
    public Parameter? Bias { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; }

    /// <inheritdoc/>
    public override Shape? InputShape => Shape.Batch(Inputs);

    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override Shape OutputShape(Shape input) => input.Rank == 2 && input.Columns == Inputs
        ? new Shape(input.Rows, Outputs)
        : throw ShapeException.Expected(Shape.Batch(Inputs), input);

    /// <inheritdoc/>
    public override long CountMultiplications(Shape input, Shape output) => (long)output.Rows * Outputs * Inputs;

    /// <inheritdoc/>
    public override Equations Equations => Bias is null
        ? new("computes weighted sums of the inputs", "y = x·W", "∂y/∂x = Wᵀ,  ∂y/∂W = xᵀ", "dW += xᵀ·dY", "dX += dY·Wᵀ")
        : new(
            "computes weighted sums of the inputs", "y = x·W + b", "∂y/∂x = Wᵀ,  ∂y/∂W = xᵀ,  ∂y/∂b = 1",
            "dW += xᵀ·dY", "db += Σᵢ dYᵢ", "dX += dY·Wᵀ");

    /// <inheritdoc/>
    public override void Forward(Tensor x, Tensor y, NodeContext context)
    {
        y.SetProduct(x, Weight.Value, Bias?.Value);     // y = x·W + b
    }

    /// <inheritdoc/>
    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        Weight.Gradient.AddProduct(x.T, dY);        // dW += xᵀ·dY
        Bias?.Gradient.AddColumnSums(dY);           // db += Σᵢ dYᵢ
        dX?.AddProduct(dY, Weight.Value.T);         // dX += dY·Wᵀ
    }

    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override string ToString() => $"Linear {Inputs} -> {Outputs}{(Bias is null ? " without bias" : "")}";

    /// <inheritdoc/>
    protected internal override void Initialize(RandomStream random)
    {
        initializer.Fill(Weight.Value, Inputs, Outputs, random);
        float bound = 1 / MathF.Sqrt(Inputs);
        foreach (ref float b in Bias is null ? [] : Bias.Value.Span)
        {
            b = random.NextUniform(-bound, bound);
        }
    }
}
