using System.Globalization;
using System.Text;
using System.Xml.Linq;
using MiniNet.Graphs;

namespace MiniNet.Figures;

/// <summary>Draws a graph as an SVG element: nodes in columns by depth, with an edge from each source to each node that reads it.</summary>
internal static class GraphSvgLayout
{
    private const double NodeWidth = 136, NodeHeight = 48, ColumnWidth = 182, RowHeight = 66, Margin = 10;
    private static readonly string[] Arrows = ["arrow", "arrow-lit", "arrow-back"];

    /// <summary>
    /// Draws the graph. Nodes carry <c>data-node</c>, edges <c>data-from</c> and <c>data-to</c>, so that a script can highlight them.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <returns>The SVG element without a namespace, to embed in HTML.</returns>
    public static string Draw(Graph graph)
    {
        (int[] depth, List<List<Slot>> columns, Dictionary<(Node, Node), List<Slot>> routes) = ComputeLayout(graph);
        int rows = columns.Select(column => column.Count).DefaultIfEmpty(1).Max(),
            across = Math.Max(columns.Count, 1);                    // an empty graph is drawn with room for one node
        double width = (across * ColumnWidth) - (ColumnWidth - NodeWidth) + (2 * Margin),
            height = (rows * RowHeight) - (RowHeight - NodeHeight) + (2 * Margin);
        var svg = new XElement(
            "svg",
            new XAttribute("viewBox", $"0 0 {N(width)} {N(height)}"),
            new XAttribute("width", N(width)),
            new XAttribute("height", N(height)),
            new XAttribute("role", "img"),
            new XAttribute("aria-label", "The graph: " + string.Join(";  ", graph.Nodes.Where(node => node.Sources.Count > 0).Select(node =>
                SvgParts.Truncate($"{string.Join(" and ", node.Sources.Select(source => source.Name))} to {node.Name}", 200)))),
            Arrow());
        foreach (List<Slot> column in columns)
        {
            for (int row = 0; row < column.Count; row++)
            {
                column[row].Y = Margin + (NodeHeight / 2) + ((row + ((rows - column.Count) / 2.0)) * RowHeight);
            }
        }

        foreach (((Node from, Node to), List<Slot> stops) in routes)
        {
            svg.Add(new XElement(
                "path",
                new XAttribute("class", "edge"),
                new XAttribute("data-from", from.Index),
                new XAttribute("data-to", to.Index),
                new XAttribute("d", Curve(stops, depth[from.Index]))));
        }

        svg.Add(columns.SelectMany((column, c) =>
            column.Where(stop => stop.Node is not null).Select(stop => Box(stop.Node!, Margin + (c * ColumnWidth), stop.Y))));
        return svg.ToString(SaveOptions.DisableFormatting);
    }

    // A node is placed one column after its last source. An edge across several columns reserves a place in each column that it crosses.
    private static (int[] Depth, List<List<Slot>> Columns, Dictionary<(Node From, Node To), List<Slot>> Routes) ComputeLayout(Graph graph)
    {
        int[] depth = new int[graph.Nodes.Count];
        List<List<Slot>> columns = [];
        Dictionary<(Node, Node), List<Slot>> routes = [];
        Slot[] stops = [.. graph.Nodes.Select(node => new Slot { Node = node })];
        foreach (Node node in graph.Nodes)
        {
            depth[node.Index] = node.Sources.Count == 0 ? 0 : 1 + node.Sources.Max(source => depth[source.Index]);
            while (columns.Count <= depth[node.Index])
            {
                columns.Add([]);
            }

            columns[depth[node.Index]].Add(stops[node.Index]);
        }

        foreach (Node node in graph.Nodes)
        {
            foreach (Node source in node.Sources.Distinct())
            {
                List<Slot> route = [stops[source.Index]];
                for (int c = depth[source.Index] + 1; c < depth[node.Index]; c++)
                {
                    route.Add(new Slot());
                    columns[c].Add(route[^1]);
                }

                route.Add(stops[node.Index]);
                routes[(source, node)] = route;
            }
        }

        return (depth, columns, routes);
    }

    private static string Curve(List<Slot> stops, int column)
    {
        double x = Margin + (column * ColumnWidth) + NodeWidth;
        var path = new StringBuilder($"M{N(x)} {N(stops[0].Y)}");
        for (int i = 1; i < stops.Count; i++)
        {
            double next = Margin + ((column + i) * ColumnWidth) - (i == stops.Count - 1 ? 3 : 0), bend = (next + x) / 2;
            path.Append(
                CultureInfo.InvariantCulture,
                $" C{N(bend)} {N(stops[i - 1].Y)} {N(bend)} {N(stops[i].Y)} {N(next)} {N(stops[i].Y)}");
            x = next + NodeWidth;
            path.Append(i == stops.Count - 1 ? "" : $" H{N(x)}");       // straight past the nodes of the column
        }

        return path.ToString();
    }

    private static XElement Box(Node node, double left, double middle) => new(
        "g",
        new XAttribute("class", "node"),
        new XAttribute("data-node", node.Index),
        new XElement("title", SvgParts.Truncate($"{node.Name}: {node.Operation?.ToString() ?? "Input"} {node.Shape}", 200)),
        new XElement(
            "rect",
            new XAttribute("x", N(left)),
            new XAttribute("y", N(middle - (NodeHeight / 2))),
            new XAttribute("width", N(NodeWidth)),
            new XAttribute("height", N(NodeHeight)),
            new XAttribute("rx", 8)),
        Text("name", left, middle - 4, SvgParts.Truncate(node.Name, 14)),
        Text("operation", left, middle + 14, SvgParts.Truncate(node.Operation?.ToString() ?? "Input", 16)));

    private static XElement Text(string kind, double left, double y, string text) =>
        new(
            "text",
            new XAttribute("class", kind),
            new XAttribute("x", N(left + (NodeWidth / 2))),
            new XAttribute("y", N(y)),
            new XAttribute("text-anchor", "middle"),
            text);

    private static XElement Arrow() => new("defs", Arrows.Select(id => new XElement(
        "marker",
        new XAttribute("id", id),
        new XAttribute("viewBox", "0 0 8 8"),
        new XAttribute("refX", 7),
        new XAttribute("refY", 4),
        new XAttribute("markerWidth", 8),
        new XAttribute("markerHeight", 8),
        new XAttribute("markerUnits", "userSpaceOnUse"),
        new XAttribute("orient", "auto-start-reverse"),
        new XElement("path", new XAttribute("d", "M0 0 L8 4 L0 8 Z")))));

    private static string N(double value) => Math.Round(value, 2).ToString(CultureInfo.InvariantCulture);

    /// <summary>Represents a place in a column: a node, or a point that an edge passes through.</summary>
    private sealed class Slot
    {
        public Node? Node { get; init; }

        public double Y { get; set; }
    }
}
