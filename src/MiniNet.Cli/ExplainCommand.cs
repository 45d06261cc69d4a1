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

/// <summary><c>mininet explain MODEL DATA --row N</c>: steps through the forward and the backward pass for one row.</summary>
internal static partial class ExplainCommand
{
    private static readonly Argument<string> Model = Options.Required("MODEL", "The model file that train wrote.");
    private static readonly Argument<string> Data = Options.Required("DATA", "A CSV file with the target column.");
    private static readonly Option<int> Row = Options.Number(
        "--row", "The number of the row, not counting the header.", 1, 1, int.MaxValue);

    private static readonly Option<bool> All = Options.Flag(
        "--all", "Print all steps instead of showing them key by key. This is the default if the output is redirected.");

    private static readonly Option<string?> Weight = new("--weight")
    {
        Description = "Explain the gradient of one weight instead, with the chain rule and its numbers. " +
            "0.weight[2,3] leads from input 2 to output 3 of layer 0, counted from 0.",
        HelpName = "NAME[I,J]",
    };

    private static readonly OutputOption Html = new(
        "--html", "Write all steps to this web page instead of showing them here.", ".html", ".htm");

    public static Command Create()
    {
        var command = new Command(
            "explain", "Step through backpropagation for one row: every value, the loss, and the chain rule at every node.")
        {
            Model, Data, Row, All, Weight, Html,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        if (parsed.GetValue(Weight) is not null && parsed.GetValue(Html) is not null)
        {
            throw new UsageException("--html writes all steps to a page, and --weight prints one gradient as text; use only one of them.");
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
        string title = $"{Path.GetFileName(data)}, row {parsed.Value(Row, 1)}: " +
            $"{classifier.Preprocessing.Target} is {classifier.Preprocessing.Classes[label]}";
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
        else if (!parsed.GetValue(All) && StepperConsole.Terminal is { } console)
        {
            StepperConsole.Run(console, stepper, title);
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
            throw new UsageException(
                $"--html: a page holds at most {BackpropPage.MaxNumbers} numbers, and this network has more. " +
                "Explain one gradient with --weight, leave out --html, or train with a smaller --hidden.");
        }
    }

    private static Explanation Explain(Graph graph, string weight, Tensor x, int label)
    {
        Match match = WeightPattern().Match(weight);
        IReadOnlyDictionary<Parameter, string> names = graph.NamedParameters();
        if (!match.Success || names.FirstOrDefault(named => named.Value == match.Groups["name"].Value).Key is not { } explained)
        {
            string parameters = string.Join(", ", names.Select(named => named.Value + " " + named.Key.Value.Shape));
            throw new UsageException(
                $"--weight must be a parameter with an index, such as 0.weight[2,3], not '{weight}'; the parameters are {parameters}.");
        }

        int i = int.Parse(match.Groups["i"].Value, System.Globalization.CultureInfo.InvariantCulture);
        int j = match.Groups["j"].Success ? int.Parse(match.Groups["j"].Value, System.Globalization.CultureInfo.InvariantCulture) : 0;
        if (i >= explained.Value.Shape.Rows || j >= explained.Value.Shape.Columns)
        {
            throw new UsageException($"--weight: there is no {weight}; the shape is {explained.Value.Shape}, and indices start at 0.");
        }

        graph.Forward(x, Phase.Inference); // the phase that stepping through the row uses
        graph.Loss(new Targets([label]));
        graph.ZeroGradients();
        graph.Backward();
        return graph.Explain(explained, i, j);
    }

    [GeneratedRegex(@"^(?<name>.+)\[(?<i>\d{1,9})(,\s*(?<j>\d{1,9}))?\]$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex WeightPattern();
}
