using System.Globalization;
using System.Xml.Linq;
using MiniNet.Training;

namespace MiniNet.Plots;

/// <summary>
/// Loss by epoch, as one SVG picture without dependencies: for each run the training loss (thin) and the validation loss (thick), with a
/// ring at the best epoch, whose weights were kept.
/// </summary>
public static class LossCurves
{
    private const double Width = 860, Height = 480, Left = 72, Right = 836, Top = 64, Bottom = 420;
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    // Colours that stay apart for the colour-blind: Okabe and Ito, 2008.
    private static readonly string[] Colours = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"];

    /// <summary>Draws runs over one another.</summary>
    /// <param name="runs">The name of each run and its epochs; at least one run, each of at least one epoch.</param>
    /// <param name="logarithmic">Whether the loss axis is logarithmic; losses of 0 or less are then left out.</param>
    /// <returns>The picture, an SVG document.</returns>
    /// <exception cref="ArgumentException">There is nothing to draw.</exception>
    public static string Draw(IReadOnlyList<(string Name, TrainingHistory History)> runs, bool logarithmic = false)
    {
        double[] losses = [.. runs.SelectMany(run => run.History.Epochs)
            .SelectMany(epoch => new double[] { epoch.TrainingLoss, epoch.ValidationLoss }).Where(loss => !logarithmic || loss > 0)];
        if (losses.Length == 0)
        {
            throw new ArgumentException("There are no losses to draw.", nameof(runs));
        }

        int epochs = runs.Max(run => run.History.Epochs.Count == 0 ? 0 : run.History.Epochs[^1].Epoch);
        var x = new Axis(1, Math.Max(epochs, 2), Left, Right);
        var y = new Axis(logarithmic ? losses.Min() : Math.Min(0, losses.Min()), losses.Max(), Bottom, Top, logarithmic);
        string title = runs.Count == 1 ? $"Loss by epoch: {runs[0].Name}" : "Loss by epoch";
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
            Axes(x, y, epochs, logarithmic),
            runs.Select((run, i) => Run(run.Name, run.History, x, y, i, runs.Count == 1, logarithmic)));
        return new XDocument(svg).ToString() + "\n";
    }

    private static IEnumerable<XElement> Axes(Axis x, Axis y, int epochs, bool logarithmic)
    {
        foreach (double tick in y.Ticks(6))
        {
            yield return Line(Left, y.Place(tick), Right, y.Place(tick), "#e3e3e3");
            yield return Text(Left - 8, y.Place(tick) + 4, Axis.Label(tick), anchor: "end");
        }

        foreach (double tick in x.Ticks(10).Where(tick => tick >= 1 && tick <= Math.Max(epochs, 2) && tick == Math.Floor(tick)))
        {
            yield return Line(x.Place(tick), Bottom, x.Place(tick), Bottom + 5, "#555555");
            yield return Text(x.Place(tick), Bottom + 20, Axis.Label(tick));
        }

        yield return Line(Left, Bottom, Right, Bottom, "#555555");
        yield return Text((Left + Right) / 2, Bottom + 44, "epoch");
        XElement label = Text(0, 0, logarithmic ? "loss (logarithmic)" : "loss");
        label.SetAttributeValue("transform", $"translate(20 {N((Top + Bottom) / 2)}) rotate(-90)");
        yield return label;
    }

    private static IEnumerable<XElement> Run(string name, TrainingHistory history, Axis x, Axis y, int index, bool alone, bool logarithmic)
    {
        string training = Colours[index % Colours.Length], validation = alone ? Colours[1] : training;
        yield return Curve(history, epoch => epoch.TrainingLoss, x, y, training, 1.2, logarithmic);
        yield return Curve(history, epoch => epoch.ValidationLoss, x, y, validation, 2.4, logarithmic);
        EpochResult best = history.Epochs[history.BestEpoch - 1];
        if (!logarithmic || best.ValidationLoss > 0)
        {
            yield return new XElement(
                Svg + "circle",
                new XAttribute("cx", N(x.Place(best.Epoch))),
                new XAttribute("cy", N(y.Place(best.ValidationLoss))),
                new XAttribute("r", 5),
                new XAttribute("fill", "#ffffff"),
                new XAttribute("stroke", validation),
                new XAttribute("stroke-width", 2));
        }

        // The legend: one line under the title for a single run, one line a run at the right for several.
        (string Label, string Colour, double Thickness)[] entries = alone
            ? [("training", training, 1.2), ($"validation, best at epoch {best.Epoch}", validation, 2.4)]
            : [($"{name}: best {best.ValidationLoss.ToString("G3", CultureInfo.InvariantCulture)} at epoch {best.Epoch}", training, 2.4)];
        for (int i = 0; i < entries.Length; i++)
        {
            double left = alone ? Left + (i * 120) : Right - 300, line = alone ? 48 : Top + 12 + (index * 20);
            yield return Line(left, line - 4, left + 24, line - 4, entries[i].Colour, entries[i].Thickness);
            yield return Text(left + 30, line, entries[i].Label, anchor: "start");
        }
    }

    private static XElement Curve(
        TrainingHistory history, Func<EpochResult, double> loss, Axis x, Axis y, string colour, double thickness, bool logarithmic)
    {
        IEnumerable<string> points = history.Epochs.Where(epoch => !logarithmic || loss(epoch) > 0)
            .Select(epoch => $"{N(x.Place(epoch.Epoch))},{N(y.Place(loss(epoch)))}");
        return new XElement(
            Svg + "polyline",
            new XAttribute("points", string.Join(' ', points)),
            new XAttribute("fill", "none"),
            new XAttribute("stroke", colour),
            new XAttribute("stroke-width", N(thickness)),
            new XAttribute("stroke-linejoin", "round"));
    }

    private static XElement Line(double x1, double y1, double x2, double y2, string colour, double thickness = 1) => new(
        Svg + "line",
        new XAttribute("x1", N(x1)),
        new XAttribute("y1", N(y1)),
        new XAttribute("x2", N(x2)),
        new XAttribute("y2", N(y2)),
        new XAttribute("stroke", colour),
        new XAttribute("stroke-width", N(thickness)));

    private static XElement Text(double x, double y, string text, string anchor = "middle", int? size = null) => new(
        Svg + "text",
        new XAttribute("x", N(x)),
        new XAttribute("y", N(y)),
        new XAttribute("text-anchor", anchor),
        size is null ? null : new XAttribute("font-size", size),
        new XAttribute("fill", "#222222"),
        text);

    private static string N(double value) => Math.Round(value, 2).ToString(CultureInfo.InvariantCulture);
}
