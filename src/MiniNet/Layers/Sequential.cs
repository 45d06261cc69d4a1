using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Layers;

/// <summary>A graph that is a chain: each layer reads the one before it. Its nodes are called <c>input</c>, <c>0</c>, <c>1</c>, ... as in PyTorch's <c>Sequential</c>.</summary>
/// <example><code>var model = new Sequential(seed: 1, new Linear(4, 16), new ReLU(), new Linear(16, 3));</code></example>
public sealed class Sequential : Graph
{
    /// <summary>Creates the chain; what shape comes in, the first layer says.</summary>
    /// <param name="seed">Decides the first weights and every other random number drawn in the graph.</param>
    /// <param name="layers">At least one.</param>
    /// <exception cref="ArgumentException">There is no layer, or the first takes any shape.</exception>
    /// <exception cref="ShapeException">Two neighbours do not fit.</exception>
    public Sequential(ulong seed, params IReadOnlyList<Layer> layers)
        : this(seed, FirstShape(layers), layers)
    {
    }

    /// <summary>Creates the chain for inputs of a shape.</summary>
    /// <param name="seed">Decides the first weights and every other random number drawn in the graph.</param>
    /// <param name="input">The shape that comes in, such as <c>Shape.Batch(1, 8, 8)</c>.</param>
    /// <param name="layers">At least one.</param>
    /// <exception cref="ArgumentException">There is no layer.</exception>
    /// <exception cref="ShapeException">Two neighbours do not fit.</exception>
    public Sequential(ulong seed, Shape input, params IReadOnlyList<Layer> layers)
        : base(seed)
    {
        if (layers.Count == 0)
        {
            throw new ArgumentException("A chain needs at least one layer.", nameof(layers));
        }

        Node node = Input("input", input);
        for (int i = 0; i < layers.Count; i++)
        {
            node = Add(i.ToString(System.Globalization.CultureInfo.InvariantCulture), layers[i], node);
        }
    }

    private static Shape FirstShape(IReadOnlyList<Layer> layers) => layers.Count > 0 && layers[0].InputShape is { } shape
        ? shape
        : throw new ArgumentException("The first layer does not say what shape it takes: give it, as in new Sequential(seed, Shape.Batch(4), ...).", nameof(layers));
}
