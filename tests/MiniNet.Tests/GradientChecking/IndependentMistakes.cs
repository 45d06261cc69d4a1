using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Tests.GradientChecking;

/// <summary>
/// Provides ten wrong operations, written without knowledge of the gradient check that is to find them. Every Forward is right; every
/// Backward has one typical beginner's mistake. A check should find the gradients in <see cref="IndependentMistake.WrongGradients"/> wrong
/// and all others right.
/// </summary>
internal static class IndependentMistakes
{
    public static IReadOnlyList<IndependentMistake> All { get; } =
    [
        new(
            nameof(BatchNormOfConstantVariance),
            BatchNorm,
            ["x"],
            "the variance is treated as a constant: it depends on every x of the column"),
        new(
            nameof(SoftmaxOfTheDiagonal),
            () => new FaultyCase(new SoftmaxOfTheDiagonal(), [Samples.Tensor(new Shape(3, 4), seed: 11, "x")]),
            ["x"],
            "every y of a row depends on every x of the row, but only the diagonal is used"),
        new(
            nameof(EluOfSlopeOne),
            () => new FaultyCase(
                new EluOfSlopeOne(0.4f),
                [new Tensor(new float[,] { { -1.5f, 0.8f, -0.3f }, { 0.5f, -0.7f, 1.2f } }, "x")]),
            ["x"],
            "wrong only where x is negative"),
        new(
            nameof(ConvolutionOfUnitStride),
            () => new FaultyCase(
                new ConvolutionOfUnitStride(2, 3, 3, stride: 2, seed: 12),
                [Samples.Tensor(new Shape(2, 2, 9), seed: 13, "x")]),
            ["weight"],
            "x is read at the wrong positions: the stride is missing in dW"),
        new(
            nameof(MaxPoolOfTheFirst),
            MaxPool,
            ["x"],
            "the right amount is added to the wrong element: each row's sum is right"),
        new(
            nameof(DropoutThatDrawsAgain),
            () => new FaultyCase(new DropoutThatDrawsAgain(0.5f), [Samples.Tensor(new Shape(5, 6), seed: 14, "x")]),
            ["x"],
            "Backward uses different random numbers than Forward"),
        new(
            nameof(EmbeddingOfFirstUses),
            () => new FaultyCase(new EmbeddingOfFirstUses(5, 3, seed: 15), [new Tensor(new float[,] { { 1, 4, 1 }, { 0, 1, 2 } }, "x")]),
            ["weight"],
            "an index used more than once is counted once: add up over all uses"),
        new(
            nameof(BilinearWithoutATranspose),
            () => new FaultyCase(
                new BilinearWithoutATranspose(3, seed: 16),
                [Samples.Tensor(new Shape(4, 3), seed: 17, "a"), Samples.Tensor(new Shape(4, 3), seed: 18, "b")]),
            ["b"],
            "a transpose is missing or superfluous: W instead of Wᵀ, or Wᵀ instead of W"),
        new(
            nameof(LogisticLossByRows),
            () => new FaultyCase(
                new LogisticLossByRows(),
                [Samples.Tensor(new Shape(4, 3), seed: 19, "p")],
                new Tensor(new float[,] { { 1, 0, 0 }, { 0, 1, 1 }, { 1, 1, 0 }, { 0, 0, 1 } }, "t")),
            ["p"],
            "too large by a constant factor, 3, the number of columns: divided by the rows instead of the elements"),
        new(
            nameof(LogCoshOnItsOwn),
            () => new FaultyCase(
                new LogCoshOnItsOwn(),
                [Samples.Tensor(new Shape(4, 2), seed: 20, "p")],
                Samples.Tensor(new Shape(4, 2), seed: 21, "t")),
            ["p"],
            "dL is ignored: right only where dL = 1"),
    ];

    private static FaultyCase BatchNorm()
    {
        var layer = new BatchNormOfConstantVariance(3);
        ((ReadOnlySpan<float>)[1.3f, 0.7f, -0.9f]).CopyTo(layer.Weight.Value.Span);
        ((ReadOnlySpan<float>)[0.2f, -0.5f, 0.4f]).CopyTo(layer.Bias.Value.Span);
        return new FaultyCase(layer, [Samples.Tensor(new Shape(5, 3), seed: 10, "x")]);
    }

