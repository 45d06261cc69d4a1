using System.CommandLine;
using System.Text.RegularExpressions;
using MiniNet.Explanations;
using MiniNet.Files;
using MiniNet.Graphs;
using MiniNet.Losses;
using MiniNet.Models;
using MiniNet.Pages;
using MiniNet.Stepping;
using MiniNet.Tensors;

namespace MiniNet.Cli;

/// <summary><c>mininet explain MODEL DATA --row N</c>: walks forward and back through the network, at one row.</summary>
internal static partial class ExplainCommand
{
    private static readonly Argument<string> Model = Options.Required("MODEL", "The model file that train wrote.");
    private static readonly Argument<string> Data = Options.Required("DATA", "A CSV file with the target column.");
    private static readonly Option<int> Row = Options.Number("--row", "Which row under the header.", 1, 1, int.MaxValue);
    private static readonly Option<bool> All = Options.Flag("--all", "Print the whole walk, as happens where the output goes to a file, and ask for no keys.");

    private static readonly Option<string?> Weight = new("--weight") { Description = "Explain one gradient instead: the chain rule with its numbers. 0.weight[2,3] is from input 2 to output 3, counted from 0.", HelpName = "NAME[I,J]" };
    private static readonly Option<string?> Html = Options.OutputPath("--html", "Write the walk as a page to open in a browser, instead of walking here.");

    public static Command Create()
    {
        var command = new Command("explain", "Walk through backpropagation at one row: every value, the loss, and the chain rule at every node.") { Model, Data, Row, All, Weight, Html };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        if (parsed.GetValue(Weight) is not null && parsed.GetValue(Html) is not null)
        {
            throw new UsageException("--html draws the whole walk, --weight explains one gradient as text; leave out one of the two.");
        }

        (string model, string data) = (parsed.GetRequiredValue(Model), parsed.GetRequiredValue(Data));
        var html = new OutputFile("--html", parsed.GetValue(Html));
        OutputFile.Check([model, data], html);
        Classifier classifier = ModelFile.Load(model);
        (Tensor x, int label) = classifier.ReadRow(data, parsed.Value(Row, 1));
        Graph graph = classifier.Network.Fork();
        if (!graph.HasLoss)
        {
            graph.AddLoss(new SoftmaxCrossEntropy());
        }

        if (parsed.GetValue(Weight) is { } weight)
        {
            Console.Out.WriteLine(Explain(graph, weight, x, label));
            return 0;
        }

        var stepper = new BackpropStepper(graph, x, new Targets([label]), phase: Phase.Inference);
        string title = $"{Path.GetFileName(data)}, row {parsed.Value(Row, 1)}: {classifier.Preprocessing.Target} is {classifier.Preprocessing.Classes[label]}";
        if (html.Path is not null)
        {
            List<Step> steps = [];
            foreach (Step step in stepper)
            {
                steps.Add(step);
            }

            html.Write(Page(graph, steps, title, classifier));
            Console.Out.WriteLine(html.Path);
        }
        else if (!parsed.GetValue(All) && Walk.Terminal is { } console)
        {
            Walk.Through(console, stepper, title);
        }
        else
        {
            foreach (Step step in stepper)
            {
                Console.Out.WriteLine(StepText.Describe(step));
            }
        }

        return 0;
    }

    private static string Page(Graph graph, List<Step> steps, string title, Classifier classifier)
    {
        try
        {
            return BackpropPage.Draw(graph, steps, title, preprocessing: classifier.Preprocessing);
        }
        catch (ArgumentException)
        {
            throw new UsageException($"--html: a page holds at most {BackpropPage.MaxNumbers} numbers, and this network has more. Explain one gradient with --weight, walk without --html, or train with a smaller --hidden.");
        }
    }

    private static Explanation Explain(Graph graph, string weight, Tensor x, int label)
    {
        Match match = Place().Match(weight);
        IReadOnlyDictionary<Parameter, string> names = graph.NamedParameters();
        if (!match.Success || names.FirstOrDefault(named => named.Value == match.Groups["name"].Value).Key is not { } explained)
        {
            throw new UsageException($"--weight must be a parameter and a place in it, such as 0.weight[2,3], not '{weight}'; the parameters are {string.Join(", ", names.Select(named => named.Value + " " + named.Key.Value.Shape))}.");
        }

        int i = int.Parse(match.Groups["i"].Value, System.Globalization.CultureInfo.InvariantCulture);
        int j = match.Groups["j"].Success ? int.Parse(match.Groups["j"].Value, System.Globalization.CultureInfo.InvariantCulture) : 0;
        if (i >= explained.Value.Shape.Rows || j >= explained.Value.Shape.Columns)
        {
            throw new UsageException($"--weight: there is no {weight}; its shape is {explained.Value.Shape}, and places count from 0.");
        }

        graph.Forward(x, Phase.Inference); // as the walk does
        graph.Loss(new Targets([label]));
        graph.ZeroGradients();
        graph.Backward();
        return graph.Explain(explained, i, j);
    }

    [GeneratedRegex(@"^(?<name>.+)\[(?<i>\d{1,9})(,\s*(?<j>\d{1,9}))?\]$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Place();
}
