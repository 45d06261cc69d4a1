using System.CommandLine;
using System.Globalization;
using MiniNet.Calculus;
using MiniNet.Figures;
using MiniNet.Optimizers;
using MiniNet.Pages;
using MiniNet.Tensors;

namespace MiniNet.Cli;

/// <summary>
/// <c>mininet surface "4*x+3*y-x^2-x*y-y^2" --x -2..4 --y -2..4</c>: draws a function of x and y with its critical points and descent
/// paths.
/// </summary>
internal static class SurfaceCommand
{
    private const string Steepest = "steepest";
    private const string DescendHelp =
        "Draw the paths of these optimizers, separated by commas, each with an optional learning rate, such as sgd:0.1,adam. " +
        "Names and default rates: sgd 0.05; momentum 0.01; adam, rmsprop, adagrad, nadam 0.1; " +
        "steepest (gradient descent with a line search, which takes no rate).";

    private static readonly Argument<string> Formula = Options.Required(
        "FORMULA", "A formula of x and y, in quotes, with + - * / ^, parentheses, exp, ln, sin, cos, tanh, sqrt, pi and e.");

    private static readonly Option<(double Low, double High)> X = Range("--x", "The range of x, such as -2..4.");
    private static readonly Option<(double Low, double High)> Y = Range("--y", "The range of y.");
    private static readonly Option<string?> Descend = new("--descend") { Description = DescendHelp, HelpName = "NAMES" };
    private static readonly Option<bool> Ascend = Options.Flag("--ascend", "Go up to a maximum instead of down to a minimum.");
    private static readonly Option<(double X, double Y)?> Start = Options.Parsed<(double, double)?>(
        "--start", "The starting point of every descent, such as -1,2.", null, ParseStart, _ => "near the lower left corner");

    private static readonly Option<int> Steps = Options.Number("--steps", "The number of steps of each descent.", 100, 1, 100_000);
    private static readonly Option<int> Points = Options.Number("--points", "The number of grid points along each axis.", 81, 2, 401);
    private static readonly OutputOption Svg = new("--svg", "Write contours with gradient arrows to this SVG file.", ".svg");
    private static readonly OutputOption Html = new(
        "--html", "Write a surface that can be rotated to this web page. Default: surface.html, unless --svg is given.", ".html", ".htm");

    // The settings are those of the optimizers' papers, except the learning rates, which suit ranges that are a few units wide.
    private static readonly Dictionary<string, (float Rate, Func<IReadOnlyList<Parameter>, float, Optimizer> Make)> Optimizers =
        new(StringComparer.OrdinalIgnoreCase)
        {
            ["sgd"] = (0.05f, (p, rate) => new SGD(p, rate)),
            ["momentum"] = (0.01f, (p, rate) => new SGD(p, rate, momentum: 0.9f)),
            ["adam"] = (0.1f, (p, rate) => new Adam(p, rate)),
            ["rmsprop"] = (0.1f, (p, rate) => new RMSProp(p, rate)),
            ["adagrad"] = (0.1f, (p, rate) => new Adagrad(p, rate)),
            ["nadam"] = (0.1f, (p, rate) => new NAdam(p, rate)),
        };

