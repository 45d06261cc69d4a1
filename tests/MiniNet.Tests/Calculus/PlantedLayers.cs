using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Tests.Calculus;

/// <summary>A backward pass to plant: from x, W and dY to dX and the gradient of W.</summary>
internal delegate void PlantedBackward(Tensor x, Parameter w, Tensor dY, Tensor dX);

/// <summary>y = x·W, with any backward pass.</summary>
internal sealed class PlantedLinear : Layer
{
    private readonly PlantedBackward backward;
    private readonly Parameter weight;

    public PlantedLinear(int inputs, int outputs, PlantedBackward backward)
    {
        this.backward = backward;
        weight = new Parameter("weight", new Shape(inputs, outputs));
        Parameters = [weight];
    }

    public override IReadOnlyList<Parameter> Parameters { get; }

    public override Shape OutputShape(Shape input) => new(input.Rows, weight.Value.Shape.Columns);

    public override void Forward(Tensor x, Tensor y, Pass pass)
    {
        y.Clear();
        y.AddProduct(x, weight.Value);
    }

    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, Pass pass) => backward(x, weight, dY, dX!);

    protected internal override void Initialize(RandomStream random)
    {
        foreach (ref float w in weight.Value.Span)
        {
            w = random.NextUniform(-1, 1);
        }
    }
}

/// <summary>y = f(x), element by element, with any derivative: the factor of dY.</summary>
internal sealed class PlantedFunction(Func<float, float> f, Func<int, float, float> derivative) : Layer
{
    public override Shape OutputShape(Shape input) => input;

    public override void Forward(Tensor x, Tensor y, Pass pass)
    {
        for (int i = 0; i < x.Span.Length; i++)
        {
            y.Span[i] = f(x.Span[i]);
        }
    }

    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, Pass pass)
    {
        for (int i = 0; i < x.Span.Length; i++)
        {
            dX!.Span[i] += dY.Span[i] * derivative(i, x.Span[i]);
        }
    }
}

/// <summary>y = a ⊙ b, with any backward pass.</summary>
internal sealed class PlantedMultiply(Action<Tensor, Tensor, Tensor, Tensor, Tensor> backward) : MergeLayer
{
    public override Shape OutputShape(Shape a, Shape b) => a;

    public override void Forward(Tensor a, Tensor b, Tensor y, Pass pass)
    {
        for (int i = 0; i < a.Span.Length; i++)
        {
            y.Span[i] = a.Span[i] * b.Span[i];
        }
    }

    public override void Backward(Tensor a, Tensor b, Tensor y, Tensor dY, Tensor? dA, Tensor? dB, Pass pass) => backward(a, b, dY, dA!, dB!);
}

/// <summary>L = (1/N) Σ (p − t)², with any factor in the backward pass, which gets N and dL.</summary>
internal sealed class PlantedLoss(Func<int, float, float> factor) : Loss
{
    public override void Check(Shape prediction, Targets targets)
    {
    }

    public override float Forward(Tensor p, Targets targets, Pass pass)
    {
        double sum = 0;
        for (int i = 0; i < p.Span.Length; i++)
        {
            sum += Math.Pow(p.Span[i] - targets.Values!.Span[i], 2);
        }

        return (float)(sum / p.Span.Length);
    }

    public override void Backward(Tensor p, Targets targets, float dL, Tensor dP, Pass pass)
    {
        for (int i = 0; i < p.Span.Length; i++)
        {
            dP.Span[i] += factor(p.Span.Length, dL) * (p.Span[i] - targets.Values!.Span[i]);
        }
    }
}

/// <summary>y = x ⊙ r + s, with r drawn at every pass and a state s that every pass moves on: right only if both are held still.</summary>
internal sealed class DrawingLayer : Layer
{
    private readonly Tensor mean = new(new Shape(1), "mean");

    public override IReadOnlyList<Tensor> State => [mean];

    public override Shape OutputShape(Shape input) => input;

    public override void Forward(Tensor x, Tensor y, Pass pass)
    {
        Tensor r = pass.Keep("r", x.Shape);
        for (int i = 0; i < x.Span.Length; i++)
        {
            r.Span[i] = pass.Random.NextUniform(1, 2);
            y.Span[i] = (x.Span[i] * r.Span[i]) + mean.Span[0];
        }

        mean.Span[0] += 1;
    }

    public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, Pass pass)
    {
        Tensor r = pass.Keep("r", x.Shape);
        for (int i = 0; i < x.Span.Length; i++)
        {
            dX!.Span[i] += dY.Span[i] * r.Span[i];
        }
    }
}
