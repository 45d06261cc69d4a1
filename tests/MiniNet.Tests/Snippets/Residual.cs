using MiniNet.Graphs;
using MiniNet.Layers;

namespace MiniNet.Tests.Snippets;

/// <summary>Represents a residual block: y = f(x) + x, where f is the chain of the parts.</summary>
public sealed class Residual(params IReadOnlyList<IModule> parts) : Block(parts)
{
    public override Node Connect(Graph graph, Node x) => graph.Add(new Add(), base.Connect(graph, x), x);
}