    public static Command Create()
    {
        var command = new Command("surface", "Draw a function of x and y: its surface, contours, critical points and paths of optimizers.")
        {
            Formula, X, Y, Descend, Ascend, Start, Steps, Points, Svg, Html,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        string formula = parsed.GetRequiredValue(Formula);
        Function f = Expression.Parse(formula, "x", "y");
        var svg = new OutputFile("--svg", parsed.GetValue(Svg));
        var html = new OutputFile("--html", parsed.GetValue(Html), byDefault: svg.Path is null ? "surface.html" : null);
        OutputFile.Check([], svg, html);
        (double Low, double High) x = parsed.Value(X, (-2, 2)), y = parsed.Value(Y, (-2, 2));
        using var interruption = new CancellationSignal();
        double[] start = parsed.Value(Start, null) is { } given
            ? [given.X, given.Y]
            : [x.Low + (0.1 * (x.High - x.Low)), y.Low + (0.2 * (y.High - y.Low))];
        (string Name, DescentPath Path)[] descents = [.. Descents(parsed, f, start, interruption.Token)];
        SurfaceGrid grid = f.Sample(x, y, parsed.Value(Points, 81), interruption.Token);
        if (grid.Z.Cast<double>().All(z => !double.IsFinite(z)))
        {
            throw new UsageException("the formula has no finite value anywhere in these ranges; choose others with --x and --y.");
        }

        CriticalPoints critical = CriticalPoints.Find(f, [x, y], cancellation: interruption.Token);
        interruption.Token.ThrowIfCancellationRequested();
        var options = new SurfaceOptions
        {
            Title = "z = " + formula,
            Arrows = PlottedArrow.Of(grid),
            Paths = [.. descents.Select(descent => PlottedPath.Of(descent.Name, descent.Path))],
            Points = [.. critical.Select(PlottedPoint.Of)],
        };
        string? picture = svg.Path is null ? null : ContourPlot.Draw(grid, options);
        string? page = html.Path is null ? null : SurfacePage.Draw(grid, options);
        svg.Write(picture ?? "");
        html.Write(page ?? "");
        Console.Out.WriteLine(critical);
        foreach ((string name, DescentPath path) in descents)
        {
            Console.Out.WriteLine($"{name}: {path}");
        }

        foreach (string file in new[] { svg.Path, html.Path }.OfType<string>())
        {
            Console.Out.WriteLine(file);
        }

        return 0;
    }

    private static IEnumerable<(string Name, DescentPath Path)> Descents(
        ParseResult parsed, Function f, double[] start, CancellationToken cancellation)
    {
        int steps = parsed.Value(Steps, 100);
        bool ascent = parsed.GetValue(Ascend);
        string[] names = (parsed.GetValue(Descend) ?? (ascent ? Steepest : "")).Split(
            ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (names.Length == 0 && (parsed.GetResult(Start) is not null || parsed.GetResult(Steps) is not null))
        {
            throw new UsageException("--start and --steps have no effect without a descent; add --descend or --ascend.");
        }

        foreach (string name in names)
        {
            string[] parts = name.Split(':', 2);
            if (parts[0].Equals(Steepest, StringComparison.OrdinalIgnoreCase))
            {
                if (parts.Length > 1)
                {
                    throw new UsageException("--descend: steepest takes no learning rate, because it uses a line search.");
                }

                yield return (name, Descent.Steepest(f, start, steps, ascent, cancellation));
            }
            else if (Optimizers.TryGetValue(parts[0], out var optimizer))
            {
                float rate = parts.Length == 1 ? optimizer.Rate
                    : float.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out float own)
                        && own > 0 && float.IsFinite(own) ? own
                    : throw new UsageException(
                        $"--descend: '{parts[1]}' is not a learning rate; it must be a number above 0, as in {parts[0]}:0.1.");
                yield return (
                    string.Create(CultureInfo.InvariantCulture, $"{parts[0]} {rate}"),
                    Descent.Trace(f, p => optimizer.Make(p, rate), start, steps, ascent, cancellation));
            }
            else
            {
                throw new UsageException(
                    $"--descend: there is no optimizer '{parts[0]}'; choose one of {string.Join(", ", Optimizers.Keys)} and {Steepest}.");
            }
        }
    }

    private static Option<(double Low, double High)> Range(string name, string description) => Options.Parsed(
        name,
        description,
        (Low: -2.0, High: 2.0),
        text => text.Contains("...", StringComparison.Ordinal)
            || text.Split("..") is not [var low, var high] || Number(low) is not { } from || Number(high) is not { } to || from >= to
            ? (default, "must be a range of two numbers, the smaller first, such as -2..4")
            : (float)from < (float)to ? ((from, to), null)
            : (default, "must be a range whose ends differ in the first seven digits, the precision of float32"),
        range => string.Create(CultureInfo.InvariantCulture, $"{range.Low}..{range.High}"));

    private static ((double, double)? Value, string? Problem) ParseStart(string text) =>
        text.Split(',') is [var x, var y] && Number(x) is { } a && Number(y) is { } b
            ? ((a, b), null)
            : (null, "must be two numbers separated by a comma, such as -1,2");

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && float.IsFinite((float)number)
            ? number
            : null;
}
