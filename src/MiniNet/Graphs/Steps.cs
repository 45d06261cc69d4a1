using System.Diagnostics;

namespace MiniNet.Graphs;

/// <summary>The forward pass, a node at a time: see <see cref="Graph.ForwardSteps"/>. A value type, so that a foreach allocates nothing.</summary>
[DebuggerStepThrough]
public struct ForwardSteps
{
    private readonly Graph graph;
    private readonly Targets? targets;
    private int next;
    private bool targetsGiven;

    internal ForwardSteps(Graph graph, Targets? targets) => (this.graph, this.targets) = (graph, targets);

    /// <summary>The node whose value was computed last.</summary>
    public readonly Node Current => graph.Nodes[next - 1];

    /// <summary>Itself, for foreach.</summary>
    /// <returns>The steps.</returns>
    public readonly ForwardSteps GetEnumerator() => this;

    /// <summary>Computes the next node's value.</summary>
    /// <returns>False where all are computed.</returns>
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

/// <summary>The backward pass, a node at a time: see <see cref="Graph.BackwardSteps"/>. A value type, so that a foreach allocates nothing.</summary>
[DebuggerStepThrough]
public struct BackwardSteps
{
    private readonly Graph graph;
    private int next;

    internal BackwardSteps(Graph graph) => (this.graph, next) = (graph, graph.Nodes.Count);

    /// <summary>The node whose gradient was passed on last.</summary>
    public readonly Node Current => graph.Nodes[next];

    /// <summary>Itself, for foreach.</summary>
    /// <returns>The steps.</returns>
    public readonly BackwardSteps GetEnumerator() => this;

    /// <summary>Passes the next node's gradient on to its sources and parameters.</summary>
    /// <returns>False where the front of the graph is reached.</returns>
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
