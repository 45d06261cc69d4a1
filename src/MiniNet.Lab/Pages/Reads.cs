using System.Text.Json;
using MiniNet.Data;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Optimizers;
using MiniNet.Stepping;
using MiniNet.Tensors;

namespace MiniNet.Pages;

/// <summary>What the page has to know of an operation to say which numbers one of its numbers was made of. Of one that is not here it shows the equation, and says no more.</summary>
internal static class Reads
{
    /// <summary>Whether each number is made of those at its own place, in row-major order.</summary>
    /// <param name="step">The step.</param>
    /// <returns>Whether it is so.</returns>
    public static bool IsElementwise(Step step) => step.Rule.IsElementwise || step.Kind == StepKind.Update || step.Node?.Operation is Flatten or Unflatten;

    /// <summary>Writes how the operation reads: <c>{"kind":"rows","size":3}</c>.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="step">The step.</param>
    public static void Write(Utf8JsonWriter json, Step step)
    {
        if (step.Node is not { } node || step.Inputs is not [var x, ..])
        {
            return;
        }

        Shape shape = x.Shape;
        (string Kind, (string, int[])[] Sizes)? how = node.Operation switch
        {
            Embedding embedding => ("lookup", [("size", [embedding.Dimensions])]),
            Concat => ("concat", [("first", [shape.Columns])]),
            WindowLayer window => (window is Conv2d ? "convolution" : window is MaxPool2d ? "greatest" : "average", Window(window, shape, step.Output!.Shape)),
            BatchNorm norm => ("channels", [("size", [shape.Columns / norm.Features])]),
            LayerNorm norm => ("groups", [("size", [norm.NormalizedShape.Length])]),
            Softmax or LogSoftmax => ("rows", [("size", [shape[shape.Rank - 1]])]),
            Sum => ("sum", []),
            Mean => ("mean", []),
            SoftmaxCrossEntropy or MeanSquaredError or MeanAbsoluteError or Huber or KullbackLeibler or BinaryCrossEntropyWithLogits => ("loss", []),
            _ => null,
        };
        if (how is not { } known)
        {
            return;
        }

        json.WriteStartObject("how");
        json.WriteString("kind", known.Kind);
        foreach ((string name, int[] sizes) in known.Sizes)
        {
            json.WritePropertyName(name);
            JsonSerializer.Serialize(json, sizes);
        }

        json.WriteEndObject();
    }

    /// <summary>The numbers of an equation that are no tensors: <c>ε = 1E-05</c>.</summary>
    /// <param name="step">The step.</param>
    /// <returns>Each with its letter.</returns>
    public static IReadOnlyList<string> Constants(Step step) => step.Node?.Operation switch
    {
        BatchNorm norm => [Optimizer.Is("ε", norm.Epsilon)],
        LayerNorm norm => [Optimizer.Is("ε", norm.Epsilon)],
        LeakyReLU leaky => [Optimizer.Is("a", leaky.NegativeSlope)],
        ELU elu => [Optimizer.Is("α", elu.Alpha)],
        Softplus softplus => [Optimizer.Is("β", softplus.Beta)],
        Huber huber => [Optimizer.Is("δ", huber.Delta)],
        _ => [],
    };

    /// <summary>The equations as they hold in this step, where the operation's rule has those of other options.</summary>
    /// <param name="step">The step.</param>
    /// <returns>What the rule says, and what holds in its place.</returns>
    public static IReadOnlyList<(string Says, string Holds)> Differences(Step step) => step.Node?.Operation switch
    {
        BatchNorm { Weight: null } or LayerNorm { Weight: null } =>
        [
            (", then scales and shifts it", ""), (", then as training found best", ""), ("y = γ·(x − μ)/√(v + ε) + β", "y = (x − μ)/√(v + ε)"),
            ("γ,  ∂y/∂γ = x̂,  ∂y/∂β = 1", "1"), ("γ·s,  ∂y/∂γ = x̂,  ∂y/∂β = 1", "s"), ("dX̂ = γ·dY", "dX̂ = dY"),
        ],
        Linear { Bias: null } => [("y = x·W + b", "y = x·W"), (",  ∂y/∂b = 1", "")],
        Conv2d { Bias: null } => [("y = b + Σ x·W", "y = Σ x·W"), (",  ∂y/∂b = 1", "")],
        GELU { TanhApproximation: true } => [("y = x Φ(x)", "y ≈ x Φ(x)"), ("∂y/∂x = Φ(x) + x φ(x)", "∂y/∂x ≈ Φ(x) + x φ(x)")],
        _ => [],
    };

    /// <summary>The names of the inputs that the columns of a table become: <c>petal_length</c>, or <c>sex=female</c>.</summary>
    /// <param name="preprocessing">What makes them.</param>
    /// <returns>One name an input.</returns>
    public static IReadOnlyList<string> NamesOf(Preprocessing preprocessing) =>
        [.. preprocessing.Columns.SelectMany(column => column is OneHotEncoder oneHot ? oneHot.Categories.Select(category => $"{column.Name}={category}") : [column.Name])];

    private static (string, int[])[] Window(WindowLayer layer, Shape x, Shape y) =>
    [
        ("x", [x[1], x[2], x[3]]),
        ("y", [y[1], y[2], y[3]]),
        ("window", [layer.KernelSize.Height, layer.KernelSize.Width]),
        ("stride", [layer.Stride.Height, layer.Stride.Width]),
        ("padding", [layer.Padding.Height, layer.Padding.Width]),
    ];
}
