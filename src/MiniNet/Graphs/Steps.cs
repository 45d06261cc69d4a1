using System.Diagnostics;

namespace MiniNet.Graphs;

/// <summary>
/// Enumerates the forward pass node by node. See <see cref="Graph.ForwardSteps"/>. It is a value type so that foreach does not allocate.
/// </summary>
[DebuggerStepThrough]
public struct ForwardSteps
{
    private readonly Graph graph;
    private readonly Targets? targets;
    private int next;
    private bool targetsGiven;

    internal ForwardSteps(Graph graph, Targets? targets) => (this.graph, this.targets) = (graph, targets);

    /// <summary>Gets the node whose value was computed last.</summary>
    public readonly Node Current => graph.Nodes[next - 1];

    /// <summary>Returns this enumerator, for use in foreach.</summary>
    /// <returns>This enumerator.</returns>
    public readonly ForwardSteps GetEnumerator() => this;

    /// <summary>Computes the value of the next node.</summary>
    /// <returns>true if a value was computed; false if all values have been computed.</returns>
    public bool MoveNext()
    {
        while (next < graph.Nodes.Count)
        {
            Node node = graph.Nodes[next++];
            if (node.NeedsTargets && targets is null)
            {
                continue;
            }

            if (node.NeedsTargets && !targetsGiven)
            {
                graph.BeginLoss(targets!);
                targetsGiven = true;
            }

            graph.ForwardAt(node);
            return true;
        }

        return false;
    }
}

/// <summary>
/// Enumerates the backward pass node by node. See <see cref="Graph.BackwardSteps"/>. It is a value type so that foreach does not allocate.
/// </summary>
[DebuggerStepThrough]
public struct BackwardSteps
{
    private readonly Graph graph;
    private int next;

    internal BackwardSteps(Graph graph) => (this.graph, next) = (graph, graph.Nodes.Count);

    /// <summary>Gets the node whose gradient was passed on last.</summary>
    public readonly Node Current => graph.Nodes[next];

    /// <summary>Returns this enumerator, for use in foreach.</summary>
    /// <returns>This enumerator.</returns>
    public readonly BackwardSteps GetEnumerator() => this;

    /// <summary>Passes the gradient of the next node on to its sources and parameters.</summary>
    /// <returns>true if there was another node; false at the start of the graph.</returns>
    public bool MoveNext()
    {
        if (next == 0)
        {
            return false;
        }

        graph.BackwardAt(graph.Nodes[--next]);
        return true;
    }
}
