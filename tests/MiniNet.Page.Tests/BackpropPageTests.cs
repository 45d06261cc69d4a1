using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using MiniNet.Stepping;
using MiniNet.Tensors;

namespace MiniNet.Tests.Page;

public sealed partial class BackpropPageTests(Browser browser) : IClassFixture<Browser>
{
    // All numbers of the current step as stored in the page, matrix by matrix in order.
    private const string Matrices =
        """
        () => [...document.querySelectorAll('#equations table')].map(table => ({
          symbol: table.dataset.symbol, turned: table.dataset.turned === 'true',
          rows: [...table.tBodies[0].rows].map(row => [...row.cells].slice(1).map(td => td.dataset.value)) }))
        """;

    public static TheoryData<string> Names => [.. Pages.Names];

    [Theory]
    [InlineData("iris", true)]
    [InlineData("iris", false)]
    [InlineData("residual", true)]
    [InlineData("residual", false)]
    public async Task Steps_ForwardAndBack_AreAllReached(string name, bool byKeyboard)
    {
        Pages made = Pages.Of(name);
        await using OpenPage open = await browser.Open(made.Html);
        int count = made.Steps.Count;
        for (int i = 1; i <= count; i++)
        {
            await AssertShows(open, made.Steps, i);
            await (i == count
                ? Task.CompletedTask
                : byKeyboard ? open.Page.Keyboard.PressAsync("ArrowRight") : open.Page.ClickAsync("#next"));
        }

        Assert.True(await open.Page.IsDisabledAsync("#next"));
        for (int i = count; i >= 1; i--)
        {
            await AssertShows(open, made.Steps, i);
            await (i == 1 ? Task.CompletedTask : byKeyboard ? open.Page.Keyboard.PressAsync("ArrowLeft") : open.Page.ClickAsync("#back"));
        }

        Assert.True(await open.Page.IsDisabledAsync("#back"));
        await (byKeyboard ? open.Page.Keyboard.PressAsync("End") : open.Page.ClickAsync("#last"));
        await AssertShows(open, made.Steps, count);
        await (byKeyboard ? open.Page.Keyboard.PressAsync("Home") : open.Page.ClickAsync("#first"));
        await AssertShows(open, made.Steps, 1);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Numbers_OfEveryStep_MatchTheEngineBitForBit(string name)
    {
        Pages made = Pages.Of(name);
        await using OpenPage open = await browser.Open(made.Html);
        for (int i = 1; i <= made.Steps.Count; i++)
        {
            Step step = made.Steps[i - 1];
            await open.GoTo(i);
            JsonElement[] matrices = [.. (await open.Page.EvaluateAsync<JsonElement>(Matrices)).EnumerateArray()];
            List<Tensor> tensors =
            [
                .. step.Inputs,
                .. step.Cached,
                .. Some(step.Output),
                .. Some(step.Incoming),
                .. Some(step.LocalDerivative),
                .. step.Contributions.SelectMany(part => new[] { part.Added, part.Accumulated }),
            ];
            Assert.All(matrices, matrix => Assert.True(
                tensors.Exists(tensor => tensor.Name == matrix.GetProperty("symbol").GetString() && IsShown(tensor, matrix))
                || (step.Kind == StepKind.Update && made.Optimizer!.State.Any(state => IsShown(state, matrix)))));

            // The results of the step are on the page, in order.
            List<Tensor> expected = step.Kind == StepKind.Backward
                ? [.. step.Contributions.Select(part => part.Added)]
                : [.. Some(step.Output)];
            int at = 0;
            foreach (Tensor tensor in expected)
            {
                at = Array.FindIndex(
                    matrices, at, matrix => matrix.GetProperty("symbol").GetString() == tensor.Name && IsShown(tensor, matrix)) + 1;
                Assert.True(at > 0, $"{step}: {tensor.Name} is not on the page");
            }
        }
    }

    [Fact]
    public async Task Numbers_NonFiniteOrExtreme_AreShownUnchanged()
    {
        Pages made = Pages.Odd();
        await using OpenPage open = await browser.Open(made.Html);
        JsonElement matrix = (await open.Page.EvaluateAsync<JsonElement>(Matrices)).EnumerateArray().First();
        Assert.True(IsShown(made.Steps[0].Output!, matrix), matrix.ToString());
        Assert.Equal(
            ["NaN", "∞", "−∞", "0", "1e−45", "3.403e38", "0.3333"],
            await open.Page.Locator("table >> nth=0").Locator("td").AllInnerTextsAsync());
    }

    [Fact]
    public async Task Hover_OverNumber_HighlightsItsInputs()
    {
        Pages made = Pages.Residual();
        await using OpenPage open = await browser.Open(made.Html);
        int StepOf(string name, StepKind kind) => 1 + made.Steps.FindIndex(step => step.Name == name && step.Kind == kind);

        await open.GoTo(StepOf("hidden", StepKind.Forward));                                // y = x·W + b
        await open.Cell(0, "y", 1, 2).HoverAsync();
        Assert.Equal(["W[0, 2]", "W[1, 2]", "W[2, 2]", "W[3, 2]", "b[0, 2]", "x[1, 0]", "x[1, 1]", "x[1, 2]", "x[1, 3]"], await open.Lit());
        await AssertSum(open, made.Steps[0].Output![1, 2], products: 4, terms: 5);

        await open.GoTo(StepOf("hidden", StepKind.Backward));
        IReadOnlyList<Contribution> parts = made.Steps[StepOf("hidden", StepKind.Backward) - 1].Contributions;
        await open.Cell(0, "dW", 3, 1).HoverAsync();                                        // dW += xᵀ·dY
        Assert.Equal(["dY[0, 1]", "dY[1, 1]", "dY[2, 1]", "xᵀ[3, 0]", "xᵀ[3, 1]", "xᵀ[3, 2]"], await open.Lit());
        await AssertSum(open, parts[0].Added[3, 1], products: 3, terms: 3);
        await open.Cell(1, "db", 0, 4).HoverAsync();                                        // db += Σᵢ dYᵢ
        Assert.Equal(["dY[0, 4]", "dY[1, 4]", "dY[2, 4]"], await open.Lit());
        await AssertSum(open, parts[1].Added.Span[4], products: 0, terms: 3);

        await open.GoTo(StepOf("out", StepKind.Backward));
        await open.Cell(2, "dX", 2, 0).HoverAsync();                                        // dX += dY·Wᵀ
        Assert.Equal(["Wᵀ[0, 0]", "Wᵀ[1, 0]", "Wᵀ[2, 0]", "dY[2, 0]", "dY[2, 1]", "dY[2, 2]"], await open.Lit());
        await AssertSum(open, made.Steps[StepOf("out", StepKind.Backward) - 1].Contributions[2].Added[2, 0], products: 3, terms: 3);

        await open.GoTo(StepOf("tanh", StepKind.Backward));
        await open.Cell(1, "dX", 2, 3).HoverAsync();                                        // dX += dY ⊙ ∂y/∂x
        Assert.Equal(["dY[2, 3]", "∂y/∂x[2, 3]"], await open.Lit());
        await open.Cell(0, "∂y/∂x", 0, 1).HoverAsync();                                     // ∂y/∂x = 1 − y²
        Assert.Equal(["y[0, 1]"], await open.Lit());

        await open.GoTo(StepOf("loss", StepKind.Backward));                                 // one row, with its target
        await open.Cell(0, "dZ", 1, 0).HoverAsync();
        Assert.Equal(["dL[0, 0]", "p[1, 0]", "t[1, 0]"], await open.Lit());
        Assert.Contains(
            $"with dL = 1, p = {await open.Cell(0, "p", 1, 0).InnerTextAsync()}, t = 1, 1[t] = 0, n = 3",
            await open.Page.InnerTextAsync("#readout"),
            StringComparison.Ordinal);

        await open.Page.HoverAsync("h1");
        Assert.Empty(await open.Lit());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Hover_OverEveryMatrix_ExplainsItAndHighlightsInputsOfResults(string name)
    {
        Pages made = Pages.Of(name);
        await using OpenPage open = await browser.Open(made.Html);
        for (int i = 1; i <= made.Steps.Count; i++)
        {
            await open.GoTo(i);
            JsonElement said = await open.Page.EvaluateAsync<JsonElement>(
                """
                () => [...document.querySelectorAll('#equations table')].map(table => {
                  table.querySelector('td').focus();
                  const isMade = table === table.closest('.parts').querySelector('table');     // or the accumulated gradient
                  return [
                    table.dataset.symbol, document.getElementById('readout').textContent, isMade,
                    document.querySelectorAll('td.maker').length];
                })
                """);
            foreach (JsonElement matrix in said.EnumerateArray())
            {
                Assert.StartsWith($"{matrix[0].GetString()}[0, 0] ", matrix[1].GetString(), StringComparison.Ordinal);
                // The norm in a clip step covers more gradients than the page shows.
                Assert.Equal(matrix[2].GetBoolean() && made.Steps[i - 1].Kind != StepKind.Clip, matrix[3].GetInt32() > 0);
            }
        }
    }

    [Fact]
    public async Task Hover_OverMatMulGradientOrValueTarget_SubstitutesNumbers()
    {
        Pages made = Pages.Others();
        await using OpenPage open = await browser.Open(made.Html);
        int back = made.Steps.FindIndex(step => step.Operation == "MatMul" && step.Kind == StepKind.Backward);
        await open.GoTo(back + 1);
        await open.Cell(0, "dA", 2, 1).HoverAsync();                                        // dA += dY·bᵀ
        Assert.Equal(["bᵀ[0, 1]", "bᵀ[1, 1]", "bᵀ[2, 1]", "dY[2, 0]", "dY[2, 1]", "dY[2, 2]"], await open.Lit());
        await AssertSum(open, made.Steps[back].Contributions[0].Added[2, 1], products: 3, terms: 3);
        await open.Cell(1, "dB", 0, 2).HoverAsync();                                        // dB += aᵀ·dY
        Assert.Equal(["aᵀ[0, 0]", "aᵀ[0, 1]", "aᵀ[0, 2]", "dY[0, 2]", "dY[1, 2]", "dY[2, 2]"], await open.Lit());

        await open.GoTo(1 + made.Steps.FindIndex(step => step.Name == "b"));                // y = x·W, without b
        await open.Cell(0, "y", 1, 2).HoverAsync();
        Assert.Equal(8, (await open.Lit()).Length);
        await AssertSum(open, made.Steps.First(step => step.Name == "b").Output![1, 2], products: 4, terms: 4);

        await open.GoTo(1 + made.Steps.FindIndex(step => step.Name == "loss" && step.Kind == StepKind.Backward));
        await open.Cell(0, "dP", 1, 1).HoverAsync();                                        // dP += dL · ∂L/∂p
        string p = await open.Cell(0, "p", 1, 1).InnerTextAsync(), t = await open.Cell(0, "t", 1, 1).InnerTextAsync();
        Assert.Contains(
            $"∂L/∂p = 2(p − t) / N, with dL = 1, p = {p}, t = {t}", await open.Page.InnerTextAsync("#readout"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keyboard_InsideMatrix_MovesAndLeavesIt()
    {
        Pages made = Pages.Residual();
        await using OpenPage open = await browser.Open(made.Html);
        await open.Page.FocusAsync("#graph");
        await open.Page.Keyboard.PressAsync("Tab");         // focuses the first number of y
        foreach (string key in (string[])["ArrowDown", "ArrowRight", "ArrowRight", "ArrowUp", "ArrowLeft", "ArrowDown", "ArrowRight"])
        {
            await open.Page.Keyboard.PressAsync(key);
        }

        Assert.Equal((1, made.Steps.Count), await open.Step());
        Assert.StartsWith("y[1, 2] = ", await open.Page.InnerTextAsync("#readout"), StringComparison.Ordinal);
        Assert.EndsWith($" = {Minus(made.Steps[0].Output![1, 2])}", await open.Page.InnerTextAsync("#readout"), StringComparison.Ordinal);
        Assert.NotEmpty(await open.Lit());
        Assert.NotEqual("none", await open.Page.EvaluateAsync<string>("getComputedStyle(document.activeElement).outlineStyle"));
        await open.Page.Keyboard.PressAsync("Escape");
        await open.Page.Keyboard.PressAsync("ArrowRight");
        Assert.Equal((2, made.Steps.Count), await open.Step());
    }

    [Fact]
    public async Task PredictFirst_BackwardStep_AsksBeforeShowingGradients()
    {
        Pages made = Pages.Residual();
        await using OpenPage open = await browser.Open(made.Html);
        await open.Page.Keyboard.PressAsync("p");
        Assert.True(await open.Page.IsCheckedAsync("#predict"));
        int[] backward = [.. Enumerable.Range(1, made.Steps.Count).Where(i => made.Steps[i - 1].Kind == StepKind.Backward)];
        for (int n = 0; n < backward.Length; n++)
        {
            await open.GoTo(backward[n]);
            Contribution part = made.Steps[backward[n] - 1].Contributions
                .LastOrDefault(part => part.Equation.Text.AsSpan().IndexOfAny('·', '⊙') >= 0)
                ?? made.Steps[backward[n] - 1].Contributions[^1];
            Match asked = Asked().Match(await open.Page.InnerTextAsync("#asked"));
            Assert.Equal(part.Added.Name, asked.Groups["letter"].Value);
            ILocator left = open.Page.Locator($".equation[aria-label='{part.Equation}']").Locator("table >> nth=0").Locator("td");
            Assert.All(await left.AllInnerTextsAsync(), text => Assert.Equal("?", text));
            Assert.DoesNotContain(part.ToString(), await open.Page.InnerTextAsync("#said"), StringComparison.Ordinal);

            int row = int.Parse(asked.Groups["row"].Value, CultureInfo.InvariantCulture),
                column = int.Parse(asked.Groups["column"].Value, CultureInfo.InvariantCulture);
            float value = part.Added.Shape.Rank < 2 ? part.Added.Span[column] : part.Added[row, column];
            float factor = (n % 3) switch { 0 => 1.04f, 1 => 1.06f, _ => 0.96f };
            await open.Page.FillAsync("#answer", "nothing");
            await open.Page.Keyboard.PressAsync("Enter");
            Assert.Contains("Type a number", await open.Page.InnerTextAsync("#verdict"), StringComparison.Ordinal);
            await open.Page.FillAsync("#answer", Minus(value * factor));
            await open.Page.Keyboard.PressAsync("Enter");
            Assert.StartsWith(n % 3 == 1 ? "Not quite" : "Right", await open.Page.InnerTextAsync("#verdict"), StringComparison.Ordinal);
            Assert.Contains(Minus(value), await open.Page.InnerTextAsync("#verdict"), StringComparison.Ordinal);
            await AssertShows(open, made.Steps, backward[n]);
            Assert.False(await open.Page.IsVisibleAsync("#question"));
        }

        Assert.EndsWith("right.", await open.Page.InnerTextAsync("#verdict"), StringComparison.Ordinal);
        await open.Page.Keyboard.PressAsync("p");
        await open.Page.Keyboard.PressAsync("p");           // asks again
        Assert.True(await open.Page.IsVisibleAsync("#question"));
        await open.Page.ClickAsync("#next");                // shows the answer and stays at the step
        await AssertShows(open, made.Steps, backward[^1]);
        Assert.False(await open.Page.IsVisibleAsync("#question"));
    }

    [Fact]
    public async Task Play_WithoutPausing_ReachesTheEnd()
    {
        Pages made = Pages.Residual();
        await using OpenPage open = await browser.Open(made.Html, withClock: true);
        await open.Page.Keyboard.PressAsync("Space");
        Assert.Equal("Pause", await open.Page.InnerTextAsync("#play"));
        await open.Page.Clock.RunForAsync(2600);
        Assert.Equal((2, made.Steps.Count), await open.Step());
        await open.Page.Keyboard.PressAsync("Space");
        await open.Page.Clock.RunForAsync(10_000);
        Assert.Equal((2, made.Steps.Count), await open.Step());
        await open.Page.ClickAsync("#play");
        await open.Page.Clock.RunForAsync(2600 * made.Steps.Count);
        Assert.Equal((made.Steps.Count, made.Steps.Count), await open.Step());
        Assert.Equal("Play", await open.Page.InnerTextAsync("#play"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Page_OnPhone_NeverScrollsSideways(string name)
    {
        Pages made = Pages.Of(name);
        await using OpenPage open = await browser.Open(made.Html, width: 360, height: 640);
        await open.Page.CheckAsync("#predict");
        for (int i = 1; i <= made.Steps.Count; i++)
        {
            await open.GoTo(i);
            Assert.Equal(360, await open.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        }
    }

    [Theory]
    [InlineData("iris", ColorScheme.Light)]
    [InlineData("iris", ColorScheme.Dark)]
    [InlineData("residual", ColorScheme.Light)]
    [InlineData("residual", ColorScheme.Dark)]
    public async Task Page_InBothColourSchemes_HasTextContrastOfAtLeast4Point5(string name, ColorScheme scheme)
    {
        Pages made = Pages.Of(name);
        await using OpenPage open = await browser.Open(made.Html, scheme: scheme);
        await open.Page.ClickAsync("summary");
        double background = await open.Page.EvaluateAsync<double>("parseInt(getComputedStyle(document.body).backgroundColor.slice(4))");
        Assert.Equal(scheme == ColorScheme.Dark, background < 128);
        for (int i = 1; i <= made.Steps.Count; i++)
        {
            await open.GoTo(i);
            string[] faint = await open.Page.EvaluateAsync<string[]>(Contrast);
            Assert.Empty(faint);
        }
    }

    [Fact]
    public async Task Page_ForScreenReader_HasRolesAndNames()
    {
        Pages made = Pages.Residual();
        await using OpenPage open = await browser.Open(made.Html);
        ILocator w = open.Page.GetByRole(AriaRole.Table, new() { Name = "W [4×5] hidden.weight" });
        Assert.Equal(1, await w.CountAsync());
        Assert.Equal(20, await w.GetByRole(AriaRole.Cell).CountAsync());
        Assert.Equal(4, await w.GetByRole(AriaRole.Rowheader).CountAsync());
        foreach (string name in (string[])["First step", "← Back", "Play", "Next →", "Last step"])
        {
            Assert.Equal(1, await open.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).CountAsync());
        }

        Assert.Equal(1, await open.Page.GetByRole(AriaRole.Checkbox, new() { Name = "Predict first" }).CountAsync());
        Assert.Equal("status", await open.Page.GetAttributeAsync("#said", "role"));     // announced when it changes
        Assert.Contains("hidden and tanh to sum", await open.Page.GetAttributeAsync("#graph svg", "aria-label"), StringComparison.Ordinal);
        Assert.Equal("0s", await open.Page.EvaluateAsync<string>("getComputedStyle(document.querySelector('td')).transitionDuration"));
    }

    [Fact]
    public async Task GoTo_Step_HighlightsItsNodeAndEdges()
    {
        Pages made = Pages.Residual();
        await using OpenPage open = await browser.Open(made.Html);
        async Task<string> Lit() => await open.Page.EvaluateAsync<string>(
            "[...document.querySelectorAll('.node.lit .name')].map(t => t.textContent) + ' | ' "
            + "+ [...document.querySelectorAll('.edge.lit')].map(e => e.dataset.from + '-' + e.dataset.to)");

        string[] expected = [.. made.Steps.Select(step => (step.Kind, step.Name) switch
        {
            (StepKind.Forward, "hidden") => "hidden | 0-1",
            (StepKind.Forward or StepKind.Backward, "tanh") => "tanh | 1-2",
            (StepKind.Forward or StepKind.Backward, "sum") => "sum | 1-3,2-3",
            (StepKind.Forward or StepKind.Backward, "out") => "out | 3-4",
            (StepKind.Loss or StepKind.Backward, "loss") => "loss | 4-5",
            (StepKind.Backward, "hidden") => "hidden | ",       // x receives no gradient
            (StepKind.Update, _) => $"{step.Name.Split('.')[0]} | ",
            _ => "hidden,out | ",                               // the parameters' gradients are set to 0
        })];
        for (int i = 1; i <= expected.Length; i++)
        {
            await open.GoTo(i);
            Assert.Equal(expected[i - 1], await Lit());
        }
    }

    [Fact]
    public async Task LargeMatrix_IsTruncatedAtFirst_AndShowsMoreOnRequest()
    {
        Pages made = Pages.Images();
        await using OpenPage open = await browser.Open(made.Html);
        await open.GoTo(1 + made.Steps.FindIndex(step => step.Name.StartsWith("dense", StringComparison.Ordinal)));
        ILocator w = open.Page.Locator("figure").Filter(new() { HasText = "[64×32]" });
        Assert.Contains("first 16 of 64 rows, first 16 of 32 columns", await w.InnerTextAsync(), StringComparison.Ordinal);
        await w.GetByRole(AriaRole.Button).ClickAsync();
        await w.GetByRole(AriaRole.Button).ClickAsync();
        Assert.Equal(64 * 32, await w.Locator("td").CountAsync());
        Assert.Equal(0, await w.GetByRole(AriaRole.Button).CountAsync());
    }

    [Fact]
    public async Task Hover_OverSumOverChannel_HighlightsOnlyThatChannel()
    {
        Pages made = Pages.Of("norms");
        await using OpenPage open = await browser.Open(made.Html);
        await open.GoTo(1 + made.Steps.FindIndex(step => step.Name == "of rows" && step.Kind == StepKind.Backward));
        await open.Cell(1, "dβ", 0, 2).HoverAsync();
        Assert.Equal(["dY[0, 2]", "dY[1, 2]", "dY[2, 2]"], await open.Lit());
        await open.Cell(2, "dX", 1, 2).HoverAsync();
        Assert.Equal(["dY[0, 2]", "dY[1, 2]", "dY[2, 2]", "s[0, 2]", "x̂[0, 2]", "x̂[1, 2]", "x̂[2, 2]", "γ[0, 2]"], await open.Lit());
        await open.GoTo(1 + made.Steps.FindIndex(step => step.Name == "conv" && step.Kind == StepKind.Backward));
        await open.Cell(1, "db", 0, 1).HoverAsync();
        Assert.Equal(["dY[0, 2]", "dY[0, 3]", "dY[1, 2]", "dY[1, 3]", "dY[2, 2]", "dY[2, 3]"], await open.Lit());
    }

    [Fact]
    public async Task Iris_ColumnsAndClasses_AreNamedOnOneLine()
    {
        Pages made = Pages.Iris();
        await using OpenPage open = await browser.Open(made.Html);
        Assert.Equal(
            ["", "0 sepal_length", "1 sepal_width", "2 petal_length", "3 petal_width"],
            await open.Page.Locator("table[data-symbol=x] thead th").AllInnerTextsAsync());
        await open.GoTo(1 + made.Steps.FindIndex(step => step.Kind == StepKind.Loss));
        Assert.Equal(
            ["", "0 setosa", "1 versicolor", "2 virginica"],
            await open.Page.Locator("table[data-symbol=p] thead th").AllInnerTextsAsync());
        int right = (int)made.Steps.First(step => step.Kind == StepKind.Loss).Cached[0].Span[0];
        Assert.Equal(
            $"0 {((string[])["setosa", "versicolor", "virginica"])[right]}",
            await open.Page.Locator("table[data-symbol=t] tbody th").InnerTextAsync());
        await open.GoTo(1 + made.Steps.FindIndex(step => step.Kind == StepKind.Backward && step.Contributions[0].Added.Shape.Length == 64));

        made = Pages.Images();                                                              // wider than the page
        await using OpenPage images = await browser.Open(made.Html);
        await images.GoTo(1 + made.Steps.FindIndex(step => step.Name.StartsWith("dense", StringComparison.Ordinal)));
        Assert.InRange(
            await images.Page.EvaluateAsync<double>(
                "Math.max(...[...document.querySelectorAll('tbody tr')].map(row => row.getBoundingClientRect().height))"),
            20,
            30);
    }

    [Fact]
    public async Task Names_WithMarkup_AreShownAsText()
    {
        Pages made = Pages.Images();
        await using OpenPage open = await browser.Open(made.Html);
        Assert.Equal("</title></script><script>hacked=1</script> & \"größe\" 😀", await open.Page.InnerTextAsync("h1"));
        for (int i = 1; i <= made.Steps.Count; i++)
        {
            await open.GoTo(i);
            await AssertShows(open, made.Steps, i);
        }

        Assert.Equal("undefined", await open.Page.EvaluateAsync<string>("typeof hacked"));
        Assert.Equal(0, await open.Page.Locator("img").CountAsync());
    }

    private static async Task AssertShows(OpenPage open, List<Step> steps, int i)
    {
        Assert.Equal((i, steps.Count), await open.Step());
        string said = await open.Page.TextContentAsync("#said") ?? "";
        Assert.EndsWith(steps[i - 1].ToString(), said, StringComparison.Ordinal);
        Assert.EndsWith(
            $"{steps[i - 1].Name} · {steps[i - 1].Operation}",
            await open.Page.TextContentAsync("#heading") ?? "",
            StringComparison.Ordinal);
        Assert.Equal($"{i - 1}", await open.Page.InputValueAsync("#steps"));
    }

    // For "dW[3, 1] += 0.1·0.2 + −0.3·0.4 = 0.0123", the displayed terms add up to the displayed number, which is the engine's.
    private static async Task AssertSum(OpenPage open, float value, int products, int terms)
    {
        string text = (await open.Page.InnerTextAsync("#readout")).Replace('−', '-');
        string[] sides = text.Split(" = ");
        Assert.Equal(value, float.Parse(sides[^1], CultureInfo.InvariantCulture));
        string[] added = (text.Contains("+=", StringComparison.Ordinal) ? sides[0].Split(" += ")[1] : sides[1]).Split(" + ");
        Assert.Equal(terms, added.Length);
        Assert.Equal(products, added.Count(term => term.Contains('·')));
        double sum = added.Sum(term => term.Split('·')
            .Aggregate(1.0, (product, factor) => product * double.Parse(factor, CultureInfo.InvariantCulture)));
        Assert.Equal(value, sum, 0.003);
    }

    private static bool IsShown(Tensor tensor, JsonElement matrix)
    {
        bool turned = matrix.GetProperty("turned").GetBoolean();
        (int rows, int columns) = tensor.Shape.Rank < 2 ? (1, tensor.Shape.Length) : (tensor.Shape.Rows, tensor.Shape.Columns);
        JsonElement[][] shown = [.. matrix.GetProperty("rows").EnumerateArray().Select(row => row.EnumerateArray().ToArray())];
        if (shown.Length != Math.Min(16, turned ? columns : rows) || shown[0].Length != Math.Min(16, turned ? rows : columns))
        {
            return false;
        }

        for (int i = 0; i < shown.Length; i++)
        {
            for (int j = 0; j < shown[i].Length; j++)
            {
                float expected = tensor.Span[turned ? (j * columns) + i : (i * columns) + j];
                if (BitConverter.SingleToInt32Bits(float.Parse(shown[i][j].GetString()!, CultureInfo.InvariantCulture))
                    != BitConverter.SingleToInt32Bits(expected))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static IEnumerable<Tensor> Some(Tensor? tensor) => tensor is null ? [] : [tensor];

    private static string Minus(float value) => value.ToString(CultureInfo.InvariantCulture).Replace('-', '−');

    [GeneratedRegex(@"^What is (?<letter>[^\[]+)\[(?<row>\d+), (?<column>\d+)\]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Asked();

    // Returns every visible element that has its own text and whose contrast with its background (WCAG 2.2) is less than 4.5.
    private const string Contrast =
        """
        () => {
          const context = Object.assign(document.createElement('canvas'), { width: 1, height: 1 })
            .getContext('2d', { willReadFrequently: true });
          const known = new Map();
          const rgba = colour => {
            if (!known.has(colour)) {
              context.clearRect(0, 0, 1, 1);
              context.fillStyle = colour;
              context.fillRect(0, 0, 1, 1);
              known.set(colour, [...context.getImageData(0, 0, 1, 1).data]);
            }
            return known.get(colour);
          };
          const luminance = c => c.slice(0, 3).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
            .reduce((s, v, i) => s + v * [0.2126, 0.7152, 0.0722][i], 0);
          const behind = element => {
            for (let e = element; e; e = e.parentElement) {
              const c = rgba(getComputedStyle(e).backgroundColor);
              if (c[3] === 255) return c;
            }
            return [255, 255, 255];
          };
          const faint = [];
          for (const e of document.querySelectorAll('body *')) {
            if (e.disabled || e.matches('script, option, title') || !e.checkVisibility()
              || ![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
            const isSvg = e instanceof SVGElement, style = getComputedStyle(e);
            const ground = isSvg && e.closest('.node') ? rgba(getComputedStyle(e.closest('.node').querySelector('rect')).fill) : behind(e);
            const [a, b] = [luminance(rgba(isSvg ? style.fill : style.color)), luminance(ground)];
            const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            if (ratio < 4.5) {
              faint.push(`${e.tagName} ${e.className?.baseVal ?? e.className} '${e.textContent.slice(0, 20)}' ${ratio.toFixed(2)}`);
            }
          }
          return faint;
        }
        """;
}
