using System.Globalization;
using System.Text;
using MiniNet.Tensors;

namespace MiniNet.Graphs;

/// <summary>Represents a graph as a table, as returned by <see cref="Graph.Summary"/>.</summary>
/// <param name="Nodes">The lines of the table, one for each node in the order in which they run.</param>
/// <param name="Rows">The number of rows in the batch for which the FLOPs are counted.</param>
public sealed record ModelSummary(IReadOnlyList<NodeSummary> Nodes, int Rows)
{
    /// <summary>Gets the number of trainable parameters.</summary>
    public long Parameters => Nodes.Sum(node => node.Parameters);

    /// <summary>Gets the number of floating-point operations in one training step.</summary>
    public long Flops => Nodes.Sum(node => node.Flops);

    /// <summary>Formats the table, followed by a line with the totals.</summary>
    /// <returns>The text, ready to print.</returns>
    public override string ToString()
    {
        string[][] lines =
        [
            ["node", "operation", "from", "output", "parameters", "FLOPs"],
            .. Nodes.Select(node => (string[])
                [node.Name, node.Operation, node.From, node.Output.ToString(), Grouped(node.Parameters), Grouped(node.Flops)]),
        ];
        var text = new StringBuilder();
        foreach (string[] line in lines)
        {
            text.AppendJoin("  ", line.Select((cell, column) => column < 4 ? cell.PadRight(Width(column)) : cell.PadLeft(Width(column))))
                .Append('\n');
        }

        return text.Append(
            CultureInfo.InvariantCulture,
            $"{Grouped(Parameters)} parameters, {Grouped(Flops)} FLOPs in a training step on {Grouped(Rows)} row(s)").ToString();

        int Width(int column) => lines.Max(line => line[column].Length);
        static string Grouped(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
    }
}

/// <summary>Represents one node of a <see cref="ModelSummary"/>.</summary>
/// <param name="Name">The name of the node.</param>
/// <param name="Operation">The operation of the node, such as <c>Linear 4 -> 16</c>.</param>
/// <param name="From">The names of its input nodes.</param>
/// <param name="Output">The shape of its value, with <c>n</c> for the rows of a batch.</param>
/// <param name="Parameters">The number of trainable parameters; 0 if they were counted at an earlier node that uses the same layer.</param>
/// <param name="Flops">
/// The floating-point operations of its products in one training step: 2 for each multiplication with its addition in the forward pass, and
/// the same number for the gradient of the weight and for each input that needs a gradient. Only products are counted, not activations,
/// losses or the optimizer.
/// </param>
public sealed record NodeSummary(string Name, string Operation, string From, Shape Output, long Parameters, long Flops);
