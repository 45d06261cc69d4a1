using System.Globalization;
using System.Text;
using System.Xml.Linq;
using MiniNet.Graphs;

namespace MiniNet.Figures;

/// <summary>
/// Exports a graph as a drawing: each node with its operation and output shape, and an edge from each node to the nodes that read it.
/// </summary>
public static class GraphExport
{
    // Corresponds to the page's style sheet for the same picture.
    private const string Style =
        "text { font: 12px system-ui, sans-serif } .name { font-size: 14px; font-weight: 600 } "
        + ".node rect { fill: #f4f4f4; stroke: #555555 } "
        + ".edge { fill: none; stroke: #555555; stroke-width: 1.5; marker-end: url(#arrow) } #arrow path { fill: #555555 }";

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    /// <summary>Returns the graph as a Mermaid flowchart, which many Markdown viewers can display.</summary>
    /// <param name="graph">The graph.</param>
    /// <returns>The flowchart, from top to bottom.</returns>
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

    /// <summary>Returns the graph in the DOT language, for Graphviz.</summary>
    /// <param name="graph">The graph.</param>
    public static string Dot(Graph graph)
    {
        var text = new StringBuilder("digraph {\n    node [shape=box, fontname=\"sans-serif\"];\n");
        foreach (Node node in graph.Nodes)
        {
            string label = string.Join("\\n", Lines(node).Select(line =>
                line.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)));
            text.Append(CultureInfo.InvariantCulture, $"    n{node.Index} [label=\"{label}\"];\n");
        }

        foreach ((Node from, Node to) in Edges(graph))
        {
            text.Append(CultureInfo.InvariantCulture, $"    n{from.Index} -> n{to.Index};\n");
        }

        return text.Append("}\n").ToString();
    }

    /// <summary>Draws the graph from left to right. Each node is one column after its last source.</summary>
    /// <param name="graph">The graph.</param>
    /// <returns>The SVG document.</returns>
    public static string Draw(Graph graph)
    {
        XElement picture = XElement.Parse(GraphSvgLayout.Draw(graph));
        foreach (XElement element in picture.DescendantsAndSelf())
        {
            element.Name = Svg + element.Name.LocalName;
        }

        picture.AddFirst(
            new XElement(Svg + "style", Style),
            new XElement(
                Svg + "rect", new XAttribute("width", "100%"), new XAttribute("height", "100%"), new XAttribute("fill", "#ffffff")));
        return new XDocument(picture).ToString().ReplaceLineEndings("\n") + "\n";
    }

    private static string[] Lines(Node node) => [node.Name, $"{node.Operation?.ToString() ?? "Input"} {node.Shape}"];

    private static IEnumerable<(Node From, Node To)> Edges(Graph graph) =>
        graph.Nodes.SelectMany(node => node.Sources.Distinct(), (node, source) => (source, node));

    private static string Entities(string line) => line
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("\"", "&quot;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal);
}
