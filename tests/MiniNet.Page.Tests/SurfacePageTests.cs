using System.Globalization;
using Microsoft.Playwright;
using MiniNet.Calculus;
using MiniNet.Figures;
using MiniNet.Pages;

namespace MiniNet.Tests.Page;

public sealed class SurfacePageTests(Browser browser) : IClassFixture<Browser>
{
    private const string HostileText = "</script><script>hacked=1</script><img src=x onerror=hacked=1>\"'&{{data}}";

    // Returns a reduced copy of the canvas.
    private const string Dots =
        """
        () => {
          const small = document.createElement('canvas'), g = small.getContext('2d', { willReadFrequently: true });
          [small.width, small.height] = [120, 80];
          g.drawImage(document.getElementById('surface'), 0, 0, 120, 80);
          return [...g.getImageData(0, 0, 120, 80).data];
        }
        """;

    [Fact]
    public async Task Drag_OnCanvas_RotatesTheSurface()
    {
        await using OpenPage open = await browser.Open(Bowl());
        int[] before = await Drawn(open);
        (double azimuth, double elevation, _) = await View(open);
        LocatorBoundingBoxResult box = (await open.Page.Locator("#surface").BoundingBoxAsync())!;
        await open.Page.Mouse.MoveAsync(box.X + 300, box.Y + 300);
        await open.Page.Mouse.DownAsync();
        await open.Page.Mouse.MoveAsync(box.X + 200, box.Y + 330, new() { Steps = 5 });
        await open.Page.Mouse.UpAsync();
        (double turned, double tipped, _) = await View(open);
        Assert.Equal(azimuth + 50, turned, 3);              // half a degree for each of 100 pixels
        Assert.Equal(elevation + 12, tipped, 3);
        Assert.True(Share(before, await Drawn(open)) > 0.05, "the picture is the same");
    }

    [Fact]
    public async Task KeysAndButtons_OnSurface_RotateZoomAndReset()
    {
        await using OpenPage open = await browser.Open(Bowl());
        (double Azimuth, double Elevation, double Zoom) first = await View(open);
        foreach (bool byKeys in (bool[])[true, false])
        {
            foreach ((string key, string id, double azimuth, double elevation, double zoom) in ((string, string, double, double, double)[])
            [
                ("ArrowRight", "right", 7.5, 0, 1), ("ArrowLeft", "left", -7.5, 0, 1), ("ArrowUp", "up", 0, 7.5, 1),
                ("ArrowDown", "down", 0, -7.5, 1), ("+", "in", 0, 0, 1.2), ("-", "out", 0, 0, 1 / 1.2),
            ])
            {
                int[] before = await Drawn(open);
                await (byKeys ? open.Page.Keyboard.PressAsync(key) : open.Page.ClickAsync($"#{id}"));
                Assert.Equal((first.Azimuth + azimuth, first.Elevation + elevation, first.Zoom * zoom), await View(open));
                Assert.True(Share(before, await Drawn(open)) > 0.02, $"{id} changes nothing");
                await (byKeys ? open.Page.Keyboard.PressAsync("0") : open.Page.ClickAsync("#reset"));
                Assert.Equal(first, await View(open));
            }
        }

        for (int i = 0; i < 20; i++)
        {
            await open.Page.Keyboard.PressAsync("ArrowUp");
        }

        Assert.Equal(90, (await View(open)).Elevation);     // the camera stops above the surface
    }

    [Fact]
    public async Task Touch_OnCanvas_RotatesZoomsAndSelectsPoints()
    {
        await using OpenPage open = await browser.Open(Bowl(), width: 360, height: 640);
        string readout = await open.Page.InnerTextAsync("#readout");
        (double azimuth, _, double zoom) = await View(open);
        await Pointers(
            open, (1, "pointerdown", 100, 150), (1, "pointermove", 80, 150), (1, "pointermove", 60, 150), (1, "pointerup", 60, 150));
        Assert.Equal(azimuth + 20, (await View(open)).Azimuth, 3);
        await Pointers(
            open,
            (1, "pointerdown", 100, 150),
            (2, "pointerdown", 200, 150),
            (2, "pointermove", 250, 150),
            (1, "pointerup", 100, 150),
            (2, "pointerup", 250, 150));
        Assert.Equal(zoom * 1.5, (await View(open)).Zoom, 3);
        Assert.Equal(readout, await open.Page.InnerTextAsync("#readout"));
        await open.Page.ClickAsync("#reset");
        await Pointers(open, (1, "pointerdown", 130, 190), (1, "pointerup", 130, 190));
        Assert.NotEqual(readout, await open.Page.InnerTextAsync("#readout"));
    }

