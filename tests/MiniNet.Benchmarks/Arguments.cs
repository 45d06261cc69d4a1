using System.Globalization;

namespace MiniNet.Benchmarks;

/// <summary>A command line that cannot be meant, or one that needs a file which is not there.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>What stands after the command. Read by hand: what a parser takes to start would count in <c>W1wall</c>, where the whole process is timed.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    /// <param name="args">Words, and options with a value each.</param>
    /// <param name="options">The options there are.</param>
    public Arguments(string[] args, params string[] options)
    {
        for (int i = 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith('-'))
            {
                Words.Add(args[i]);
                continue;
            }

            string option = options.Contains(args[i])
                ? args[i]
                : throw new UsageException($"there is no option '{args[i]}' here, only {string.Join(" and ", options)}.");
            values[option] = ++i < args.Length ? args[i] : throw new UsageException($"{option} needs a value after it.");
        }
    }

    public List<string> Words { get; } = [];

    public int Threads => Number("--threads", this["--threads"] ?? "1", most: 1024);

    public string? this[string option] => values.GetValueOrDefault(option);

    public static int Number(string what, string text, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= most
            ? number
            : throw new UsageException($"{what} must be a whole number from 1 to {most}, not '{text}'.");
}
