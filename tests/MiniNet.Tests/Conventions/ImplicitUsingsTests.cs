using System.Xml.Linq;
using Mono.Cecil;

namespace MiniNet.Tests.Conventions;

/// <summary>
/// Checks the using lines that the package brings: of all folders that a user writes code with, and without a name that is then ambiguous.
/// </summary>
public class ImplicitUsingsTests
{
    private static readonly string[] DotNet =
    [
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks",
    ];

    private static readonly string[] Imported = [.. XDocument
        .Load(Path.Combine(Repository.Root, "src", "MiniNet", "MiniNet.props")).Descendants("Using").Single()
        .Attribute("Include")!.Value.Split(';', StringSplitOptions.TrimEntries)];

    [Fact]
    public void Package_ImportsEveryFolderButTheKernelsAndTheDebuggerViews() => Assert.Equal(
        LayeringTests.CoreFolders.Except(["Kernels", "Debugging"]).Select(folder => $"MiniNet.{folder}").Order(StringComparer.Ordinal),
        Imported.Order(StringComparer.Ordinal));

    [Fact]
    public void ImportedTypes_HaveNoNameOfAnotherImportedType()
    {
        string[] names =
        [
            .. Directory.GetFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "System*.dll")
                .SelectMany(file => PublicTypes(file, DotNet)),
            .. PublicTypes(typeof(MiniNet.Graphs.Graph).Assembly.Location, Imported),
        ];
        Assert.True(names.Length > 500, "the test does not find the types");
        Assert.Equal([], names.GroupBy(name => name, StringComparer.Ordinal).Where(same => same.Count() > 1).Select(same => same.Key));
    }

    [Fact]
    public void ReadmeSample_NeedsNoUsing() => Assert.DoesNotContain(
        File.ReadLines(Path.Combine(Repository.Root, "examples", "08-classify-csv", "Program.cs")),
        line => line.StartsWith("using ", StringComparison.Ordinal));

    private static string[] PublicTypes(string file, string[] namespaces)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(file);
        return [.. assembly.MainModule.Types.Where(type => type.IsPublic && namespaces.Contains(type.Namespace)).Select(type => type.Name)];
    }
}