    private static FaultyCase MaxPool()
    {
        float[,] x =
        {
            { 0.3f, 0.9f, -0.4f, 0.1f, 1.5f, 0.6f },
            { -1.2f, -0.8f, 0.7f, 0.2f, -0.1f, 0.4f },
            { 2.1f, 1.1f, 0.5f, 1.3f, -0.6f, -1.7f },
        };
        return new FaultyCase(new MaxPoolOfTheFirst(2), [new Tensor(x, "x")]);
    }
}

/// <summary>Represents a wrong operation and the expected result of a check.</summary>
/// <param name="Name">The name of the class.</param>
/// <param name="Create">Creates a new instance of the operation, and inputs that reveal the mistake and are not near a kink.</param>
/// <param name="WrongGradients">
/// The gradients that Backward gets wrong: an input by its letter in the equation, a parameter by its name. All others are right.
/// </param>
/// <param name="ExpectedCause">What a good check should report in plain words, in this or another wording.</param>
internal sealed record IndependentMistake(string Name, Func<FaultyCase> Create, string[] WrongGradients, string ExpectedCause)
{
    public override string ToString() => Name;
}

/// <summary>Represents an operation and its inputs.</summary>
/// <param name="Operation">A layer, a merge layer or a loss.</param>
/// <param name="Inputs">x; or a and b; or p.</param>
/// <param name="Targets">The targets of a loss.</param>
internal sealed record FaultyCase(Operation Operation, Tensor[] Inputs, Tensor? Targets = null);

/// <summary>
/// Batch normalization, column by column, with running mean and variance for inference:
/// <code>
/// x̂ᵢⱼ = (xᵢⱼ − μⱼ) / σⱼ      μⱼ = (1/n) Σᵢ xᵢⱼ      σⱼ² = (1/n) Σᵢ (xᵢⱼ − μⱼ)² + ε
/// y = γ·x̂ + β
/// ∂L/∂xᵢⱼ = γⱼ/σⱼ · (dYᵢⱼ − (1/n) Σₖ dYₖⱼ − x̂ᵢⱼ · (1/n) Σₖ dYₖⱼ x̂ₖⱼ)
/// </code>
/// Wrong: the last term is missing; the mean is differentiated, but σ is treated as a constant. γ's and β's gradients are right.
/// Expected message: "the variance is treated as a constant: it depends on every x of the column".
/// </summary>
internal sealed class BatchNormOfConstantVariance : Layer
{
    private const float Epsilon = 1e-5f, Momentum = 0.1f;
    private readonly Tensor runningMean, runningVariance;

    public BatchNormOfConstantVariance(int columns)
    {
        Weight = new Parameter("weight", new Shape(columns), "γ");
        Bias = new Parameter("bias", new Shape(columns), "β");
        runningMean = new Tensor(new Shape(columns), "running_mean");
        runningVariance = new Tensor(new Shape(columns), "running_var");
        Weight.Value.Span.Fill(1);
        runningVariance.Span.Fill(1);
    }

    public Parameter Weight { get; }

    public Parameter Bias { get; }

    public override IReadOnlyList<Parameter> Parameters => [Weight, Bias];

    public override IReadOnlyList<Tensor> State => [runningMean, runningVariance];

    public override Shape? InputShape => Shape.Batch(Weight.Value.Shape.Length);

    public override Shape OutputShape(Shape input) => input.Rank == 2 && input.Columns == Weight.Value.Shape.Length
        ? input
        : throw ShapeException.Expected(Shape.Batch(Weight.Value.Shape.Length), input);