    [Fact]
    public async Task Sliders_AtGridPoints_ShowTheGridsNumbers()
    {
        SurfaceGrid grid = Grid();
        await using OpenPage open = await browser.Open(SurfacePage.Draw(grid));
        foreach ((int column, int row) in ((int, int)[])[(0, 0), (20, 5), (13, 20), (7, 11)])
        {
            await open.Page.FillAsync("#x", $"{column}");
            await open.Page.FillAsync("#y", $"{row}");
            string expected = $"x = {Text(grid.X[column])}, y = {Text(grid.Y[row])}: z = {Text(grid.Z[row, column])}, "
                + $"gradient ({Text(grid.GradientX![row, column])}, {Text(grid.GradientY![row, column])}), norm "
                + Text(Math.Sqrt(Math.Pow(grid.GradientX[row, column], 2) + Math.Pow(grid.GradientY[row, column], 2)));
            Assert.Equal(expected, await open.Page.InnerTextAsync("#readout"));
            Assert.Equal(Text(grid.X[column]), await open.Page.GetAttributeAsync("#x", "aria-valuetext"));
        }
    }

    [Fact]
    public async Task Hover_OverLevelCurves_ShowsThePointUnderThePointer()
    {
        await using OpenPage open = await browser.Open(Bowl());
        await open.Page.ClickAsync("#to-contour");
        Assert.False(await open.Page.IsVisibleAsync("#surface"));
        double[] box = await open.Page.EvaluateAsync<double[]>(
            "() => { const b = document.querySelector('#contour .box').getBoundingClientRect(); "
            + "return [b.left, b.top, b.width, b.height]; }");
        await open.Page.Mouse.MoveAsync((float)(box[0] + (box[2] * 0.75)), (float)(box[1] + (box[3] * 0.4)));
        Assert.StartsWith("x = 1, y = 0.4: z = 1.16, ", await open.Page.InnerTextAsync("#readout"), StringComparison.Ordinal);
        await open.Page.Keyboard.PressAsync("ArrowUp");
        await open.Page.Keyboard.PressAsync("ArrowLeft");
        Assert.StartsWith("x = 0.8, y = 0.6: z = 1, ", await open.Page.InnerTextAsync("#readout"), StringComparison.Ordinal);
        await Drawn(open);
        double[] cross = await open.Page.EvaluateAsync<double[]>(
            "() => { const b = document.querySelector('.chosen').getBoundingClientRect(); "
            + "return [b.left + b.width / 2, b.top + b.height / 2]; }");
        Assert.Equal(box[0] + (box[2] * 0.7), cross[0], 1.5);
        Assert.Equal(box[1] + (box[3] * 0.35), cross[1], 1.5);
        await open.Page.Keyboard.PressAsync("v");
        Assert.True(await open.Page.IsVisibleAsync("#surface"));
    }

    [Fact]
    public async Task Hover_OverSurface_SelectsThePointUnderThePointer()
    {
        await using OpenPage open = await browser.Open(Bowl(elevation: 90, azimuth: 0));        // from above: x to the right, y upwards
        LocatorBoundingBoxResult box = (await open.Page.Locator("#surface").BoundingBoxAsync())!;
        float middleX = box.X + (box.Width / 2) + 10, middleY = box.Y + (box.Height / 2) - 6;
        await open.Page.Mouse.MoveAsync(middleX, middleY);
        Assert.StartsWith("x = 0, y = 0: z = 0,", await open.Page.InnerTextAsync("#readout"), StringComparison.Ordinal);
        await open.Page.Mouse.MoveAsync(middleX + 100, middleY);
        Assert.Matches("^x = [01].[0-9]+, y = 0: ", await open.Page.InnerTextAsync("#readout"));
        await open.Page.Mouse.MoveAsync(middleX, middleY - 100);
        Assert.Matches("^x = 0, y = [01].[0-9]+: ", await open.Page.InnerTextAsync("#readout"));
    }

