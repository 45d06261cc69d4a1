using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace MiniNet.Tests.Conventions;

/// <summary>Checks that the assembly contains its symbols and sources, so that users can step into the library from the package.</summary>
public class EmbeddedSourcesTests
{
    private static readonly Guid EmbeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE"); // from the portable PDB format

    [Theory]
    [InlineData(typeof(MiniNet.Graphs.Graph), "Linear.cs", "PlainKernels.cs")]
    [InlineData(typeof(MiniNet.Stepping.BackpropStepper), "BackpropStepper.cs", "GradientCheck.cs")]
    public void Library_EmbedsSourceOfEveryFile(Type type, params string[] files)
    {
        using var assembly = new PEReader(File.OpenRead(type.Assembly.Location));
        DebugDirectoryEntry symbols = assembly.ReadDebugDirectory()
            .Single(entry => entry.Type == DebugDirectoryEntryType.EmbeddedPortablePdb);
        using MetadataReaderProvider provider = assembly.ReadEmbeddedPortablePdbDebugDirectoryData(symbols);
        MetadataReader pdb = provider.GetMetadataReader();
        string[] embedded = [.. pdb.Documents.Where(document => pdb.GetCustomDebugInformation(document)
            .Any(info => pdb.GetGuid(pdb.GetCustomDebugInformation(info).Kind) == EmbeddedSource))
            .Select(document => Path.GetFileName(pdb.GetString(pdb.GetDocument(document).Name).Replace('\\', '/')))];
        Assert.Subset(embedded.ToHashSet(), files.ToHashSet());
        Assert.Equal(pdb.Documents.Count, embedded.Length);
    }
}