    public override void Forward(Tensor x, Tensor y, NodeContext context)
    {
        Span<float> deviation = context.Cache("σ", Weight.Value.Shape).Span;
        Tensor normalized = context.Cache("x̂", x.Shape);
        int n = x.Shape.Rows;
        for (int j = 0; j < x.Shape.Columns; j++)
        {
            double sum = 0, squares = 0;
            for (int i = 0; i < n; i++)
            {
                sum += x[i, j];
            }

            double mean = sum / n;
            for (int i = 0; i < n; i++)
            {
                squares += (x[i, j] - mean) * (x[i, j] - mean);
            }

            double variance = squares / n;
            if (context.Phase == Phase.Training)
            {
                runningMean.Span[j] += Momentum * ((float)mean - runningMean.Span[j]);
                runningVariance.Span[j] += Momentum * ((float)(squares / Math.Max(n - 1, 1)) - runningVariance.Span[j]);
            }
            else
            {
                (mean, variance) = (runningMean.Span[j], runningVariance.Span[j]);
            }

            deviation[j] = (float)Math.Sqrt(variance + Epsilon);
            for (int i = 0; i < n; i++)
            {
                normalized[i, j] = (float)((x[i, j] - mean) / deviation[j]);
                y[i, j] = (Weight.Value.Span[j] * normalized[i, j]) + Bias.Value.Span[j];
            }
        }
    }

    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        Span<float> deviation = context.Cache("σ", Weight.Value.Shape).Span;
        Tensor normalized = context.Cache("x̂", x.Shape);
        int n = x.Shape.Rows;
        for (int j = 0; j < x.Shape.Columns; j++)
        {
            float sum = 0;
            for (int i = 0; i < n; i++)
            {
                sum += dY[i, j];
                Weight.Gradient.Span[j] += dY[i, j] * normalized[i, j];
            }

            Bias.Gradient.Span[j] += sum;
            for (int i = 0; dX is not null && i < n; i++)
            {
                dX[i, j] += Weight.Value.Span[j] / deviation[j] * (dY[i, j] - (sum / n));
            }
        }
    }
}

/// <summary>
/// Softmax of each row:
/// <code>
/// yᵢⱼ = e^xᵢⱼ / Σₖ e^xᵢₖ
/// ∂yᵢⱼ/∂xᵢₖ = yᵢⱼ (1[j = k] − yᵢₖ)      ∂L/∂xᵢⱼ = yᵢⱼ (dYᵢⱼ − Σₖ dYᵢₖ yᵢₖ)
/// </code>
/// Wrong: dX += dY · y(1 − y), as for the logistic function; the off-diagonal elements of the Jacobian are missing.
/// Expected message: "every y of a row depends on every x of the row, but only the diagonal is used".
/// </summary>
internal sealed class SoftmaxOfTheDiagonal : Layer
{
    public override Shape OutputShape(Shape input) => input;

    public override void Forward(Tensor x, Tensor y, NodeContext context)
    {
        for (int i = 0; i < x.Shape.Rows; i++)
        {
            float greatest = float.NegativeInfinity, sum = 0;
            for (int j = 0; j < x.Shape.Columns; j++)
            {
                greatest = MathF.Max(greatest, x[i, j]);
            }

            for (int j = 0; j < x.Shape.Columns; j++)
            {
                y[i, j] = MathF.Exp(x[i, j] - greatest);
                sum += y[i, j];
            }

            for (int j = 0; j < x.Shape.Columns; j++)
            {
                y[i, j] /= sum;
            }
        }
    }

    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        for (int i = 0; dX is not null && i < y.Span.Length; i++)
        {
            dX.Span[i] += dY.Span[i] * y.Span[i] * (1 - y.Span[i]);
        }
    }
}

/// <summary>
/// The exponential linear unit:
/// <code>
/// y = x where x &gt; 0, else α(eˣ − 1)
/// ∂y/∂x = 1 where x &gt; 0, else αeˣ = y + α
/// </code>
/// Wrong: y + 1 instead of y + α, which is right for the usual α = 1 and for positive x.
/// Expected message: "wrong only where x is negative" (there, by the same amount, 1 − α, whatever x).
/// </summary>
internal sealed class EluOfSlopeOne(float alpha) : Layer
{
    public override Shape OutputShape(Shape input) => input;

    public override void Forward(Tensor x, Tensor y, NodeContext context)
    {
        for (int i = 0; i < x.Span.Length; i++)
        {
            y.Span[i] = x.Span[i] > 0 ? x.Span[i] : alpha * (MathF.Exp(x.Span[i]) - 1);
        }
    }

    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        for (int i = 0; dX is not null && i < x.Span.Length; i++)
        {
            dX.Span[i] += dY.Span[i] * (x.Span[i] > 0 ? 1 : y.Span[i] + 1);
        }
    }
}

/// <summary>
/// The one-dimensional convolution without padding, where s is the stride:
/// <code>
/// y[i,o,t] = b[o] + Σ꜀ₖ W[o,c,k] · x[i,c,s·t + k]      x [n, channels, length]   W [outputs, channels, size]
/// ∂L/∂W[o,c,k] = Σᵢₜ dY[i,o,t] · x[i,c,s·t + k]
/// ∂L/∂x[i,c,s·t + k] gets dY[i,o,t] · W[o,c,k]
/// </code>
/// Wrong: the weight's gradient reads x[i,c,t + k], without the stride. The gradients of x and b are right.
/// Expected message: "x is read at the wrong positions: the stride is missing in dW".
/// </summary>
internal sealed class ConvolutionOfUnitStride : Layer
{
    private readonly int channels, outputs, size, stride;

