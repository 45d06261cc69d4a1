using System.CommandLine;
using MiniNet.Figures;
using MiniNet.Files;
using MiniNet.Graphs;

namespace MiniNet.Cli;

/// <summary><c>mininet graph MODEL</c>: draws the network of a model.</summary>
internal static class GraphCommand
{
    private static readonly Argument<string> Model = Options.Required(
        "MODEL", "The model file that train wrote, or one that a program saved with ModelFile.Save or SaveNetwork.");

    private static readonly Option<GraphFormat> Format = Options.Choice(
        "--format", "The format of the drawing. If --output ends in .svg, .dot or .gv, that is the default.", GraphFormat.Mermaid);

    private static readonly OutputOption Output = new(
        "--output", "The file to write. Default: standard output.", ".svg", ".dot", ".gv", ".mmd");

    private enum GraphFormat
    {
        Mermaid,
        Dot,
        Svg,
    }

    public static Command Create()
    {
        var command = new Command("graph", "Draw the network of a model as a graph.") { Model, Format, Output };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        string model = parsed.GetRequiredValue(Model);
        var output = new OutputFile("--output", parsed.GetValue(Output));
        OutputFile.Check([model], output);
        Graph graph = ModelFile.LoadNetwork(model);
        GraphFormat byName = Path.GetExtension(output.Path)?.ToUpperInvariant() switch
        {
            ".SVG" => GraphFormat.Svg,
            ".DOT" or ".GV" => GraphFormat.Dot,
            _ => GraphFormat.Mermaid,
        };
        string drawing = parsed.Value(Format, byName) switch
        {
            GraphFormat.Mermaid => GraphExport.Mermaid(graph),
            GraphFormat.Dot => GraphExport.Dot(graph),
            _ => GraphExport.Draw(graph),
        };
        if (output.Path is not null)
        {
            output.Write(drawing);
            Console.Out.WriteLine(output.Path);
        }
        else
        {
            Console.Out.Write(drawing);
        }

        return 0;
    }
}
