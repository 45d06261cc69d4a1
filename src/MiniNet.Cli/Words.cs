namespace MiniNet.Cli;

/// <summary>Remarks that are no errors. They go to standard error, so that standard output stays what was asked for.</summary>
internal static class Words
{
    public static void Ignored(string path, IReadOnlyList<string> columns)
    {
        if (columns.Count > 0)
        {
            Console.Error.WriteLine($"mininet: {path}: the model does not use {string.Join(", ", columns.Select(name => $"'{name}'"))}; ignored.");
        }
    }
}
