using System.Globalization;
using System.Text;
using MiniNet.Tensors;

namespace MiniNet.Graphs;

/// <summary>A graph as a table: what <see cref="Graph.Summary"/> gives, and prints as.</summary>
/// <param name="Nodes">A line for each node, in the order in which they run.</param>
/// <param name="Rows">The rows of the batch that the FLOPs are for.</param>
public sealed record ModelSummary(IReadOnlyList<NodeSummary> Nodes, int Rows)
{
    /// <summary>How many numbers training changes.</summary>
    public long Parameters => Nodes.Sum(node => node.Parameters);

    /// <summary>The floating point operations of one training step.</summary>
    public long Flops => Nodes.Sum(node => node.Flops);

    /// <summary>The table, with a line of totals under it.</summary>
    /// <returns>The text.</returns>
    public override string ToString()
    {
        string[][] lines =
        [
            ["node", "operation", "from", "output", "parameters", "FLOPs"],
            .. Nodes.Select(node => (string[])[node.Name, node.Operation, node.From, node.Output.ToString(), Grouped(node.Parameters), Grouped(node.Flops)]),
        ];
        var text = new StringBuilder();
        foreach (string[] line in lines)
        {
            text.AppendJoin("  ", line.Select((cell, column) => column < 4 ? cell.PadRight(Width(column)) : cell.PadLeft(Width(column)))).Append('\n');
        }

        return text.Append(CultureInfo.InvariantCulture, $"{Grouped(Parameters)} parameters, {Grouped(Flops)} FLOPs in a training step on {Grouped(Rows)} row(s)").ToString();

        int Width(int column) => lines.Max(line => line[column].Length);
        static string Grouped(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
    }
}

/// <summary>One node of a <see cref="ModelSummary"/>.</summary>
/// <param name="Name">The node's name.</param>
/// <param name="Operation">Its operation, such as <c>Linear 4 -> 16</c>.</param>
/// <param name="From">The nodes it reads.</param>
/// <param name="Output">The shape of its value, <c>n</c> for the rows of a batch.</param>
/// <param name="Parameters">How many numbers training changes here; 0 where an earlier node has counted them, because the layer is the same.</param>
/// <param name="Flops">
/// The floating point operations of its products in one training step: 2 for each multiplication with its addition, forward, and as many again
/// for the gradient of the weight and of each input that needs one. What is not a product (activations, losses, the optimizer) is not counted.
/// </param>
public sealed record NodeSummary(string Name, string Operation, string From, Shape Output, long Parameters, long Flops);
