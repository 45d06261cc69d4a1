using System.Globalization;
using System.Text;
using System.Xml.Linq;
using MiniNet.Graphs;

namespace MiniNet.Plots;

/// <summary>A graph as a drawing: each node with its operation and the shape of its value, and an edge from each node to those that read it.</summary>
public static class GraphDrawing
{
    private const int Width = 190, Height = 52, Across = 60, Down = 24, Margin = 16;
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    /// <summary>For Mermaid, which many places that show Markdown draw.</summary>
    /// <param name="graph">The graph.</param>
    /// <returns>A flowchart, from the top down.</returns>
    public static string Mermaid(Graph graph)
    {
        var text = new StringBuilder("flowchart TD\n");
        foreach (Node node in graph.Nodes)
        {
            string label = string.Join("<br/>", Lines(node).Select(line => Entities(line)));
            text.Append(CultureInfo.InvariantCulture, $"    n{node.Index}[\"{label}\"]\n");
        }

        foreach ((Node from, Node to) in Edges(graph))
        {
            text.Append(CultureInfo.InvariantCulture, $"    n{from.Index} --> n{to.Index}\n");
        }

        return text.ToString();
    }

    /// <summary>For Graphviz.</summary>
    /// <param name="graph">The graph.</param>
    /// <returns>A directed graph in the dot language.</returns>
    public static string Dot(Graph graph)
    {
        var text = new StringBuilder("digraph {\n    node [shape=box, fontname=\"sans-serif\"];\n");
        foreach (Node node in graph.Nodes)
        {
            string label = string.Join("\\n", Lines(node).Select(line => line.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)));
            text.Append(CultureInfo.InvariantCulture, $"    n{node.Index} [label=\"{label}\"];\n");
        }

        foreach ((Node from, Node to) in Edges(graph))
        {
            text.Append(CultureInfo.InvariantCulture, $"    n{from.Index} -> n{to.Index};\n");
        }

        return text.Append("}\n").ToString();
    }

    /// <summary>As a picture, left to right: a node stands one column after the last of its sources.</summary>
    /// <param name="graph">The graph.</param>
    /// <returns>The picture, an SVG document.</returns>
    public static string Draw(Graph graph)
    {
        (int Column, int Row)[] places = Places(graph);
        int width = (places.Max(place => place.Column) * (Width + Across)) + Width + (2 * Margin), height = (places.Max(place => place.Row) * (Height + Down)) + Height + (3 * Margin); // a bow goes below the last row
        var svg = new XElement(
            Svg + "svg",
            new XAttribute("viewBox", $"0 0 {width} {height}"),
            new XAttribute("width", width),
            new XAttribute("height", height),
            new XAttribute("font-family", "system-ui, sans-serif"),
            new XAttribute("font-size", 13),
            new XElement(Svg + "title", "Graph: " + string.Join(", ", graph.Nodes.Select(node => node.Name))),
            new XElement(Svg + "defs", new XElement(
                Svg + "marker",
                new XAttribute("id", "head"),
                new XAttribute("viewBox", "0 0 8 8"),
                new XAttribute("refX", 8),
                new XAttribute("refY", 4),
                new XAttribute("markerWidth", 8),
                new XAttribute("markerHeight", 8),
                new XAttribute("orient", "auto"),
                new XElement(Svg + "path", new XAttribute("d", "M0 0 8 4 0 8z"), new XAttribute("fill", "#555555")))),
            new XElement(Svg + "rect", new XAttribute("width", width), new XAttribute("height", height), new XAttribute("fill", "#ffffff")),
            Edges(graph).Select(edge => Edge(places[edge.From.Index], places[edge.To.Index])),
            graph.Nodes.Select(node => Box(node, places[node.Index])));
        return new XDocument(svg).ToString().ReplaceLineEndings("\n") + "\n";
    }

    // A node whose straight way from its source would go through another one's place stands a row further down.
    private static (int Column, int Row)[] Places(Graph graph)
    {
        var places = new (int Column, int Row)[graph.Nodes.Count];
        var taken = new HashSet<(int, int)>();
        foreach (Node node in graph.Nodes)
        {
            int column = node.Sources.Count == 0 ? 0 : node.Sources.Max(source => places[source.Index].Column) + 1;
            int row = node.Sources.Count == 0 ? 0 : node.Sources.Min(source => places[source.Index].Row);
            while (!taken.Add((column, row)))
            {
                row++;
            }

            places[node.Index] = (column, row);
        }

        return places;
    }

    // One that passes over columns bows down, below the nodes that stand between.
    private static XElement Edge((int Column, int Row) from, (int Column, int Row) to)
    {
        int x1 = Left(from.Column) + Width, y1 = Top(from.Row) + (Height / 2), x2 = Left(to.Column), y2 = Top(to.Row) + (Height / 2);
        string path = to.Column == from.Column + 1
            ? $"M{x1} {y1} C{x1 + (Across / 2)} {y1} {x2 - (Across / 2)} {y2} {x2} {y2}"
            : $"M{x1} {y1 + 12} C{x1 + Across} {Math.Max(y1, y2) + Height + 8} {x2 - Across} {Math.Max(y1, y2) + Height + 8} {x2} {y2 + 12}";
        return new XElement(
            Svg + "path",
            new XAttribute("d", path),
            new XAttribute("fill", "none"),
            new XAttribute("stroke", "#555555"),
            new XAttribute("stroke-width", 1.5),
            new XAttribute("marker-end", "url(#head)"));
    }

    private static XElement Box(Node node, (int Column, int Row) place)
    {
        (int x, int y) = (Left(place.Column), Top(place.Row));
        string fill = node.Operation switch { null => "#e8f1fa", Loss => "#fbe9e0", _ => "#f4f4f4" };
        return new XElement(
            Svg + "g",
            new XElement(
                Svg + "rect",
                new XAttribute("x", x),
                new XAttribute("y", y),
                new XAttribute("width", Width),
                new XAttribute("height", Height),
                new XAttribute("rx", 6),
                new XAttribute("fill", fill),
                new XAttribute("stroke", "#555555")),
            Lines(node).Select((line, i) => new XElement(
                Svg + "text",
                new XAttribute("x", x + (Width / 2)),
                new XAttribute("y", y + 22 + (19 * i)),
                new XAttribute("text-anchor", "middle"),
                i == 0 ? new XAttribute("font-weight", "bold") : null,
                Shown(line))));
    }

    private static int Left(int column) => Margin + (column * (Width + Across));

    private static int Top(int row) => Margin + (row * (Height + Down));

    private static string[] Lines(Node node) => [node.Name, $"{node.Operation?.ToString() ?? "Input"} {node.Shape}"];

    private static string Shown(string line) => line.Length <= 28 ? line : line[..27] + "…";

    private static IEnumerable<(Node From, Node To)> Edges(Graph graph) => graph.Nodes.SelectMany(node => node.Sources.Distinct(), (node, source) => (source, node));

    private static string Entities(string line) => line
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("\"", "&quot;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal);
}