    [Fact]
    public async Task Play_Path_StepsToItsEnd()
    {
        await using OpenPage open = await browser.Open(Bowl(), withClock: true);
        Assert.StartsWith("Step 4 of 4: x = 0.125, y = 0.0625, z = 0.5", await open.Page.InnerTextAsync("#said"), StringComparison.Ordinal);
        await open.Page.ClickAsync("#play");
        Assert.Equal("Step 0 of 4: x = 2, y = 1, z = 5, gradient norm 4.5", await open.Page.InnerTextAsync("#said"));
        Assert.Equal("Pause", await open.Page.InnerTextAsync("#play"));
        for (int i = 1; i <= 4; i++)
        {
            await open.Page.Clock.RunForAsync(310);
            Assert.StartsWith(
                $"Step {i} of 4: x = {Text(2 / Math.Pow(2, i))}, ", await open.Page.InnerTextAsync("#said"), StringComparison.Ordinal);
        }

        Assert.Equal("Play", await open.Page.InnerTextAsync("#play"));
        await open.Page.ClickAsync("#back");
        Assert.StartsWith("Step 3 of 4", await open.Page.InnerTextAsync("#said"), StringComparison.Ordinal);
        await open.Page.SelectOptionAsync("#path", "1");                                        // a path with unknown values
        Assert.Equal("Step 1 of 1: x = −1, y = not a number", await open.Page.InnerTextAsync("#said"));
        await open.Page.Keyboard.PressAsync("Tab");
        await open.Page.Keyboard.PressAsync("Home");
        Assert.Equal("Step 0 of 1: x = −2, y = −1", await open.Page.InnerTextAsync("#said"));
        await open.Page.ClickAsync("#to-contour");
        await open.Page.Clock.RunForAsync(50);
        Assert.Equal(1, await open.Page.Locator(".walked").CountAsync());
    }