    public ConvolutionOfUnitStride(int channels, int outputs, int size, int stride, ulong seed)
    {
        (this.channels, this.outputs, this.size, this.stride) = (channels, outputs, size, stride);
        Weight = new Parameter("weight", new Shape(outputs, channels, size), "W");
        Bias = new Parameter("bias", new Shape(outputs), "b");
        Weight.Value.CopyFrom(Samples.Tensor(Weight.Value.Shape, seed));
        Bias.Value.CopyFrom(Samples.Tensor(Bias.Value.Shape, seed + 1000));
    }

    public Parameter Weight { get; }

    public Parameter Bias { get; }

    public override IReadOnlyList<Parameter> Parameters => [Weight, Bias];

    public override Shape OutputShape(Shape input) => input.Rank == 3 && input[1] == channels && input[2] >= size
        ? new Shape(input.Rows, outputs, Positions(input[2]))
        : throw ShapeException.Expected(Shape.Batch(channels, size), input);

    public override void Forward(Tensor x, Tensor y, NodeContext context)
    {
        int length = x.Shape[2], positions = Positions(length);
        for (int i = 0; i < x.Shape.Rows; i++)
        {
            for (int o = 0; o < outputs; o++)
            {
                for (int t = 0; t < positions; t++)
                {
                    float sum = Bias.Value.Span[o];
                    for (int c = 0; c < channels; c++)
                    {
                        for (int k = 0; k < size; k++)
                        {
                            sum += Weight.Value[o, (c * size) + k] * x[i, (c * length) + (stride * t) + k];
                        }
                    }

                    y[i, (o * positions) + t] = sum;
                }
            }
        }
    }

    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        int length = x.Shape[2], positions = Positions(length);
        for (int i = 0; i < x.Shape.Rows; i++)
        {
            for (int o = 0; o < outputs; o++)
            {
                for (int t = 0; t < positions; t++)
                {
                    float d = dY[i, (o * positions) + t];
                    Bias.Gradient.Span[o] += d;
                    for (int c = 0; c < channels; c++)
                    {
                        for (int k = 0; k < size; k++)
                        {
                            Weight.Gradient[o, (c * size) + k] += d * x[i, (c * length) + t + k];
                            if (dX is not null)
                            {
                                dX[i, (c * length) + (stride * t) + k] += d * Weight.Value[o, (c * size) + k];
                            }
                        }
                    }
                }
            }
        }
    }

    private int Positions(int length) => ((length - size) / stride) + 1;
}

/// <summary>
/// The maximum of each window of a row:
/// <code>
/// yᵢⱼ = max over k of xᵢ,ⱼₛ₊ₖ      k = 0 .. s − 1
/// dX at the greatest element of each window += dYᵢⱼ
/// </code>
/// Wrong: Backward searches for the maximum from the row's first element on, not from the window's first. A window whose values are below
/// that element adds its gradient to that element. Right in the first window, and in a row that begins with its smallest value. Expected
/// message: "the right amount is added to the wrong element: each row's sum is right".
/// </summary>
internal sealed class MaxPoolOfTheFirst(int size) : Layer
{
    public override Shape OutputShape(Shape input) => input.Rank == 2 && input.Columns % size == 0
        ? new Shape(input.Rows, input.Columns / size)
        : throw ShapeException.Expected(Shape.Batch(size), input);

    public override void Forward(Tensor x, Tensor y, NodeContext context)
    {
        for (int i = 0; i < y.Shape.Rows; i++)
        {
            for (int j = 0; j < y.Shape.Columns; j++)
            {
                y[i, j] = x[i, j * size];
                for (int k = 1; k < size; k++)
                {
                    y[i, j] = MathF.Max(y[i, j], x[i, (j * size) + k]);
                }
            }
        }
    }

    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        for (int i = 0; dX is not null && i < y.Shape.Rows; i++)
        {
            for (int j = 0; j < y.Shape.Columns; j++)
            {
                int best = 0;
                for (int k = j * size; k < (j + 1) * size; k++)
                {
                    best = x[i, k] > x[i, best] ? k : best;
                }

                dX[i, best] += dY[i, j];
            }
        }
    }
}

