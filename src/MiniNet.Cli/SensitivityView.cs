using System.Globalization;
using System.Text.Json.Nodes;
using MiniNet.Explanations;
using Spectre.Console;

namespace MiniNet.Cli;

/// <summary>Shows the result of <c>sensitivity</c> as a table, as JSON and as pictures.</summary>
internal static class SensitivityView
{
    private const int MaxBarsPerClass = 12;

    public static void Print(SensitivityReport report, string title, string target)
    {
        Console.Out.WriteLine($"{title}: how the probability of each class of {target} depends on each column, strongest effect first.");
        Table table = new Table().Border(TableBorder.Simple);
        foreach (string heading in (string[])["class", "p", "column"])
        {
            table.AddColumn(heading);
        }

        bool several = report.Rows > 1;
        (bool numbers, bool words) = Kinds(report);
        string change = !words ? "per σ" : numbers ? "per σ or switch" : "switched";
        foreach (string heading in (string[])
            [
                .. numbers ? ["per unit"] : Array.Empty<string>(),
                change,
                .. several ? ["± over rows", "size", "rows"] : Array.Empty<string>(),
            ])
        {
            table.AddColumn(new TableColumn(heading).RightAligned());
        }

        int left = 0;
        foreach ((string name, double probability) in report.Probabilities)
        {
            SensitivityEffect[] effects = Strongest(report, name);
            left += Math.Max(0, effects.Length - MaxBarsPerClass);
            for (int i = 0; i < Math.Min(effects.Length, MaxBarsPerClass); i++)
            {
                SensitivityEffect effect = effects[i];
                string[] figures =
                [
                    .. numbers ? [effect.Change.Category is null ? N(effect.Mean) : ""] : Array.Empty<string>(),
                    N(effect.MeanPerDeviation),
                ];
                string[] more = several
                    ? [N(effect.SpreadPerDeviation), N(effect.Strength), effect.Rows.ToString(CultureInfo.InvariantCulture)]
                    : [];
                string[] cells = [i == 0 ? name : "", i == 0 ? N(probability) : "", effect.Change.ToString(), .. figures, .. more];
                table.AddRow([.. cells.Select(cell => new Text(cell))]);
            }
        }

        Tables.Console().Write(table);
        if (left > 0)
        {
            Console.Out.WriteLine($"{left} weaker effects are not shown; --json prints all.");
        }

        string sigma = numbers ? " σ: the standard deviation of the column in training." : "";
        string size = several
            ? " ± over rows: the standard deviation of the change. size: the mean of |change|, by which the table is sorted."
            : "";
        string p = several ? "mean probability" : "probability";
        Console.Out.WriteLine($"p: {p}.{sigma}{size} These are local slopes of the model, not causal effects.");
    }

    /// <summary>Creates the object that <c>--json</c> prints: every effect, class by class in the order of the columns.</summary>
    public static JsonObject ToJson(SensitivityReport report, string target, int? row) => new()
    {
        ["rows"] = report.Rows,
        ["row"] = row,
        ["classes"] = new JsonArray([.. report.Probabilities.Select(each => (JsonNode)each.Class)]),
        ["target"] = target,
        ["probabilities"] = new JsonArray([.. report.Probabilities.Select(each => (JsonNode)each.Probability)]),
        ["effects"] = new JsonArray([.. report.Effects.Select(effect => (JsonNode)new JsonObject
        {
            ["class"] = effect.Class,
            ["column"] = effect.Change.Column,
            ["category"] = effect.Change.Category,
            ["standardDeviation"] = effect.Change.StandardDeviation,
            ["rows"] = effect.Rows,
            ["mean"] = effect.Mean,
            ["meanAbsolute"] = effect.MeanAbsolute,
            ["spread"] = effect.Spread,
            ["meanPerDeviation"] = effect.MeanPerDeviation,
            ["strength"] = effect.Strength,
        })]),
    };

    /// <summary>Draws the mean effects class by class. For several rows it also draws their spread.</summary>
    public static string Bars(SensitivityReport report, string title)
    {
        IEnumerable<SensitivityEffect> effects = report.Probabilities.SelectMany(
            each => Strongest(report, each.Class).Take(MaxBarsPerClass));
        Figures.PlottedBar[] bars = [.. effects.Select(effect => report.Rows == 1
            ? new Figures.PlottedBar(effect.Change.ToString(), effect.MeanPerDeviation, Group: effect.Class)
            : new Figures.PlottedBar(
                effect.Change.ToString(),
                effect.MeanPerDeviation,
                effect.MeanPerDeviation - effect.SpreadPerDeviation,
                effect.MeanPerDeviation + effect.SpreadPerDeviation,
                effect.Class))];
        return Figures.BarChart.Draw(bars, title, Unit(report) + (report.Rows > 1 ? ", ± over rows" : ""));
    }

    /// <summary>Draws the mean effects as a matrix of classes and columns.</summary>
    public static string HeatMap(SensitivityReport report, string title)
    {
        InputChange[] changes = [.. report.Effects.Where(effect => effect.Rows > 0).Select(effect => effect.Change).Distinct()];
        var values = new double[report.Probabilities.Count, changes.Length];
        for (int c = 0; c < report.Probabilities.Count; c++)
        {
            foreach (SensitivityEffect effect in report.Effects
                .Where(effect => effect.Class == report.Probabilities[c].Class && effect.Rows > 0))
            {
                values[c, Array.IndexOf(changes, effect.Change)] = effect.MeanPerDeviation;
            }
        }

        string[] classes = [.. report.Probabilities.Select(each => each.Class)];
        return Figures.HeatMap.Draw(values, classes, [.. changes.Select(change => change.ToString())], $"{title}: {Unit(report)}");
    }

    private static (bool Numbers, bool Words) Kinds(SensitivityReport report) =>
        (report.Effects.Any(effect => effect.Change.Category is null), report.Effects.Any(effect => effect.Change.Category is not null));

    private static string Unit(SensitivityReport report) => Kinds(report) switch
    {
        (true, false) => "change of p per standard deviation",
        (false, true) => "change of p when switched",
        _ => "change of p per standard deviation or switch",
    };

    private static SensitivityEffect[] Strongest(SensitivityReport report, string name) =>
        [.. report.Effects.Where(effect => effect.Class == name && effect.Rows > 0).OrderByDescending(effect => effect.Strength)];

    // Four digits after the point, or six for small numbers.
    private static string N(double value) => Math.Abs(value) switch
    {
        0 => "0",
        < 1e-5 or >= 1e6 => value.ToString("0.0e+0", CultureInfo.InvariantCulture),
        < 1e-3 => value.ToString("0.000000", CultureInfo.InvariantCulture),
        _ => value.ToString("0.0000", CultureInfo.InvariantCulture),
    };
}