    [Fact]
    public async Task TangentPlane_WithAndWithoutGradient_IsDrawnOrUnavailable()
    {
        await using OpenPage open = await browser.Open(Bowl());
        int[] before = await Drawn(open);
        await open.Page.CheckAsync("#plane");
        Assert.True(Share(before, await Drawn(open)) > 0.005, "no plane is drawn");
        await using OpenPage unknown = await browser.Open(SurfacePage.Draw(SurfaceGrid.Sample((x, y) => x, (0, 1), (0, 1), 5, 5)));
        Assert.False(await unknown.Page.IsVisibleAsync("#plane-switch"));
        Assert.False(await unknown.Page.IsVisibleAsync("#walk"));
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Page_OnPhoneInBothColourSchemes_NeverScrollsSideways(ColorScheme scheme)
    {
        await using OpenPage open = await browser.Open(
            Bowl(title: "A very long title with averyveryveryverylongwordinitthatdoesnotfit"), width: 360, height: 640, scheme: scheme);
        foreach (string view in (string[])["#to-contour", "#to-surface"])
        {
            await open.Page.ClickAsync(view);
            Assert.Equal(360, await open.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        }

        await open.Page.ClickAsync("#to-contour");
        foreach (string label in (string[])["#contour text.label", "#contour text:not(.label)"])      // on the coloured area, and beside it
        {
            double[] ink = await open.Page.EvaluateAsync<double[]>(
                "name => { const s = getComputedStyle(document.querySelector(name)); "
                + "return [s.fill, s.stroke].map(c => parseInt(c.slice(4))); }",
                label);
            Assert.Equal(label.EndsWith(".label", StringComparison.Ordinal) || scheme == ColorScheme.Light, ink[0] < 128);
            Assert.True(double.IsNaN(ink[1]) || Math.Abs(ink[0] - ink[1]) > 128, $"{label}: {ink[0]} on {ink[1]}");
        }

        double background = await open.Page.EvaluateAsync<double>("parseInt(getComputedStyle(document.body).backgroundColor.slice(4))");
        Assert.Equal(scheme == ColorScheme.Dark, background < 128);
        await open.Page.ClickAsync("summary");
        Assert.Equal(360, await open.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
    }

    [Fact]
    public async Task Draw_OddSurfaces_CausesNoErrors()
    {
        foreach (Func<double, double, double> function in (Func<double, double, double>[])
        [
            (_, _) => 3,
            (_, _) => double.NaN,
            (x, _) => Math.Log(x),
            (x, y) => 1 / (x * y),
            (x, _) => x * 1e300,
            (x, _) => x > 0 ? double.PositiveInfinity : 1e-300,
        ])
        {
            SurfaceGrid grid = SurfaceGrid.Sample(function, (-1, 1), (-1, 1), 9, 9).WithGradient((x, _) => (1 / x, 0));
            PlottedPath[] paths = [new("p", [new(-2, 0), new(double.NaN, 0), new(1e300, -1e300)])];
            await using OpenPage open = await browser.Open(SurfacePage.Draw(
                grid,
                new() { Paths = paths, Points = [new(5, 5, PlottedPointKind.Saddle), new(double.NaN, 0, PlottedPointKind.Other)] }));
            await open.Page.CheckAsync("#plane");
            await open.Page.ClickAsync("#up");
            await open.Page.ClickAsync("#first");
            await open.Page.ClickAsync("#to-contour");
            await Drawn(open);
        }
    }

    [Fact]
    public async Task Names_WithMarkup_AreShownAsText()
    {
        SurfaceGrid grid = SurfaceGrid.Sample((x, y) => x + y, (0, 1), (0, 1), 5, 5, HostileText, HostileText, HostileText);
        await using OpenPage open = await browser.Open(SurfacePage.Draw(grid, new()
        {
            Title = HostileText,
            Paths = [new(HostileText, [new(0, 0), new(1, 1)])],
            Points = [new(0.5, 0.5, PlottedPointKind.Saddle, HostileText)],
        }));
        Assert.Equal(HostileText, await open.Page.InnerTextAsync("h1"));
        Assert.Contains("</script><script>", await open.Page.InnerTextAsync("#path"), StringComparison.Ordinal);
        await open.Page.ClickAsync("#to-contour");
        Assert.Equal("undefined", await open.Page.EvaluateAsync<string>("typeof hacked"));
        Assert.Equal(0, await open.Page.Locator("img").CountAsync());
    }

    [Fact]
    public async Task Page_ForScreenReader_HasDescriptionAndNames()
    {
        await using OpenPage open = await browser.Open(Bowl());
        string description = (await open.Page.GetAttributeAsync("#surface", "aria-label"))!;
        Assert.Contains("z for x from -2 to 2 and y from -2 to 2. Values range from 0 to 8.", description, StringComparison.Ordinal);
        Assert.Contains("minimum at (0, 0)", description, StringComparison.Ordinal);
        foreach (string name in (string[])
            ["Rotate left", "Move the camera up", "Zoom in", "Reset", "Play", "Next", "Level curves"])
        {
            Assert.Equal(1, await open.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).CountAsync());
        }

        Assert.Equal(3, await open.Page.GetByRole(AriaRole.Slider).CountAsync());
        Assert.Equal("status", await open.Page.GetAttributeAsync("#said", "role"));
    }

    private static SurfaceGrid Grid() =>
        SurfaceGrid.Sample((x, y) => (x * x) + (y * y), (-2, 2), (-2, 2), 21, 21).WithGradient((x, y) => (2 * x, 2 * y));

    private static string Bowl(double azimuth = 30, double elevation = 32, string title = "A bowl") => SurfacePage.Draw(Grid(), new()
    {
        Title = title,
        Azimuth = azimuth,
        Elevation = elevation,
        Paths =
        [
            new(
                "halves",
                [
                    new(2, 1, 5, 4.5), new(1, 0.5, 1.25, 2.2), new(0.5, 0.25, 0.3125, 1.1), new(0.25, 0.125, 0.078, 0.6),
                    new(0.125, 0.0625, 0.5, 0.3),
                ]),
            new("unknown", [new(-2, -1), new(-1, double.NaN)]),
        ],
        Points = [new(0, 0, PlottedPointKind.Minimum)],
    });

    private static string Text(double value) => value.ToString("G6", CultureInfo.InvariantCulture).Replace('-', '−');

    private static async Task<(double Azimuth, double Elevation, double Zoom)> View(OpenPage open)
    {
        double[] view = await open.Page.EvaluateAsync<double[]>(
            "() => { const d = document.getElementById('surface').dataset; return [d.azimuth, d.elevation, d.zoom].map(Number); }");
        return (view[0], view[1], view[2]);
    }

    private static async Task<int[]> Drawn(OpenPage open)
    {
        await open.Page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        return await open.Page.IsVisibleAsync("#surface") ? await open.Page.EvaluateAsync<int[]>(Dots) : [];
    }

    private static double Share(int[] before, int[] after) =>
        before.Zip(after).Count(pair => pair.First != pair.Second) / (double)before.Length;

    private static async Task Pointers(OpenPage open, params (int Id, string Kind, int X, int Y)[] events)
    {
        // Synthetic pointer events cannot be captured.
        await open.Page.EvaluateAsync("document.getElementById('surface').setPointerCapture = () => {}");
        foreach ((int id, string kind, int x, int y) in events)
        {
            await open.Page.EvaluateAsync(
                "([id, kind, x, y]) => { const c = document.getElementById('surface'), b = c.getBoundingClientRect(); "
                + "c.dispatchEvent(new PointerEvent(kind, { pointerId: id, pointerType: 'touch', "
                + "clientX: b.left + x, clientY: b.top + y, bubbles: true })); }",
                new object[] { id, kind, x, y });
        }
    }
}
