using System.Globalization;
using System.Xml.Linq;
using MiniNet.Training;
using static MiniNet.Figures.SvgParts;

namespace MiniNet.Figures;

/// <summary>
/// Draws the loss by epoch as one SVG picture without dependencies. For each run it shows the training loss (thin) and the validation loss
/// (thick), with a ring at the best epoch, whose weights were kept.
/// </summary>
public static class LossCurves
{
    private const double Width = 860, Height = 480, Left = 96, Right = 836, Top = 64, Bottom = 420, LegendLeft = 440;
    private const double Margin = 0.04; // of a logarithmic axis, at each end
    private const int MaxLegendEntries = 16;

    /// <summary>Draws one or more runs in one chart.</summary>
    /// <param name="runs">The name of each run and its epochs; at least one run, each with at least one epoch.</param>
    /// <param name="logarithmic">true for a logarithmic loss axis. Losses of 0 or less are then omitted.</param>
    /// <param name="lossName">The label of the loss axis. A history does not record which loss it was.</param>
    /// <returns>The picture, an SVG document.</returns>
    /// <exception cref="ArgumentException">There is nothing to draw.</exception>
    public static string Draw(
        IReadOnlyList<(string Name, TrainingHistory History)> runs, bool logarithmic = false, string lossName = "loss")
    {
        if (runs.FirstOrDefault(run => run.History.Epochs.Count == 0) is ({ } name, _))
        {
            throw new ArgumentException($"The run '{name}' has no epochs to draw.", nameof(runs));
        }

        double[] losses = [.. runs.SelectMany(run => run.History.Epochs)
            .SelectMany(epoch => new double[] { epoch.TrainingLoss, epoch.ValidationLoss }).Where(loss => !logarithmic || loss > 0)];
        if (losses.Length == 0)
        {
            throw new ArgumentException("There are no losses to draw.", nameof(runs));
        }

        int epochs = runs.Max(run => run.History.Epochs[^1].Epoch);
        var x = new Axis(1, Math.Max(epochs, 2), Left, Right);
        // The margin keeps the axis from cutting off the ring at the lowest loss.
        double room = logarithmic ? Math.Pow(losses.Max() / losses.Min(), Margin) : 1;
        var y = new Axis(logarithmic ? losses.Min() / room : Math.Min(0, losses.Min()), losses.Max() * room, Bottom, Top, logarithmic);
        string title = runs.Count == 1 ? $"Loss by epoch: {Truncate(runs[0].Name, 48)}" : "Loss by epoch";
        var svg = new XElement(
            Svg + "svg",
            new XAttribute("viewBox", $"0 0 {Width} {Height}"),
            new XAttribute("width", Width),
            new XAttribute("height", Height),
            new XAttribute("font-family", "system-ui, sans-serif"),
            new XAttribute("font-size", 13),
            new XElement(Svg + "title", title),
            new XElement(Svg + "rect", new XAttribute("width", Width), new XAttribute("height", Height), new XAttribute("fill", "#ffffff")),
            Text(Left, 28, title, anchor: "start", size: 17),
            runs.Count == 1 ? null : Text(Left, 48, "thick: validation, with a ring at the best epoch; thin: training", anchor: "start"),
            logarithmic
                ? Axes(x, y, maxTicks: 12, epochs, $"{Truncate(lossName, 30)} (logarithmic)")
                : Axes(x, y, maxTicks: 6, epochs, Truncate(lossName, 40)),
            runs.Select((run, i) => Run(run.History, x, y, i, runs.Count == 1, logarithmic)),
            runs.Count == 1 ? Legend(runs[0].History) : Legend(runs));
        return new XDocument(svg).ToString().ReplaceLineEndings("\n") + "\n";
    }

    private static IEnumerable<XElement> Axes(Axis x, Axis y, int maxTicks, int epochs, string lossName)
    {
        foreach (double tick in y.Ticks(maxTicks))
        {
            yield return Line(Left, y.Map(tick), Right, y.Map(tick), "#e3e3e3");
            yield return Text(Left - 8, y.Map(tick) + 4, Axis.Label(tick), anchor: "end");
        }

        foreach (double tick in x.Ticks(10).Where(tick => tick >= 1 && tick <= Math.Max(epochs, 2) && tick == Math.Floor(tick)))
        {
            yield return Line(x.Map(tick), Bottom, x.Map(tick), Bottom + 5, "#555555");
            yield return Text(x.Map(tick), Bottom + 20, Axis.Label(tick));
        }

        yield return Line(Left, Bottom, Right, Bottom, "#555555");
        yield return Text((Left + Right) / 2, Bottom + 44, "epoch");
        XElement label = Text(0, 0, lossName);
        label.SetAttributeValue("transform", $"translate(20 {N((Top + Bottom) / 2)}) rotate(-90)");
        yield return label;
    }

