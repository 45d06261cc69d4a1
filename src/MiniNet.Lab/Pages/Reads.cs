using System.Text.Json;
using MiniNet.Data;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Optimizers;
using MiniNet.Stepping;
using MiniNet.Tensors;

namespace MiniNet.Pages;

/// <summary>
/// Describes, per operation, which input elements each output element depends on. For operations not listed here the page shows only the
/// equation.
/// </summary>
internal static class Reads
{
    /// <summary>Returns whether each output element depends only on the input elements at the same position, in row-major order.</summary>
    /// <param name="step">The step.</param>
    public static bool IsElementwise(Step step) =>
        step.Equations.IsElementwise || step.Kind == StepKind.Update || step.Node?.Operation is Flatten or Unflatten;

    /// <summary>Writes which elements the operation reads, such as <c>{"kind":"rows","size":3}</c>.</summary>
    /// <param name="json">The writer.</param>
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
            WindowLayer window => (
                window is Conv2d ? "convolution" : window is MaxPool2d ? "greatest" : "average",
                Window(window, shape, step.Output!.Shape)),
            BatchNorm norm => ("channels", [("size", [shape.Columns / norm.Features])]),
            LayerNorm norm => ("groups", [("size", [norm.NormalizedShape.Length])]),
            Softmax or LogSoftmax => ("rows", [("size", [shape[shape.Rank - 1]])]),
            Sum => ("sum", []),
            Mean => ("mean", []),
            SoftmaxCrossEntropy or MeanSquaredError or MeanAbsoluteError or Huber or KullbackLeibler or BinaryCrossEntropyWithLogits =>
                ("loss", []),
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

    /// <summary>Returns the constants of the operation's equation, such as <c>ε = 1E-05</c>.</summary>
    /// <param name="step">The step.</param>
    public static IReadOnlyList<string> Constants(Step step) => step.Node?.Operation switch
    {
        BatchNorm norm => [Optimizer.FormatConstant("ε", norm.Epsilon)],
        LayerNorm norm => [Optimizer.FormatConstant("ε", norm.Epsilon)],
        LeakyReLU leaky => [Optimizer.FormatConstant("a", leaky.NegativeSlope)],
        ELU elu => [Optimizer.FormatConstant("α", elu.Alpha)],
        Softplus softplus => [Optimizer.FormatConstant("β", softplus.Beta)],
        Huber huber => [Optimizer.FormatConstant("δ", huber.Delta)],
        _ => [],
    };

    /// <summary>
    /// Returns the replacements that adapt the operation's equations to the options used in this step, such as a missing bias.
    /// </summary>
    /// <param name="step">The step.</param>
    /// <returns>The original text, and the text that replaces it.</returns>
    public static IReadOnlyList<(string Says, string Holds)> Differences(Step step) => step.Node?.Operation switch
    {
        BatchNorm { Weight: null } or LayerNorm { Weight: null } =>
        [
            (", then scales and shifts it", ""),
            (", then as training found best", ""),
            ("y = γ·(x − μ)/√(v + ε) + β", "y = (x − μ)/√(v + ε)"),
            ("γ,  ∂y/∂γ = x̂,  ∂y/∂β = 1", "1"), ("γ·s,  ∂y/∂γ = x̂,  ∂y/∂β = 1", "s"), ("dX̂ = γ·dY", "dX̂ = dY"),
        ],
        Linear { Bias: null } => [("y = x·W + b", "y = x·W"), (",  ∂y/∂b = 1", "")],
        Conv2d { Bias: null } => [("y = b + Σ x·W", "y = Σ x·W"), (",  ∂y/∂b = 1", "")],
        GELU { TanhApproximation: true } => [("y = x Φ(x)", "y ≈ x Φ(x)"), ("∂y/∂x = Φ(x) + x φ(x)", "∂y/∂x ≈ Φ(x) + x φ(x)")],
        _ => [],
    };

    /// <summary>
    /// Returns the names of the inputs that the columns of a table produce, such as <c>petal_length</c> or <c>sex=female</c>.
    /// </summary>
    /// <param name="preprocessing">The preprocessing that produces the inputs.</param>
    /// <returns>One name per input.</returns>
    public static IReadOnlyList<string> NamesOf(Preprocessing preprocessing) =>
    [
        .. preprocessing.Columns.SelectMany(column => column is OneHotEncoder oneHot
            ? oneHot.Categories.Select(category => $"{column.Name}={category}")
            : [column.Name]),
    ];

    private static (string, int[])[] Window(WindowLayer layer, Shape x, Shape y) =>
    [
        ("x", [x[1], x[2], x[3]]),
        ("y", [y[1], y[2], y[3]]),
        ("window", [layer.KernelSize.Height, layer.KernelSize.Width]),
        ("stride", [layer.Stride.Height, layer.Stride.Width]),
        ("padding", [layer.Padding.Height, layer.Padding.Width]),
    ];
}
