using MiniNet.Tensors;

namespace MiniNet.Graphs;

/// <summary>Represents a part of a network with one input and one output: a <see cref="Layer"/> or a <see cref="Block"/>.</summary>
public interface IModule
{
    /// <summary>Gets the shape of the input if the parameters determine it; otherwise, null.</summary>
    Shape? InputShape { get; }

    /// <summary>Adds the nodes of the module to a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="name">The name of the node, or of the block.</param>
    /// <param name="x">The input node.</param>
    /// <returns>The output node.</returns>
    Node AddTo(Graph graph, string name, Node x);
}
