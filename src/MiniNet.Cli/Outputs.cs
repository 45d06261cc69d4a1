
namespace MiniNet.Cli;

/// <summary>Keeps what is written apart from what is read.</summary>
internal static class Outputs
{
    public static void RequireOther(string option, string output, params ReadOnlySpan<string> inputs)
    {
        foreach (string input in inputs)
        {
            if (Followed(output) == Followed(input))
            {
                throw new UsageException($"{option} is {output}, which is to be read; choose another file.");
            }
        }
    }

    // As AtomicFile will: a link to the data would else be the way to lose it.
    public static string Followed(string path) =>
        Path.GetFullPath(new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName);
}
