namespace MiniNet.Tests.Page;

/// <summary>Stands in for the tests of the page in a browser where Playwright is not asked for, so that the gap shows.</summary>
public class NotAskedForTests
{
    [Fact(Skip = "The page in a browser: Playwright is off (200 MB to fetch). To run: dotnet test -c Release -p:Playwright=true, with Chromium or Chrome installed.")]
    public void Page_InABrowser()
    {
    }
}
