using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Debugging;

/// <summary>What a debugger shows of a graph: its nodes in the order in which they run, and its parameters.</summary>
[DebuggerStepThrough]
internal sealed class GraphProxy(Graph graph)
{
    /// <summary>The nodes, first to last.</summary>
    public Node[] Nodes => [.. graph.Nodes];

    /// <summary>Every parameter once.</summary>
    public Parameter[] Parameters => [.. graph.Parameters];

    /// <summary>The prediction; null in an empty graph.</summary>
    public Node? Output => graph.Nodes.Count == 0 ? null : graph.Output;
}
