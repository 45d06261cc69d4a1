using System.Globalization;
using System.Xml.Linq;
using MiniNet.Figures;
using MiniNet.Training;

namespace MiniNet.Tests.Figures;

public class LossCurvesTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Draw_PutsEveryEpochWhereTheAxesSay(bool logarithmic)
    {
        TrainingHistory[] histories = [Falling(30, .1), Falling(47, .05)];
        XElement svg = Parse(LossCurves.Draw([("a", histories[0]), ("b", histories[1])], logarithmic));
        XElement[] curves = [.. svg.Elements(Svg + "polyline")];
        Assert.Equal(4, curves.Length);

        // The scale of each axis, from the positions of its labels.
        (double, double)[] x = [.. Labels(svg, "middle").Select(label => (label.Value, label.X))];
        (double, double)[] y = [.. Labels(svg, "end").Select(label => (logarithmic ? Math.Log10(label.Value) : label.Value, label.Y - 4))];
        for (int run = 0; run < 2; run++)
        {
            IReadOnlyList<EpochResult> epochs = histories[run].Epochs;
            (double X, double Y)[] training = Points(curves[run * 2]), validation = Points(curves[(run * 2) + 1]);
            Assert.Equal(epochs.Count, training.Length);
            Assert.Equal(epochs.Count, validation.Length);
            for (int i = 0; i < epochs.Count; i++)
            {
                Assert.Equal(Read(x, epochs[i].Epoch), training[i].X, .1);
                Assert.Equal(Read(x, epochs[i].Epoch), validation[i].X, .1);
                Assert.Equal(Read(y, logarithmic ? Math.Log10(epochs[i].TrainingLoss) : epochs[i].TrainingLoss), training[i].Y, .1);
                Assert.Equal(Read(y, logarithmic ? Math.Log10(epochs[i].ValidationLoss) : epochs[i].ValidationLoss), validation[i].Y, .1);
            }

            XElement ring = svg.Elements(Svg + "circle").ElementAt(run);
            int best = Enumerable.Range(0, epochs.Count).MinBy(i => epochs[i].ValidationLoss);
            Assert.Equal(validation[best], (Number(ring, "cx"), Number(ring, "cy")));
        }
    }

    [Fact]
    public void Draw_Logarithmic_GivesEqualRatiosEqualDistances()
    {
        XElement svg = Parse(LossCurves.Draw([("a", History([8, 4, 2, 1, .5f], [8, 4, 2, 1, .5f]))], logarithmic: true));
        double[] y = [.. Points(svg.Elements(Svg + "polyline").First()).Select(point => point.Y)];
        Assert.InRange(y[1] - y[0], 10, 200);
        Assert.All(Enumerable.Range(1, 4), i => Assert.Equal(y[1] - y[0], y[i] - y[i - 1], .03));
    }

    // The losses of a Titanic run. With limits at whole decades they would be two flat lines, and the ring would lie on the axis.
    [Fact]
    public void Draw_Logarithmic_FillsTheHeightButForAMargin()
    {
        XElement svg = Parse(LossCurves.Draw([("a", History([.577f, .49f, .48f], [.533f, .48f, .4708f]))], logarithmic: true));
        double[] y = [.. svg.Elements(Svg + "polyline").SelectMany(Points).Select(point => point.Y)];
        double height = 420 - 64, margin = .04 / 1.08 * height; // 4 % of the losses' range above and below it
        Assert.Equal(64 + margin, y.Min(), .1);
        Assert.Equal(420 - margin, y.Max(), .1);
    }

    [Fact]
    public void Draw_LogarithmicOverThreeDecades_LabelsOneTwoAndFive()
    {
        XElement svg = Parse(LossCurves.Draw([("a", History([2, .1f, .001f], [2, .1f, .001f]))], logarithmic: true));
        Assert.Equal([.001, .002, .005, .01, .02, .05, .1, .2, .5, 1, 2], Labels(svg, "end").Select(label => label.Value).Order());
    }

    [Fact]
    public void Draw_LossName_IsOnTheAxis()
    {
        Assert.Contains("loss", Texts(Parse(LossCurves.Draw([("a", Falling(3, .1))]))), StringComparer.Ordinal);
        Assert.Contains(
            "squared error", Texts(Parse(LossCurves.Draw([("a", Falling(3, .1))], lossName: "squared error"))), StringComparer.Ordinal);
        Assert.Contains(
            "squared error (logarithmic)",
            Texts(Parse(LossCurves.Draw([("a", Falling(3, .1))], true, "squared error"))),
            StringComparer.Ordinal);
    }

    [Fact]
    public void Draw_Logarithmic_OmitsLossesOfZeroOrLess()
    {
        XElement svg = Parse(LossCurves.Draw([("a", History([1, .5f, 0, .25f], [1, .5f, .25f, -1]))], logarithmic: true));
        Assert.Equal([3, 3], svg.Elements(Svg + "polyline").Select(curve => Points(curve).Length));
        Assert.Empty(svg.Elements(Svg + "circle")); // the best loss is one of the omitted ones
        AssertInsideTheFrame(svg);
    }

    [Theory]
    [InlineData("<&>\"'")]
    [InlineData("]]> <!-- --> &amp;")]
    [InlineData("größe 😀")]
    public void Draw_NamesWithMarkup_AreEscaped(string name)
    {
        Assert.Contains($"Loss by epoch: {name}", Texts(Parse(LossCurves.Draw([(name, Falling(3, .1))]))), StringComparer.Ordinal);
        Assert.Contains(
            Texts(Parse(LossCurves.Draw([(name, Falling(3, .1)), ("b", Falling(3, .1))]))),
            text => text.StartsWith($"{name}: best", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a\u0001b", "a\uFFFDb")]
    [InlineData("a\nb", "a\uFFFDb")]
    [InlineData("a\0b", "a\uFFFDb")]
    [InlineData("a\uFFFEb", "a\uFFFDb")]
    public void Draw_NamesWithInvalidCharacters_AreReplaced(string name, string shown)
    {
        Assert.Contains($"Loss by epoch: {shown}", Texts(Parse(LossCurves.Draw([(name, Falling(3, .1))]))), StringComparer.Ordinal);
        Assert.Contains(
            Texts(Parse(LossCurves.Draw([(name, Falling(3, .1)), ("b", Falling(3, .1))]))),
            text => text.StartsWith($"{shown}: best", StringComparison.Ordinal));
    }

    [Fact]
    public void Draw_NameWithLoneSurrogate_IsSanitized() // xunit could not pass it on as data
    {
        string name = "a" + (char)0xD800 + "b";
        Assert.Contains("Loss by epoch: a\uFFFDb", Texts(Parse(LossCurves.Draw([(name, Falling(3, .1))]))), StringComparer.Ordinal);
    }

    [Fact]
    public void Draw_LongNames_AreTruncatedToFit()
    {
        string name = string.Concat(Enumerable.Repeat("name ", 40));
        Assert.Contains($"Loss by epoch: {name[..48]}…", Texts(Parse(LossCurves.Draw([(name, Falling(3, .1))]))), StringComparer.Ordinal);
        AssertInsideTheFrame(Parse(LossCurves.Draw([(name, Falling(3, .1))])));
        AssertInsideTheFrame(Parse(LossCurves.Draw([(name, Falling(3, .1)), (name, Falling(300, .1))])));
    }

    public static TheoryData<string, float[]> Shapes() => new()
    {
        { "one epoch", [.5f] },
        { "flat", [.7f, .7f, .7f] },
        { "flat at zero", [0, 0, 0] },
        { "huge", [float.MaxValue, 1e38f, 1e30f] },
        { "tiny", [3e-40f, 2e-40f, float.Epsilon] },
        { "from huge to tiny", [float.MaxValue, 1, float.Epsilon] },
        { "hardly moving", [.50001f, .50002f, .50003f] },
        { "many digits", [123456.7f, 123456.8f, 123457.9f] },
        { "one and ten-thousandth", [1, .0001f] },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Draw_AnyLosses_StaysReadable(string name, float[] losses)
    {
        foreach (bool logarithmic in new[] { false, true }.Where(logarithmic => !logarithmic || losses.Max() > 0))
        {
            XElement svg = Parse(LossCurves.Draw([(name, History(losses, losses))], logarithmic));
            AssertInsideTheFrame(svg);
            foreach (string anchor in new[] { "end", "middle" })
            {
                (string Text, double Value, double X, double Y)[] labels = Labels(svg, anchor);
                Assert.InRange(labels.Length, 2, 13);
                Assert.Equal(labels.Length, labels.Select(label => label.Text).Distinct(StringComparer.Ordinal).Count());
                Assert.DoesNotContain("-0", labels.Select(label => label.Text), StringComparer.Ordinal);
            }
        }
    }

    [Fact]
    public void Draw_OneEpoch_ShowsBothLosses()
    {
        XElement svg = Parse(LossCurves.Draw([("a", History([.5f], [.6f]))]));
        Assert.Equal(2, svg.Elements(Svg + "circle").Count()); // a line with one point is invisible
        (double X, double Y)[] points = [.. svg.Elements(Svg + "polyline").SelectMany(Points)];
        Assert.Equal(points.Order(), svg.Elements(Svg + "circle").Select(circle => (Number(circle, "cx"), Number(circle, "cy"))).Order());
    }

    [Fact]
    public void Draw_ManyRuns_ListsThoseThatFit()
    {
        XElement svg = Parse(LossCurves.Draw([.. Enumerable.Range(0, 30).Select(i => ($"run {i}", Falling(5 + i, .1)))]));
        Assert.Equal(60, svg.Elements(Svg + "polyline").Count());
        AssertInsideTheFrame(svg);
        string[] entries = [.. Texts(svg).Where(text => text.StartsWith("run ", StringComparison.Ordinal))];
        Assert.InRange(entries.Length, 10, 29);
        Assert.Contains($"and {30 - entries.Length} more", Texts(svg), StringComparer.Ordinal);
    }

    [Fact]
    public void Draw_Nothing_Throws()
    {
        Assert.StartsWith(
            "There are no losses to draw.", Assert.Throws<ArgumentException>(() => LossCurves.Draw([])).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "There are no losses to draw.",
            Assert.Throws<ArgumentException>(() => LossCurves.Draw([("a", History([0, 0], [0, -1]))], logarithmic: true)).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "The run 'b' has no epochs to draw.",
            Assert.Throws<ArgumentException>(() => LossCurves.Draw([("a", Falling(3, .1)), ("b", new TrainingHistory())])).Message,
            StringComparison.Ordinal);
    }

    private static TrainingHistory History(float[] training, float[] validation)
    {
        var history = new TrainingHistory();
        for (int i = 0; i < training.Length; i++)
        {
            history.Add(new EpochResult(i + 1, training[i], validation[i], .5f, 1));
        }

        return history;
    }

    private static TrainingHistory Falling(int epochs, double rate) => History(
        [.. Enumerable.Range(0, epochs).Select(i => (float)Math.Exp(-rate * i))],
        [.. Enumerable.Range(0, epochs).Select(i => (float)(Math.Exp(-rate * i) + .1 + Math.Pow(.02 * i, 2)))]);

    private static XElement Parse(string svg) => XDocument.Parse(svg).Root!;

    private static string[] Texts(XElement svg) => [.. svg.Elements(Svg + "text").Select(text => text.Value)];

    private static double Number(XElement element, string attribute) =>
        double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);

    private static (double X, double Y)[] Points(XElement curve) =>
    [
        .. curve.Attribute("points")!.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(point => point.Split(','))
            .Select(point => (double.Parse(point[0], CultureInfo.InvariantCulture), double.Parse(point[1], CultureInfo.InvariantCulture))),
    ];

    /// <summary>
    /// Returns the numbers along an axis. Those of the loss axis end at their ticks, and those of the epoch axis are centred below them.
    /// </summary>
    private static (string Text, double Value, double X, double Y)[] Labels(XElement svg, string anchor) =>
    [
        .. svg.Elements(Svg + "text").Where(
            text => text.Attribute("text-anchor")!.Value == anchor && double.TryParse(text.Value, CultureInfo.InvariantCulture, out _))
            .Select(text => (text.Value, double.Parse(text.Value, CultureInfo.InvariantCulture), Number(text, "x"), Number(text, "y"))),
    ];

    private static double Read((double Value, double Place)[] scale, double value) =>
        scale[0].Place + ((value - scale[0].Value) * (scale[^1].Place - scale[0].Place) / (scale[^1].Value - scale[0].Value));

    private static void AssertInsideTheFrame(XElement svg)
    {
        double width = Number(svg, "width"), height = Number(svg, "height");
        foreach ((double x, double y) in svg.Elements(Svg + "polyline").SelectMany(Points))
        {
            Assert.InRange(x, 0, width);
            Assert.InRange(y, 0, height);
        }

        foreach (XElement text in svg.Elements(Svg + "text").Where(text => text.Attribute("transform") is null))
        {
            double size = text.Attribute("font-size") is null ? 13 : Number(text, "font-size");
            double wide = text.Value.Length * size * .58, x = Number(text, "x"); // average of a sans-serif font
            double left = text.Attribute("text-anchor")!.Value switch { "end" => x - wide, "middle" => x - (wide / 2), _ => x };
            Assert.InRange(left, 26, width); // the name of the axis is to the left of 26
            Assert.InRange(left + wide, 0, width);
            Assert.InRange(Number(text, "y"), size, height);
        }
    }
}
