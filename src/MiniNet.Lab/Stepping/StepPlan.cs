using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Optimizers;

namespace MiniNet.Stepping;

/// <summary>Lists the steps of a training step in order, each with its kind and the index of its node or parameter.</summary>
[DebuggerStepThrough]
internal static class StepPlan
{
    public static List<(StepKind Kind, int Index)> Create(Graph graph, bool hasTargets, Optimizer? optimizer, bool clips)
    {
        List<(StepKind, int)> plan = [];
        AddNodes(plan, graph, StepKind.Forward);
        if (graph.HasLoss && !hasTargets)
        {
            return plan;
        }

        AddNodes(plan, graph, StepKind.Loss);
        plan.Add((StepKind.ZeroGradients, 0));
        for (int i = graph.Nodes.Count - 1; i >= 0; i--)
        {
            if (graph.Nodes[i].Operation is not null)
            {
                plan.Add((StepKind.Backward, i));
            }
        }

        if (optimizer is not null && clips)
        {
            plan.Add((StepKind.Clip, 0));
        }

        for (int i = 0; i < optimizer?.Parameters.Count; i++)
        {
            plan.Add((StepKind.Update, i));
        }

        return plan;
    }

    private static void AddNodes(List<(StepKind, int)> plan, Graph graph, StepKind kind)
    {
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            if (graph.Nodes[i].Operation is not null && graph.Nodes[i].NeedsTargets == (kind == StepKind.Loss))
            {
                plan.Add((kind, i));
            }
        }
    }
}
