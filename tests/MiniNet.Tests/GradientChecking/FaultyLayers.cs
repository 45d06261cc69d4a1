using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Tests.GradientChecking;

/// <summary>Computes a possibly wrong backward pass: from x, W and dY to dX and the gradient of W.</summary>
internal delegate void FaultyBackward(Tensor x, Parameter w, Tensor dY, Tensor dX);

/// <summary>Represents y = x·W with any backward pass.</summary>
internal sealed class FaultyLinear : Layer
{
    private readonly FaultyBackward backward;
    private readonly Parameter weight;

    public FaultyLinear(int inputs, int outputs, FaultyBackward backward)
    {
        this.backward = backward;
        weight = new Parameter("weight", new Shape(inputs, outputs));
        Parameters = [weight];
    }

    public override IReadOnlyList<Parameter> Parameters { get; }

    public override Shape OutputShape(Shape input) => new(input.Rows, weight.Value.Shape.Columns);

    public override void Forward(Tensor x, Tensor y, NodeContext context)
    {
        y.Clear();
        y.AddProduct(x, weight.Value);
    }

    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context) => backward(x, weight, dY, dX!);

    protected internal override void Initialize(RandomStream random)
    {
        foreach (ref float w in weight.Value.Span)
        {
            w = random.NextUniform(-1, 1);
        }
    }
}

/// <summary>Represents y = f(x), elementwise, with any derivative: the factor of dY.</summary>
internal sealed class FaultyFunction(Func<float, float> f, Func<int, float, float> derivative) : Layer
{
    public override Shape OutputShape(Shape input) => input;

    public override void Forward(Tensor x, Tensor y, NodeContext context)
    {
        for (int i = 0; i < x.Span.Length; i++)
        {
            y.Span[i] = f(x.Span[i]);
        }
    }

    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        for (int i = 0; i < x.Span.Length; i++)
        {
            dX!.Span[i] += dY.Span[i] * derivative(i, x.Span[i]);
        }
    }
}

/// <summary>Represents y = a ⊙ b with any backward pass.</summary>
internal sealed class FaultyMultiply(Action<Tensor, Tensor, Tensor, Tensor, Tensor> backward) : BinaryLayer
{
    public override Shape OutputShape(Shape a, Shape b) => a;

    public override void Forward(Tensor a, Tensor b, Tensor y, NodeContext context)
    {
        for (int i = 0; i < a.Span.Length; i++)
        {
            y.Span[i] = a.Span[i] * b.Span[i];
        }
    }

    public override void Backward(Tensor a, Tensor b, Tensor y, Tensor dY, Tensor? dA, Tensor? dB, NodeContext context) =>
        backward(a, b, dY, dA ?? new Tensor(a.Shape), dB ?? new Tensor(b.Shape));
}

/// <summary>Represents L = (1/N) Σ (p − t)², with any factor in the backward pass, computed from N and dL.</summary>
internal sealed class FaultyLoss(Func<int, float, float> factor) : Loss
{
    public override void Check(Shape prediction, Targets targets)
    {
    }

    public override float Forward(Tensor p, Targets targets, NodeContext context)
    {
        double sum = 0;
        for (int i = 0; i < p.Span.Length; i++)
        {
            sum += Math.Pow(p.Span[i] - targets.Values!.Span[i], 2);
        }

        return (float)(sum / p.Span.Length);
    }

    public override void Backward(Tensor p, Targets targets, float dL, Tensor dP, NodeContext context)
    {
        for (int i = 0; i < p.Span.Length; i++)
        {
            dP.Span[i] += factor(p.Span.Length, dL) * (p.Span[i] - targets.Values!.Span[i]);
        }
    }
}

/// <summary>
/// Represents y = x ⊙ r + s, with r drawn in every pass and a state s that every pass changes. It is right only if both are kept fixed.
/// </summary>
internal sealed class RandomLayer : Layer
{
    private readonly Tensor mean = new(new Shape(1), "mean");

    public override IReadOnlyList<Tensor> State => [mean];

    public override Shape OutputShape(Shape input) => input;

