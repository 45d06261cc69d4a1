using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Debugging;

/// <summary>Defines what the debugger shows for a graph: its nodes in the order in which they run, and its parameters.</summary>
[DebuggerStepThrough]
internal sealed class GraphProxy(Graph graph)
{
    /// <summary>Gets the nodes, first to last.</summary>
    public Node[] Nodes => [.. graph.Nodes];

    /// <summary>Gets the parameters, each once.</summary>
    public Parameter[] Parameters => [.. graph.Parameters];

    /// <summary>Gets the node of the prediction; null in an empty graph.</summary>
    public Node? Output => graph.Nodes.Count == 0 ? null : graph.Output;
}
