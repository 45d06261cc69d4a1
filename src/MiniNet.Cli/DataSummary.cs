using MiniNet.Data;

namespace MiniNet.Cli;

/// <summary>Prints how the columns of a file were interpreted.</summary>
internal static class DataSummary
{
    private const int MaxItems = 12;

    public static void Print(CsvDataset data)
    {
        TextWriter output = Console.Out;
        output.WriteLine($"{data.Path}: {data.Count} rows, {data.Columns.Count + 1} columns");
        Print("numeric", data.Columns.OfType<NumericColumn>(), column => column.Name);
        Print("categorical", data.Columns.OfType<CategoricalColumn>(), column => $"{column.Name} ({column.Categories.Count})");
        int[] counts = data.CountClasses();
        output.WriteLine(
            $"  target: {data.Target}, {data.Classes.Count} classes: {List([.. data.Classes.Select((name, i) => $"{name} {counts[i]}")])}");
        if (data.IsTargetNumeric)
        {
            output.WriteLine("  (the target holds few, repeated whole numbers; each is treated as a class)");
        }

        output.WriteLine();
    }

    private static void Print<T>(string kind, IEnumerable<T> columns, Func<T, string> describe)
    {
        string[] described = [.. columns.Select(describe)];
        if (described.Length > 0)
        {
            Console.Out.WriteLine($"  {described.Length} {kind}: {List(described)}");
        }
    }

    private static string List(string[] items) => items.Length <= MaxItems
        ? string.Join(", ", items)
        : $"{string.Join(", ", items[..(MaxItems - 1)])}, ..., {items[^1]}";
}
