using System.Globalization;
using MiniNet.Metrics;
using Spectre.Console;

namespace MiniNet.Cli;

/// <summary>Prints the metrics of a classifier, with every class by name.</summary>
internal static class EvaluationReport
{
    private const int MaxClassesInMatrix = 20;

    public static void Print(string of, Evaluation evaluation, bool quiet)
    {
        ConfusionMatrix confusion = evaluation.Confusion;
        int right = Enumerable.Range(0, confusion.Classes.Count).Sum(c => confusion[c, c]);
        Console.Out.WriteLine(
            $"{of} accuracy {N(confusion.Accuracy)} ({right} of {confusion.Rows} rows); " +
            $"always answering the most frequent class would give {N(confusion.BaselineAccuracy)}.");
        if (quiet)
        {
            return;
        }

        Console.Out.WriteLine(
            $"{of} loss {evaluation.Loss.ToString("F4", CultureInfo.InvariantCulture)}, macro F1 {N(confusion.MacroF1)}.");
        IAnsiConsole console = Tables.Console();
        if (confusion.Classes.Count <= MaxClassesInMatrix)
        {
            Console.Out.WriteLine();
            Console.Out.WriteLine("  Rows: true class; columns: predicted.");
            console.Write(Matrix(confusion));
        }
        else
        {
            Console.Out.WriteLine(
                $"  (The confusion matrix of {confusion.Classes.Count} classes is too wide to print; " +
                "it is in run.json and in evaluate --json.)");
        }

        console.Write(PerClass(confusion));
    }

    private static Table Matrix(ConfusionMatrix confusion)
    {
        Table table = new Table().Border(TableBorder.Simple);
        table.AddColumn("");
        foreach (string name in confusion.Classes)
        {
            table.AddColumn(new TableColumn(new Text(name)).RightAligned());
        }

        for (int truth = 0; truth < confusion.Classes.Count; truth++)
        {
            table.AddRow([
                new Text(confusion.Classes[truth]),
                .. Enumerable.Range(0, confusion.Classes.Count)
                    .Select(c => new Text(confusion[truth, c].ToString(CultureInfo.InvariantCulture))),
            ]);
        }

        return table;
    }

    private static Table PerClass(ConfusionMatrix confusion)
    {
        Table table = new Table().Border(TableBorder.Simple);
        table.AddColumn("class");
        foreach (string heading in (string[])["precision", "recall", "F1", "rows"])
        {
            table.AddColumn(new TableColumn(heading).RightAligned());
        }

        for (int c = 0; c < confusion.Classes.Count; c++)
        {
            table.AddRow(
                new Text(confusion.Classes[c]),
                new Text(N(confusion.Precision(c))),
                new Text(N(confusion.Recall(c))),
                new Text(N(confusion.F1(c))),
                new Text(confusion.Support(c).ToString(CultureInfo.InvariantCulture)));
        }

        return table;
    }

    private static string N(double share) => share.ToString("F3", CultureInfo.InvariantCulture);
}