/// <summary>
/// Dropout, independently for each element:
/// <code>
/// y = x·m/(1 − p)      m = 0 with probability p, else 1; y = x at inference
/// dX += dY·m/(1 − p)
/// </code>
/// Wrong: Backward draws a new m instead of using Forward's m; it is right where the two happen to agree.
/// Expected message: "Backward uses different random numbers than Forward".
/// </summary>
internal sealed class DropoutThatDrawsAgain(float p) : Layer
{
    public override Shape OutputShape(Shape input) => input;

    public override void Forward(Tensor x, Tensor y, NodeContext context)
    {
        for (int i = 0; i < x.Span.Length; i++)
        {
            y.Span[i] = x.Span[i] * Factor(context);
        }
    }

    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        for (int i = 0; dX is not null && i < dX.Span.Length; i++)
        {
            dX.Span[i] += dY.Span[i] * Factor(context);
        }
    }

    private float Factor(NodeContext context) => context.Phase == Phase.Inference ? 1 : context.Random.NextSingle() < p ? 0 : 1 / (1 - p);
}

/// <summary>
/// The embedding of words, given by their indices:
/// <code>
/// y[i,j] = W[x[i,j]]                         x [n, words], whole numbers   W [vocabulary, size]   y [n, words, size]
/// ∂L/∂W[v] = Σ dY[i,j] over all i, j where x[i,j] = v
/// </code>
/// Wrong: for each v only its first occurrence in x is found, so a repeated word is counted once. Right if all words differ.
/// Expected message: "an index used more than once is counted once: add up over all uses".
/// </summary>
internal sealed class EmbeddingOfFirstUses : Layer
{
    public EmbeddingOfFirstUses(int vocabulary, int size, ulong seed)
    {
        Weight = new Parameter("weight", new Shape(vocabulary, size), "W");
        Weight.Value.CopyFrom(Samples.Tensor(Weight.Value.Shape, seed));
    }

    public Parameter Weight { get; }

    public override IReadOnlyList<Parameter> Parameters => [Weight];

    public override bool HasInputGradient => false;

    public override Shape OutputShape(Shape input) => input.Rank == 2
        ? new Shape(input.Rows, input.Columns, Weight.Value.Shape.Columns)
        : throw new ShapeException($"expects rows of indices, got {input}");

    public override void Forward(Tensor x, Tensor y, NodeContext context)
    {
        int size = Weight.Value.Shape.Columns;
        for (int place = 0; place < x.Span.Length; place++)
        {
            Weight.Value.Row((int)x.Span[place]).CopyTo(y.Span.Slice(place * size, size));
        }
    }

    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        int size = Weight.Value.Shape.Columns;
        for (int v = 0; v < Weight.Value.Shape.Rows; v++)
        {
            int place = x.Span.IndexOf(v);
            for (int k = 0; place >= 0 && k < size; k++)
            {
                Weight.Gradient[v, k] += dY.Span[(place * size) + k];
            }
        }
    }
}

/// <summary>
/// The bilinear form of two rows:
/// <code>
/// yᵢ = aᵢ·W·bᵢᵀ = Σⱼₖ aᵢⱼ Wⱼₖ bᵢₖ      a and b [n, d]   W [d, d]   y [n, 1]
/// dW += Σᵢ dYᵢ aᵢᵀ·bᵢ      dA += dY · b·Wᵀ      dB += dY · a·W
/// </code>
/// Wrong: dB += dY · a·Wᵀ, copied from the line above, which is right if W is symmetric. The gradients of a and W are right.
/// Expected message: "a transpose is missing or superfluous: W instead of Wᵀ, or Wᵀ instead of W".
/// </summary>
internal sealed class BilinearWithoutATranspose : BinaryLayer
{
    private readonly int d;

    public BilinearWithoutATranspose(int d, ulong seed)
    {
        this.d = d;
        Weight = new Parameter("weight", new Shape(d, d), "W");
        Weight.Value.CopyFrom(Samples.Tensor(Weight.Value.Shape, seed));
    }

    public Parameter Weight { get; }

    public override IReadOnlyList<Parameter> Parameters => [Weight];

    public override Shape OutputShape(Shape a, Shape b) => a.Rank == 2 && a.Columns == d && a == b
        ? new Shape(a.Rows, 1)
        : throw new ShapeException($"expects two of {Shape.Batch(d)}, got {a} and {b}");

