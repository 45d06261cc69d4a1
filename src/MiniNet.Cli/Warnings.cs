namespace MiniNet.Cli;

/// <summary>Prints warnings. They go to standard error, so that standard output holds only the result.</summary>
internal static class Warnings
{
    public static void IgnoredColumns(string path, IReadOnlyList<string> columns)
    {
        if (columns.Count > 0)
        {
            string names = string.Join(", ", columns.Select(name => $"'{name}'"));
            Console.Error.WriteLine($"mininet: {path}: ignored the columns that the model does not use: {names}.");
        }
    }
}
