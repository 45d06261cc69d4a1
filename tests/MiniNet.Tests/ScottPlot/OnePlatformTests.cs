using System.Diagnostics;
using System.Text.Json;

namespace MiniNet.Tests.ScottPlot;

public sealed class OnePlatformTests : IDisposable
{
    private static readonly string[] Platforms = ["linux-arm", "linux-arm64", "linux-musl-x64", "linux-x64", "osx", "win-arm64", "win-x64"];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("linux-x64", "linux-x64")]
    [InlineData("linux-arm64", "linux-arm64")]
    [InlineData("linux-arm", "linux-arm")]
    [InlineData("osx-arm64", "osx")]
    public void Build_OnOnePlatform_KeepsItsLibrariesOnly(string platform, string kept)
    {
        string targets = Path.Combine(Repository.Root, "src", "MiniNet.ScottPlot", "OnePlatform.targets");
        string libraries = string.Concat(Platforms.Select(
            name => $"""<RuntimeTargetsCopyLocalItems Include="{name}.so" AssetType="native" RuntimeIdentifier="{name}" />"""));
        string project = folder.Write(
            "test.proj", $"""<Project><ItemGroup>{libraries}</ItemGroup><Import Project="{targets}" /></Project>""");
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [
            "msbuild", project, "-target:KeepLibrariesOfThisPlatform", "-getItem:RuntimeTargetsCopyLocalItems",
            $"-property:NETCoreSdkPortableRuntimeIdentifier={platform}",
        ])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        using var output = JsonDocument.Parse(process.StandardOutput.ReadToEnd());
        Assert.Equal(
            [$"{kept}.so"],
            output.RootElement.GetProperty("Items").GetProperty("RuntimeTargetsCopyLocalItems").EnumerateArray()
                .Select(item => item.GetProperty("Identity").GetString()));
    }
}