    public override void Forward(Tensor x, Tensor y, NodeContext context)
    {
        Tensor r = context.Cache("r", x.Shape);
        for (int i = 0; i < x.Span.Length; i++)
        {
            r.Span[i] = context.Random.NextUniform(1, 2);
            y.Span[i] = (x.Span[i] * r.Span[i]) + mean.Span[0];
        }

        mean.Span[0] += 1;
    }

    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        Tensor r = context.Cache("r", x.Shape);
        for (int i = 0; i < x.Span.Length; i++)
        {
            dX!.Span[i] += dY.Span[i] * r.Span[i];
        }
    }
}

/// <summary>Represents any layer without parameters, given by its two functions.</summary>
internal sealed class FaultyLayer(
    Action<Tensor, Tensor, NodeContext> forward, Action<Tensor, Tensor, Tensor, Tensor?, NodeContext> backward) : Layer
{
    public override Shape OutputShape(Shape input) => input;

    public override void Forward(Tensor x, Tensor y, NodeContext context) => forward(x, y, context);

    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context) => backward(x, y, dY, dX, context);
}

/// <summary>Specifies what a normalization forgets in its backward pass.</summary>
internal enum OmittedTerm
{
    Nothing,
    Mean,
    Variance,
    Both,
    Gamma,
}

/// <summary>
/// Represents y = γ ⊙ (x − μ)/σ + β over the rows of each column, as in batch normalization, or over the columns of each row, with one γ
/// per column. Computed in double precision.
/// </summary>
internal sealed class FaultyNorm : Layer
{
    private readonly bool overRows;
    private readonly OmittedTerm omitted;
    private readonly Parameter gamma, beta;

    public FaultyNorm(int columns, bool overRows, OmittedTerm omitted)
    {
        (this.overRows, this.omitted) = (overRows, omitted);
        (gamma, beta) = (new Parameter("weight", new Shape(columns)), new Parameter("bias", new Shape(columns)));
        Parameters = [gamma, beta];
    }

    public override IReadOnlyList<Parameter> Parameters { get; }

    public override Shape OutputShape(Shape input) => input;

    public override void Forward(Tensor x, Tensor y, NodeContext context) => ForEachGroup(x, elements =>
    {
        (double mean, double deviation) = Statistics(x, elements);
        foreach (int i in elements)
        {
            int column = i % x.Shape.Columns;
            y.Span[i] = (float)((gamma.Value.Span[column] * (x.Span[i] - mean) / deviation) + beta.Value.Span[column]);
        }
    });

    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context) => ForEachGroup(x, elements =>
    {
        (double mean, double deviation) = Statistics(x, elements);
        double sum = 0, product = 0;
        foreach (int i in elements)
        {
            int column = i % x.Shape.Columns;
            double normal = (x.Span[i] - mean) / deviation, g = dY.Span[i] * (omitted == OmittedTerm.Gamma ? 1 : gamma.Value.Span[column]);
            gamma.Gradient.Span[column] += (float)(dY.Span[i] * normal);
            beta.Gradient.Span[column] += dY.Span[i];
            sum += omitted is OmittedTerm.Mean or OmittedTerm.Both ? 0 : g / elements.Length;
            product += omitted is OmittedTerm.Variance or OmittedTerm.Both ? 0 : g * normal / elements.Length;
        }

        foreach (int i in dX is null ? [] : elements)
        {
            double normal = (x.Span[i] - mean) / deviation,
                g = dY.Span[i] * (omitted == OmittedTerm.Gamma ? 1 : gamma.Value.Span[i % x.Shape.Columns]);
            dX!.Span[i] += (float)((g - sum - (normal * product)) / deviation);
        }
    });

    protected internal override void Initialize(RandomStream random)
    {
        foreach (ref float w in gamma.Value.Span)
        {
            w = random.NextUniform(0.5f, 2);
        }
    }

    private static (double Mean, double Deviation) Statistics(Tensor x, int[] elements)
    {
        double mean = elements.Average(i => (double)x.Span[i]);
        return (mean, Math.Sqrt(elements.Average(i => Math.Pow(x.Span[i] - mean, 2)) + 1e-5));
    }

    private void ForEachGroup(Tensor x, Action<int[]> action)
    {
        foreach (IGrouping<int, int> group in Enumerable.Range(0, x.Shape.Length)
            .GroupBy(i => overRows ? i % x.Shape.Columns : i / x.Shape.Columns))
        {
            action([.. group]);
        }
    }
}

