using System.Diagnostics;
using MiniNet.Tensors;

namespace MiniNet.Graphs;

/// <summary>
/// Represents a reusable part of a network. By default, it is a chain of its parts. Adding it to a graph adds the nodes of the parts under
/// its own name: block1.0, block1.1, ... So the debugger, model files and everything else see ordinary nodes.
/// </summary>
/// <example>
/// A residual block, y = f(x) + x, where f is the chain of the parts:
/// <code>
/// public sealed class Residual(params IReadOnlyList&lt;IModule&gt; parts) : Block(parts)
/// {
///     public override Node Connect(Graph graph, Node x) => graph.Add(new Add(), base.Connect(graph, x), x);
/// }
///
/// var model = new Sequential(new Linear(4, 16), new Residual(new Linear(16, 16), new ReLU()), new Linear(16, 3));
/// </code>
/// </example>
/// <param name="parts">The layers and blocks of the chain. A derived class that connects its own layers passes none.</param>
[DebuggerStepThrough]
public class Block(params IReadOnlyList<IModule> parts) : IModule
{
    private readonly IReadOnlyList<IModule> parts = MiniNet.Require.NotNull(parts);

    /// <summary>Gets the shape of the input if the first part determines it; otherwise, null.</summary>
    public virtual Shape? InputShape => parts.Count == 0 ? null : parts[0].InputShape;

    /// <summary>
    /// Adds the nodes of the block to a graph. The names of nodes are relative to the name of the block: <c>graph.Add("norm", layer, x)</c>
    /// adds block1.norm, and <c>graph.Add(layer, x)</c> numbers the node. A block that is added twice shares its parameters.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="x">The input node.</param>
    /// <returns>The output node.</returns>
    public virtual Node Connect(Graph graph, Node x)
    {
        ArgumentNullException.ThrowIfNull(graph);
        for (int i = 0; i < parts.Count; i++)
        {
            x = graph.Add(parts[i], x);
        }

        return x;
    }

    Node IModule.AddTo(Graph graph, string name, Node x) => graph.Add(name, this, x);
}
