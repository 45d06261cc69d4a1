using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Layers;

/// <summary>
/// Represents a graph in which each layer reads the output of the previous one. The nodes are named <c>input</c>, <c>0</c>, <c>1</c>, ...
/// as in PyTorch's <c>Sequential</c>. A chain within another network is a <see cref="Block"/>.
/// </summary>
/// <example><code>var model = new Sequential(seed: 1, new Linear(4, 16), new ReLU(), new Linear(16, 3));</code></example>
public sealed class Sequential : Graph
{
    /// <summary>
    /// Initializes a new instance of the <see cref="Sequential"/> class with seed 0. The first layer determines the shape of the input.
    /// </summary>
    /// <inheritdoc cref="Sequential(ulong, IReadOnlyList{IModule})"/>
    public Sequential(params IReadOnlyList<IModule> layers)
        : this(0, layers)
    {
    }

    /// <summary>
    /// Initializes a new instance of the <see cref="Sequential"/> class. The first layer determines the shape of the input.
    /// </summary>
    /// <param name="seed">The seed for the initial weights and all other random numbers in the graph.</param>
    /// <param name="layers">The layers and blocks, at least one.</param>
    /// <exception cref="ArgumentException">There is no layer, or the first layer accepts any shape.</exception>
    /// <exception cref="ShapeException">A layer does not accept the output shape of the previous layer.</exception>
    public Sequential(ulong seed, params IReadOnlyList<IModule> layers)
        : this(seed, FirstShape(layers), layers)
    {
    }

    /// <summary>
    /// Initializes a new instance of the <see cref="Sequential"/> class with seed 0 for inputs of the specified shape.
    /// </summary>
    /// <inheritdoc cref="Sequential(ulong, Shape, IReadOnlyList{IModule})"/>
    public Sequential(Shape input, params IReadOnlyList<IModule> layers)
        : this(0, input, layers)
    {
    }

    /// <summary>Initializes a new instance of the <see cref="Sequential"/> class for inputs of the specified shape.</summary>
    /// <param name="seed">The seed for the initial weights and all other random numbers in the graph.</param>
    /// <param name="input">The shape of the input, such as <c>Shape.Batch(1, 8, 8)</c>.</param>
    /// <param name="layers">The layers and blocks, at least one.</param>
    /// <exception cref="ArgumentException">There is no layer.</exception>
    /// <exception cref="ShapeException">A layer does not accept the output shape of the previous layer.</exception>
    public Sequential(ulong seed, Shape input, params IReadOnlyList<IModule> layers)
        : base(seed)
    {
        ArgumentNullException.ThrowIfNull(layers);
        if (layers.Count == 0)
        {
            throw new ArgumentException("Sequential needs at least one layer.", nameof(layers));
        }

        Node node = Input("input", input);
        for (int i = 0; i < layers.Count; i++)
        {
            node = Add(layers[i], node);
        }
    }

    private static Shape FirstShape(IReadOnlyList<IModule> layers) => Require.NotNull(layers) is [{ InputShape: { } shape }, ..]
        ? shape
        : throw new ArgumentException(
            "The first layer accepts any shape: pass the shape of the input, as in new Sequential(Shape.Batch(4), ...).",
            nameof(layers));
}