/// <summary>Represents yᵢ = W[xᵢ], a row of a table for each index. There is no ∂y/∂x.</summary>
internal sealed class FaultyEmbedding(float factor) : Layer
{
    private readonly Parameter weight = new("weight", new Shape(4, 3));

    public override bool HasInputGradient => false;

    public override IReadOnlyList<Parameter> Parameters => [weight];

    public override Shape OutputShape(Shape input) => new(input.Rows, 3);

    public override void Forward(Tensor x, Tensor y, NodeContext context)
    {
        for (int row = 0; row < x.Shape.Rows; row++)
        {
            Assert.True(float.IsInteger(x.Span[row]), "an index was moved");
            weight.Value.Row((int)x.Span[row]).CopyTo(y.Row(row));
        }
    }

    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        Assert.Null(dX);
        for (int i = 0; i < dY.Span.Length; i++)
        {
            weight.Gradient[(int)x.Span[i / 3], i % 3] += factor * dY.Span[i];
        }
    }

    protected internal override void Initialize(RandomStream random)
    {
        foreach (ref float w in weight.Value.Span)
        {
            w = random.NextNormal();
        }
    }
}

/// <summary>Represents y = x² and keeps x in the layer. It is right for a single node, and wrong if two nodes share the layer.</summary>
internal sealed class FaultyCachingLayer : Layer
{
    private float[] kept = [];

    public override Shape OutputShape(Shape input) => input;

    public override void Forward(Tensor x, Tensor y, NodeContext context)
    {
        kept = x.Span.ToArray();
        for (int i = 0; i < kept.Length; i++)
        {
            y.Span[i] = kept[i] * kept[i];
        }
    }

    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        for (int i = 0; i < kept.Length; i++)
        {
            dX!.Span[i] += dY.Span[i] * 2 * kept[i];
        }
    }
}

/// <summary>Represents a correct layer, except for one element of one gradient, not a small one, that is 1 % too large.</summary>
internal sealed class OnePercentOff(Layer inner, RandomStream random) : Layer
{
    private int of = -1, element;

    /// <summary>Gets a value indicating whether an element was changed; false if the whole gradient is 0.</summary>
    public bool IsOff { get; private set; }

    public override bool HasInputGradient => inner.HasInputGradient;

    public override IReadOnlyList<Parameter> Parameters => inner.Parameters;

    public override IReadOnlyList<Tensor> State => inner.State;

    public override Shape OutputShape(Shape input) => inner.OutputShape(input);

    public override void Forward(Tensor x, Tensor y, NodeContext context) => inner.Forward(x, y, context);

    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        Tensor?[] gradients = [.. inner.Parameters.Select(p => p.Gradient), inner.HasInputGradient ? dX : null];
        Tensor?[] before = [.. gradients.Select(gradient => gradient?.Clone())];
        inner.Backward(x, y, dY, dX, context);
        if (of < 0)
        {
            of = random.NextInt32(inner.HasInputGradient ? gradients.Length : gradients.Length - 1);
            double typical = Math.Sqrt(gradients[of]!.Span.ToArray().Average(g => (double)g * g));
            int[] large = [.. Enumerable.Range(0, gradients[of]!.Span.Length).Where(i => Math.Abs(gradients[of]!.Span[i]) > typical / 10)];
            IsOff = large.Length > 0;
            element = large.Length == 0 ? 0 : large[random.NextInt32(large.Length)];
        }

        if (gradients[of] is { } wrong)
        {
            wrong.Span[element] += 0.01f * (wrong.Span[element] - before[of]!.Span[element]);
        }
    }

    protected internal override void Initialize(RandomStream stream)
    {
        inner.Initialize(stream);
    }
}

/// <summary>Represents y = s·x, where s counts the passes. It is right if Backward follows the forward pass that it belongs to.</summary>
internal sealed class CountingLayer : Layer
{
    private readonly Tensor count = new(new Shape(1), "count");

    public override IReadOnlyList<Tensor> State => [count];

    public override Shape OutputShape(Shape input) => input;

    public override void Forward(Tensor x, Tensor y, NodeContext context)
    {
        count.Span[0]++;
        for (int i = 0; i < x.Span.Length; i++)
        {
            y.Span[i] = count.Span[0] * x.Span[i];
        }
    }

    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
    {
        for (int i = 0; i < x.Span.Length; i++)
        {
            dX!.Span[i] += count.Span[0] * dY.Span[i];
        }
    }
}
