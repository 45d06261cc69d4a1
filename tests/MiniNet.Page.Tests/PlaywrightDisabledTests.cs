namespace MiniNet.Tests.Page;

/// <summary>Shows as skipped that the browser tests did not run, because Playwright is off.</summary>
public class PlaywrightDisabledTests
{
    [Fact(Skip = "Browser tests need Playwright, which is off by default (a download of 200 MB). To run them, install Chromium or "
        + "Chrome and use: dotnet test -c Release -p:Playwright=true")]
    public void Page_InBrowser_IsTested()
    {
    }
}
