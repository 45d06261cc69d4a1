using System.CommandLine;
using MiniNet.Files;
using MiniNet.Graphs;
using MiniNet.Losses;
using MiniNet.Models;
using MiniNet.Stepping;
using MiniNet.Tensors;

namespace MiniNet.Cli;

/// <summary><c>mininet explain MODEL DATA --row N</c>: walks forward and back through the network, at one row.</summary>
internal static class ExplainCommand
{
    private static readonly Argument<string> Model = Options.Required("MODEL", "The model file that train wrote.");
    private static readonly Argument<string> Data = Options.Required("DATA", "A CSV file with the target column.");
    private static readonly Option<int> Row = Options.Number("--row", "Which row under the header.", 1, 1, int.MaxValue);
    private static readonly Option<bool> All = Options.Flag("--all", "Print the whole walk, as happens where the output goes to a file, and ask for no keys.");

    public static Command Create()
    {
        var command = new Command("explain", "Walk through backpropagation at one row: every value, the loss, and the chain rule at every node.") { Model, Data, Row, All };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        Classifier classifier = ModelFile.Load(parsed.GetRequiredValue(Model));
        (Tensor x, int label) = classifier.ReadRow(parsed.GetRequiredValue(Data), parsed.Value(Row, 1));
        Graph graph = classifier.Network.Fork();
        if (!graph.HasLoss)
        {
            graph.AddLoss(new SoftmaxCrossEntropy());
        }

        var stepper = new BackpropStepper(graph, x, new Targets([label]), phase: Phase.Inference);
        if (parsed.GetValue(All) || Console.IsOutputRedirected || Console.IsInputRedirected)
        {
            foreach (Step step in stepper)
            {
                Console.Out.WriteLine(StepText.Describe(step));
            }
        }
        else
        {
            Walk.Through(stepper);
        }

        return 0;
    }
}
