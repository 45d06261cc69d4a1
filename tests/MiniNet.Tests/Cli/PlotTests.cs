using System.Diagnostics;
using System.Xml.Linq;
using SkiaSharp;

namespace MiniNet.Tests.Cli;

/// <summary>The PNG files of plot. One model is trained for all tests.</summary>
public sealed class PlotTests(PredictAndEvaluateTests.Trained trained) : IClassFixture<PredictAndEvaluateTests.Trained>
{
    private const string Fonts = "/usr/share/fonts";

    [Fact]
    public void Png_OneRun_ShowsItsCurvesAndLeavesTheSvgAlone()
    {
        string svg = Path.Combine(trained.Run, "loss.svg"), png = trained.Folder["one.png"];
        DateTime before = File.GetLastWriteTimeUtc(svg);
        Mininet.Outcome outcome = Mininet.Run("plot", trained.Run, "--png", png);
        Assert.Equal((0, png), (outcome.ExitCode, outcome.Output.Trim()));
        Assert.Equal(before, File.GetLastWriteTimeUtc(svg)); // the other tests share the run, so it is not changed here, either
        using SKBitmap picture = Read(png);
        Assert.Equal((1720, 960), (picture.Width, picture.Height));
        Assert.True(Count(picture, new SKColor(0, 0x72, 0xB2)) > 1000, "the training loss");
        Assert.True(Count(picture, new SKColor(0xD5, 0x5E, 0)) > 1000, "the validation loss");
    }

    [Fact]
    public void Png_SeveralRunsWithOutput_WritesBoth()
    {
        string png = trained.Folder["two.png"], svg = trained.Folder["two.svg"];
        Mininet.Outcome outcome = Mininet.Run("plot", trained.Run, trained.Run, "--log", "--png", png, "--output", svg);
        Assert.Equal((0, $"{svg}\n{png}"), (outcome.ExitCode, outcome.Output.ReplaceLineEndings("\n").Trim()));
        Assert.Contains(
            "cross-entropy loss (logarithmic)", XDocument.Load(svg).Descendants().Select(element => element.Value), StringComparer.Ordinal);
        using SKBitmap picture = Read(png);
        Assert.True(Count(picture, new SKColor(0xD5, 0x5E, 0)) > 1000);
    }

    [Fact]
    public void Confusion_DrawsTheTestRowsBesideTheModel()
    {
        Mininet.Outcome outcome = Mininet.Run("plot", trained.Run, "--confusion");
        string png = Path.Combine(trained.Run, "confusion.png");
        Assert.Equal((0, png), (outcome.ExitCode, outcome.Output.Trim()));
        using SKBitmap picture = Read(png);
        Assert.True(Count(picture, new SKColor(0x08, 0x30, 0x6B)) > 20_000, "setosa is always right: a dark cell");
        File.Delete(png);
    }

    [Fact]
    public void Png_SystemWithoutFonts_IsTheSame()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Fonts can be hidden from one process on Linux only.");
        Assert.SkipUnless(Directory.Exists(Fonts), $"There is no {Fonts}, so every test draws without fonts.");
        string usual = trained.Folder["usual.png"], bare = trained.Folder["bare.png"];
        Assert.Equal(0, Mininet.Run("plot", trained.Run, "--png", usual).ExitCode);
        using Process process = Mininet.Start(
            new Dictionary<string, string>(StringComparer.Ordinal), line => (
                "unshare",
                ["-rm", "sh", "-c", $"mount -t tmpfs none {Fonts} && echo hidden && exec \"$@\"", "sh", .. line]),
            "plot", trained.Run, "--png", bare);
        Mininet.Outcome outcome = Mininet.Finish(process);
        Assert.SkipWhen(
            !outcome.Output.StartsWith("hidden", StringComparison.Ordinal),
            $"Fonts cannot be hidden from a process here: {outcome.Errors}");
        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(File.ReadAllBytes(usual), File.ReadAllBytes(bare));
    }

    [Fact]
    public void Confusion_WithWhatItHasNoUseFor_IsAUsageError()
    {
        string[][] all = [[trained.Run, trained.Run], [trained.Run, "--log"], [trained.Run, "--output", "a.svg"]];
        foreach (string[] arguments in all)
        {
            Mininet.Outcome outcome = Mininet.Run(["plot", "--confusion", .. arguments]);
            Assert.Equal(
                (2, "--confusion draws one run as a PNG file; leave out --output and --log, and name one run folder."),
                (outcome.ExitCode, outcome.Error()));
        }
    }

    [Fact]
    public void Confusion_NoTestResults_ReportsIt()
    {
        string folder = trained.Folder["other"], path = Path.Combine(folder, "run.json");
        Directory.CreateDirectory(folder);
        AssertRefused($"{folder}: not a run folder, because it has no run.json; name a folder that train wrote.");
        File.WriteAllText(path, """{"results": {"epochs": 1}}""");
        AssertRefused($"{path}: there are no test results, so there is no confusion matrix to draw; the run diverged.");
        foreach (string predicted in (string[])["[1, 2]", "[1]", "[1, -1]", "[2147483647, 1]", "[3000000000, 1]", "[null, 1]"])
        {
            string second = predicted == "[1, 2]" ? "" : """, { "name": "b", "predicted": [0, 1] }""";
            File.WriteAllText(path, $$"""{ "results": { "perClass": [{ "name": "a", "predicted": {{predicted}} }{{second}}] } }""");
            AssertRefused($"{path}: cannot be read as the record of a run: ");
        }

        void AssertRefused(string message)
        {
            Mininet.Outcome outcome = Mininet.Run("plot", folder, "--confusion");
            Assert.Equal(1, outcome.ExitCode);
            Assert.StartsWith(message, outcome.Error(), StringComparison.Ordinal);
        }
    }

    private static SKBitmap Read(string path) => SKBitmap.Decode(path);

    private static int Count(SKBitmap picture, SKColor colour) => picture.Pixels.Count(pixel =>
        Math.Abs(pixel.Red - colour.Red) + Math.Abs(pixel.Green - colour.Green) + Math.Abs(pixel.Blue - colour.Blue) < 12);
}
