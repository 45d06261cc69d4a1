using System.Text;

namespace MiniNet.Tests;

/// <summary>A folder for one test alone, gone afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly string path = Directory.CreateTempSubdirectory("mininet-").FullName;

    public string this[string name] => Path.Combine(path, name);

    public string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(this[name], bytes);
        return this[name];
    }

    public string[] Names() => [.. Directory.GetFileSystemEntries(path).Select(entry => Path.GetFileName(entry)!).Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(path, recursive: true);
}
