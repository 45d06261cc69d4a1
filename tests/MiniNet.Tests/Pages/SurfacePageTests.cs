using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using MiniNet.Calculus;
using MiniNet.Figures;
using MiniNet.Pages;

using MiniNet.Tests.Figures;

namespace MiniNet.Tests.Pages;

// MiniNet.Page.Tests tests the page in a browser.
public partial class SurfacePageTests
{
    [Fact]
    public void Draw_Data_ContainsEveryNumberBitForBit()
    {
        double[,] z = new double[3, 4];
        double[] odd =
        [
            double.NaN, double.PositiveInfinity, double.NegativeInfinity, -0.0, double.Epsilon, 1e300,
            1.0 / 3, Math.PI, -1e-300, 0.1 + 0.2, 5, 6,
        ];
        Buffer.BlockCopy(odd, 0, z, 0, odd.Length * sizeof(double));
        SurfaceGrid grid = new SurfaceGrid("x", "y", "z", [-1.0 / 3, 0, 0.1, Math.E], [1e-9, 1, 2], z)
            .WithGradient((x, y) => (Math.Sin(x), Math.Log(y - 1)));
        var path = new PlottedPath("p", [new(0.1, 1.0 / 7, 3, 0.3), new(double.NaN, double.PositiveInfinity)]);
        JsonElement data = DataOf(SurfacePage.Draw(
            grid, new() { Paths = [path], Points = [new(1.0 / 3, 0.7, PlottedPointKind.Saddle, "s")] }));
        AssertBits(grid.X, data.GetProperty("x").GetProperty("values"));
        AssertBits(grid.Y, data.GetProperty("y").GetProperty("values"));
        AssertBits(grid.Z.Cast<double>(), data.GetProperty("z").GetProperty("values"));
        AssertBits(grid.GradientX!.Cast<double>(), data.GetProperty("gradientX"));
        AssertBits(grid.GradientY!.Cast<double>(), data.GetProperty("gradientY"));
        JsonElement walked = data.GetProperty("paths")[0];
        AssertBits(path.Steps.Select(step => step.X), walked.GetProperty("x"));
        AssertBits(path.Steps.Select(step => step.Y), walked.GetProperty("y"));
        AssertBits(path.Steps.Select(step => step.Value), walked.GetProperty("value"));
        AssertBits(path.Steps.Select(step => step.GradientNorm), walked.GetProperty("gradient"));
        AssertBits([1.0 / 3, 0.7], data.GetProperty("points")[0].GetProperty("at"));
        Assert.Equal("saddle", data.GetProperty("points")[0].GetProperty("kind").GetString());
    }

    [Fact]
    public void Draw_Page_NeedsNoNetworkAndAllowsNone()
    {
        string page = SurfacePage.Draw(SurfaceGrid.Sample((x, y) => x + y, (0, 1), (0, 1), 5, 5));
        string visible = page.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal); // a namespace, not an address
        Assert.DoesNotContain("http:", visible, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("https:", visible, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("src=", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(" style=", page, StringComparison.OrdinalIgnoreCase); // the policy blocks style attributes
        string policy = Policy().Match(page).Groups["policy"].Value;
        Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Contains(
            "script-src 'sha256-"
            + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Script().Match(page).Groups["text"].Value))) + "'",
            policy,
            StringComparison.Ordinal);
        Assert.DoesNotContain("{{", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Draw_NamesWithMarkup_AreEscaped()
    {
        string wicked = FigureChecks.Wicked + "{{data}}";
        SurfaceGrid grid = SurfaceGrid.Sample((x, y) => x + y, (0, 1), (0, 1), 5, 5, wicked, wicked, wicked);
        string page = SurfacePage.Draw(grid, new()
        {
            Title = wicked,
            Paths = [new(wicked, [new(0, 0)])],
            Points = [new(0, 0, PlottedPointKind.Other, wicked)],
        });
        Assert.Equal(3, page.Split("</script", StringSplitOptions.None).Length);     // the ends of the data and of the script
        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.Equal(SvgParts.Truncate(wicked, 60), DataOf(page).GetProperty("x").GetProperty("name").GetString());
    }

    [Fact]
    public void Draw_AnyCulture_IsTheSame() => FigureChecks.AssertSameInEveryCulture(() => SurfacePage.Draw(
        SurfaceGrid.Sample((x, y) => x - y, (-0.5, 1), (0, 1), 5, 5),
        new() { Paths = [new("a", [new(0.5, 0.5)]), new("b", [new(-0.5, 0.5)])] }));

    [Fact]
    public void Draw_Paths_HaveTheSameDashesInDataAndPicture()
    {
        string page = SurfacePage.Draw(
            SurfaceGrid.Sample((x, y) => x - y, (0, 1), (0, 1), 5, 5),
            new() { Paths = [new("a", [new(0, 0), new(1, 1)]), new("b", [new(0, 1), new(1, 0)])] });
        JsonElement paths = DataOf(page).GetProperty("paths");
        Assert.Equal("[]", paths[0].GetProperty("dashes").ToString());
        Assert.Equal("[9,4]", paths[1].GetProperty("dashes").ToString());
        Assert.Contains("stroke-dasharray=\"9 4\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Draw_InvalidViews_Throws()
    {
        SurfaceGrid grid = SurfaceGrid.Sample((x, y) => x + y, (0, 1), (0, 1), 5, 5);
        Assert.Throws<ArgumentOutOfRangeException>(() => SurfacePage.Draw(grid, new() { Elevation = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => SurfacePage.Draw(grid, new() { Azimuth = double.NaN }));
    }

    [Fact]
    public void PageFiles_Each_HaveAtMost450Lines()
    {
        string folder = Path.Combine(Repository.Root, "src", "MiniNet.Lab", "Pages", "Parts");
        Assert.All(Directory.GetFiles(folder, "Surface*"), file => Assert.InRange(File.ReadLines(file).Count(), 1, 450));
    }

    private static void AssertBits(IEnumerable<double> expected, JsonElement actual) =>
        Assert.Equal(expected.Select(Bits), actual.EnumerateArray().Select(number => Bits(
            number.ValueKind == JsonValueKind.Number ? number.GetDouble() : number.GetString() switch
            {
                "NaN" => double.NaN,
                "Infinity" => double.PositiveInfinity,
                _ => double.NegativeInfinity,
            })));

    private static long Bits(double number) => BitConverter.DoubleToInt64Bits(double.IsNaN(number) ? double.NaN : number);

    private static JsonElement DataOf(string page) => JsonDocument.Parse(Data().Match(page).Groups["text"].Value).RootElement;

    [GeneratedRegex("<meta http-equiv=\"Content-Security-Policy\" content=\"(?<policy>[^\"]*)\">", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Policy();

    [GeneratedRegex("<script>(?<text>.*?)</script>", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1000)]
    private static partial Regex Script();

    [GeneratedRegex(
        "<script type=\"application/json\" id=\"data\">(?<text>.*?)</script>",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline,
        1000)]
    private static partial Regex Data();
}