    public override void Forward(Tensor a, Tensor b, Tensor y, NodeContext context)
    {
        for (int i = 0; i < a.Shape.Rows; i++)
        {
            float sum = 0;
            for (int j = 0; j < d; j++)
            {
                for (int k = 0; k < d; k++)
                {
                    sum += a[i, j] * Weight.Value[j, k] * b[i, k];
                }
            }

            y[i, 0] = sum;
        }
    }

    public override void Backward(Tensor a, Tensor b, Tensor y, Tensor dY, Tensor? dA, Tensor? dB, NodeContext context)
    {
        for (int i = 0; i < a.Shape.Rows; i++)
        {
            for (int j = 0; j < d; j++)
            {
                for (int k = 0; k < d; k++)
                {
                    Weight.Gradient[j, k] += dY[i, 0] * a[i, j] * b[i, k];
                    if (dA is not null)
                    {
                        dA[i, j] += dY[i, 0] * Weight.Value[j, k] * b[i, k];
                    }

                    if (dB is not null)
                    {
                        dB[i, j] += dY[i, 0] * Weight.Value[j, k] * a[i, k];
                    }
                }
            }
        }
    }
}

/// <summary>
/// The loss of several yes-or-no answers per row, given as scores:
/// <code>
/// L = (1/N) Σᵢⱼ (log(1 + e^pᵢⱼ) − tᵢⱼ pᵢⱼ)      p and t [n, m], N = n·m elements, t 0 or 1
/// ∂L/∂p = (1/(1 + e⁻ᵖ) − t) / N
/// </code>
/// Wrong: divided by n, the number of rows, instead of N, the number of elements; right for a single column.
/// Expected message: "too large by a constant factor, 3, the number of columns: divided by the rows instead of the elements".
/// </summary>
internal sealed class LogisticLossByRows : Loss
{
    public override void Check(Shape prediction, Targets targets)
    {
        if (targets.Values?.Shape != prediction)
        {
            throw new ShapeException($"expects target values {prediction}, got {targets}");
        }
    }

    public override float Forward(Tensor p, Targets targets, NodeContext context)
    {
        double sum = 0;
        for (int i = 0; i < p.Span.Length; i++)
        {
            double z = p.Span[i];
            sum += Math.Max(z, 0) + Math.Log(1 + Math.Exp(-Math.Abs(z))) - (targets.Values!.Span[i] * z);
        }

        return (float)(sum / p.Span.Length);
    }

    public override void Backward(Tensor p, Targets targets, float dL, Tensor dP, NodeContext context)
    {
        for (int i = 0; i < p.Span.Length; i++)
        {
            dP.Span[i] += dL * ((1 / (1 + MathF.Exp(-p.Span[i]))) - targets.Values!.Span[i]) / p.Shape.Rows;
        }
    }
}

/// <summary>
/// The mean of log cosh: nearly a square close to 0, nearly an absolute value far from it.
/// <code>
/// L = (1/N) Σᵢⱼ log cosh(pᵢⱼ − tᵢⱼ)      p and t of one shape, N elements each
/// dP += dL · tanh(p − t)/N
/// </code>
/// Wrong: dP += tanh(p − t)/N, which is right only if the loss is used alone and dL = 1.
/// Expected message: "dL is ignored: right only where dL = 1".
/// </summary>
internal sealed class LogCoshOnItsOwn : Loss
{
    public override void Check(Shape prediction, Targets targets)
    {
        if (targets.Values?.Shape != prediction)
        {
            throw new ShapeException($"expects target values {prediction}, got {targets}");
        }
    }

    public override float Forward(Tensor p, Targets targets, NodeContext context)
    {
        double sum = 0;
        for (int i = 0; i < p.Span.Length; i++)
        {
            double distance = Math.Abs(p.Span[i] - targets.Values!.Span[i]);
            sum += distance + Math.Log((1 + Math.Exp(-2 * distance)) / 2); // log cosh without overflow
        }

        return (float)(sum / p.Span.Length);
    }

    public override void Backward(Tensor p, Targets targets, float dL, Tensor dP, NodeContext context)
    {
        for (int i = 0; i < p.Span.Length; i++)
        {
            dP.Span[i] += MathF.Tanh(p.Span[i] - targets.Values!.Span[i]) / p.Span.Length;
        }
    }
}