    private static IEnumerable<XElement> Run(TrainingHistory history, Axis x, Axis y, int index, bool alone, bool logarithmic)
    {
        string training = Colours[index % Colours.Length], validation = alone ? Colours[1] : training;
        yield return Curve(history, epoch => epoch.TrainingLoss, x, y, training, 1.2, logarithmic);
        yield return Curve(history, epoch => epoch.ValidationLoss, x, y, validation, 2.4, logarithmic);
        EpochResult best = history.Epochs[history.BestEpoch - 1];
        if (!logarithmic || best.ValidationLoss > 0)
        {
            yield return Circle(x.Map(best.Epoch), y.Map(best.ValidationLoss), 5, validation, fill: "#ffffff");
        }

        if (history.Epochs.Count == 1 && (!logarithmic || best.TrainingLoss > 0))
        {
            yield return Circle(x.Map(1), y.Map(best.TrainingLoss), 2, training, fill: training); // a line with one point is invisible
        }
    }

    /// <summary>Draws the legend of a single run: one line under the title.</summary>
    private static IEnumerable<XElement> Legend(TrainingHistory history) =>
    [
        .. LegendEntry(Left, 48, "training", Colours[0], 1.2),
        .. LegendEntry(Left + 120, 48, $"validation, best at epoch {history.BestEpoch}", Colours[1], 2.4),
    ];

    /// <summary>Draws the legend of several runs: one line per run on the right, over the curves.</summary>
    private static IEnumerable<XElement> Legend(IReadOnlyList<(string Name, TrainingHistory History)> runs)
    {
        int lines = Math.Min(runs.Count, MaxLegendEntries);
        yield return new XElement(
            Svg + "rect",
            new XAttribute("x", N(LegendLeft - 6)),
            new XAttribute("y", N(Top)),
            new XAttribute("width", N(Right - LegendLeft + 6)),
            new XAttribute("height", N(((runs.Count > lines ? lines + 1 : lines) * 20) + 4)),
            new XAttribute("fill", "#ffffff"),
            new XAttribute("fill-opacity", "0.8"));
        for (int i = 0; i < lines; i++)
        {
            EpochResult best = runs[i].History.Epochs[runs[i].History.BestEpoch - 1];
            string loss = best.ValidationLoss.ToString("G3", CultureInfo.InvariantCulture);
            string label = $"{Truncate(runs[i].Name, 22)}: best {loss} at epoch {best.Epoch}";
            foreach (XElement part in LegendEntry(LegendLeft, Top + 16 + (i * 20), label, Colours[i % Colours.Length], 2.4))
            {
                yield return part;
            }
        }

        if (runs.Count > lines)
        {
            yield return Text(LegendLeft + 30, Top + 16 + (lines * 20), $"and {runs.Count - lines} more", anchor: "start");
        }
    }

    private static XElement[] LegendEntry(double left, double line, string label, string colour, double thickness) =>
        [Line(left, line - 4, left + 24, line - 4, colour, thickness), Text(left + 30, line, label, anchor: "start")];

    private static XElement Curve(
        TrainingHistory history, Func<EpochResult, double> loss, Axis x, Axis y, string colour, double thickness, bool logarithmic)
    {
        IEnumerable<string> points = history.Epochs.Where(epoch => !logarithmic || loss(epoch) > 0)
            .Select(epoch => $"{N(x.Map(epoch.Epoch))},{N(y.Map(loss(epoch)))}");
        return new XElement(
            Svg + "polyline",
            new XAttribute("points", string.Join(' ', points)),
            new XAttribute("fill", "none"),
            new XAttribute("stroke", colour),
            new XAttribute("stroke-width", N(thickness)),
            new XAttribute("stroke-linejoin", "round"));
    }
}
