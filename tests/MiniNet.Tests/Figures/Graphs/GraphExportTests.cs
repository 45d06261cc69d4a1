using System.Globalization;
using System.Xml.Linq;
using MiniNet.Figures;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Tensors;

namespace MiniNet.Tests.Figures;

public class GraphExportTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Draw_EmptyGraph_IsAnEmptyDrawing()
    {
        XElement picture = XElement.Parse(GraphExport.Draw(new Graph()));
        Assert.All((string[])["width", "height"], size =>
            Assert.InRange(double.Parse(picture.Attribute(size)!.Value, CultureInfo.InvariantCulture), 1, 1000));
        Assert.DoesNotContain("n0", GraphExport.Mermaid(new Graph()) + GraphExport.Dot(new Graph()), StringComparison.Ordinal);
    }

    [Fact]
    public void Mermaid_HasEveryNodeAndEdge() => Assert.Equal(
        """
        flowchart TD
            n0["x<br/>Input [n, 4]"]
            n1["a &quot;b&quot; &lt;c&gt;<br/>Linear 4 -&gt; 4 [n, 4]"]
            n2["relu<br/>ReLU [n, 4]"]
            n3["sum<br/>Add [n, 4]"]
            n4["loss<br/>SoftmaxCrossEntropy []"]
            n0 --> n1
            n1 --> n2
            n1 --> n3
            n2 --> n3
            n3 --> n4

        """.ReplaceLineEndings("\n"), GraphExport.Mermaid(Residual()));

    [Fact]
    public void Dot_HasEveryNodeAndEdge()
    {
        string dot = GraphExport.Dot(Residual());
        Assert.StartsWith("digraph {\n", dot, StringComparison.Ordinal);
        Assert.Contains("n1 [label=\"a \\\"b\\\" <c>\\nLinear 4 -> 4 [n, 4]\"];", dot, StringComparison.Ordinal);
        Assert.Equal(5, dot.Split("label=").Length - 1);
        Assert.Equal(
            ["n0 -> n1", "n1 -> n2", "n1 -> n3", "n2 -> n3", "n3 -> n4"],
            dot.Split('\n').Select(line => line.Trim(' ', ';'))
                .Where(line => line.StartsWith('n') && line.Contains(" -> n", StringComparison.Ordinal)));
    }

    [Fact]
    public void Draw_Nodes_DoNotOverlapAndAreRightOfTheirSources()
    {
        Graph graph = Residual();
        XElement svg = XDocument.Parse(GraphExport.Draw(graph)).Root!;
        (double X, double Y)[] boxes =
        [
            .. svg.Descendants(Svg + "g").Select(g => g.Element(Svg + "rect")!)
                .Select(rect => ((double)rect.Attribute("x")!, (double)rect.Attribute("y")!)),
        ];
        Assert.Equal(graph.Nodes.Count, boxes.Length);
        Assert.Equal(boxes.Length, boxes.Distinct().Count());
        Assert.All(graph.Nodes, node => Assert.All(node.Sources, source => Assert.True(boxes[source.Index].X < boxes[node.Index].X)));
        Assert.Equal(graph.Nodes.Select(node => node.Name), svg.Descendants(Svg + "g").Select(g => g.Elements(Svg + "text").First().Value));
        Assert.Equal(graph.Nodes.Sum(node => node.Sources.Count), svg.Elements(Svg + "path").Count());
    }

    private static Graph Residual()
    {
        var graph = new Graph(seed: 1);
        Node h = graph.Add("a \"b\" <c>", new Linear(4, 4), graph.Input("x", Shape.Batch(4)));
        graph.Add("sum", new Add(), h, graph.Add("relu", new ReLU(), h));
        graph.AddLoss(new SoftmaxCrossEntropy());
        return graph;
    }
}
