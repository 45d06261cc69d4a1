using Microsoft.Playwright;

namespace MiniNet.Tests.Page;

/// <summary>Runs Chromium or Chrome without a window. Nothing is downloaded: if neither is installed, the tests are skipped.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] Names =
        ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome.exe", "msedge.exe"];

    private IPlaywright? playwright;
    private IBrowser? browser;

    public async ValueTask InitializeAsync()
    {
        if (Find() is { } path)
        {
            playwright = await Playwright.CreateAsync();
            browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = ["--no-sandbox"] });
        }
    }

    /// <summary>Opens a page and records its errors, in <see cref="OpenPage.Problems"/>, and its network requests.</summary>
    public async Task<OpenPage> Open(
        string html, int width = 1200, int height = 800, ColorScheme scheme = ColorScheme.Light, bool withClock = false)
    {
        Assert.SkipWhen(
            browser is null,
            "No Chromium or Chrome was found on the PATH, and MININET_CHROMIUM is not set. "
            + "Install one (on Debian: apt-get install chromium).");
        string file = Path.Combine(Path.GetTempPath(), $"mininet-{Guid.NewGuid():N}.html");
        await File.WriteAllTextAsync(file, html, TestContext.Current.CancellationToken);
        IPage page = await browser.NewPageAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
        });
        page.SetDefaultTimeout(10_000);
        var open = new OpenPage(page, file);
        if (withClock)
        {
            await page.Clock.InstallAsync();
        }

        await page.GotoAsync(new Uri(file).AbsoluteUri);
        if (withClock)
        {
            await page.Clock.PauseAtAsync(DateTime.UtcNow.AddMinutes(1)); // from here on, only the test advances the time
        }

        return open;
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
    }

    private static string? Find() => Environment.GetEnvironmentVariable("MININET_CHROMIUM") is { Length: > 0 } given
        ? given
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => Names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
}

/// <summary>Represents an open page. Disposing it asserts that there were no errors and no requests except for the page itself.</summary>
public sealed class OpenPage : IAsyncDisposable
{
    private readonly string file;

    public OpenPage(IPage page, string file)
    {
        (Page, this.file) = (page, file);
        page.Console += (_, message) => Problems.Add($"console: {message.Text}");
        page.PageError += (_, error) => Problems.Add($"error: {error}");
        page.Request += (_, request) => Requests.Add(request.Url);
    }

    public IPage Page { get; }

    public IList<string> Problems { get; } = new List<string>();

    public IList<string> Requests { get; } = new List<string>();

    /// <summary>Returns the number of the current step, from 1, and the number of steps, as shown on the page.</summary>
    public async Task<(int At, int Count)> Step()
    {
        string[] words = (await Page.InnerTextAsync("#said")).Split(' ', ',');
        return (int.Parse(words[1], provider: null), int.Parse(words[3], provider: null));
    }

    public Task GoTo(int step) => Page.SelectOptionAsync("#steps", $"{step - 1}");

    /// <summary>Returns a cell of a matrix in the current step.</summary>
    public ILocator Cell(int equation, string letter, int row, int column) =>
        Page.Locator($".equation >> nth={equation}").Locator($"table[data-symbol='{letter}'] >> nth=0")
            .Locator($"tbody tr >> nth={row}").Locator($"td >> nth={column}");

    /// <summary>
    /// Returns the cells highlighted as inputs of the hovered number: letter, displayed row and column, with ᵀ if the matrix is transposed.
    /// </summary>
    public async Task<string[]> Lit() => [.. (await Page.EvaluateAsync<string[]>(
        """
        () => [...document.querySelectorAll('td.maker')].map(td => {
          const table = td.closest('table');
          const letter = `${table.dataset.symbol}${table.dataset.turned === 'true' ? 'ᵀ' : ''}`;
          return `${letter}[${td.parentElement.sectionRowIndex}, ${td.cellIndex - 1}]`;
        })
        """)).Order(StringComparer.Ordinal)];

    public async ValueTask DisposeAsync()
    {
        await Page.CloseAsync();
        File.Delete(file);
        Assert.Empty(Problems);
        Assert.Equal([new Uri(file).AbsoluteUri], Requests.Where(url => !url.StartsWith("data:", StringComparison.Ordinal)));
    }
}
