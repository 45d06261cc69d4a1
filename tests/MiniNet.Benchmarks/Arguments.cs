using System.Globalization;

namespace MiniNet.Benchmarks;

/// <summary>The exception that is thrown when the command line is invalid or names a file that does not exist.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>
/// Represents the words and options after the command. No parser library is used, because its start-up time would count in <c>W1wall</c>,
/// which times the whole process.
/// </summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    /// <param name="args">The words and options; each option is followed by its value.</param>
    /// <param name="options">The valid options.</param>
    public Arguments(string[] args, params string[] options)
    {
        for (int i = 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith('-'))
            {
                Positional.Add(args[i]);
                continue;
            }

            string option = options.Contains(args[i])
                ? args[i]
                : throw new UsageException($"unknown option '{args[i]}'; the options of this command are {string.Join(" and ", options)}.");
            values[option] = ++i < args.Length ? args[i] : throw new UsageException($"{option} must be followed by a value.");
        }
    }

    public List<string> Positional { get; } = [];

    public int Threads => Number("--threads", this["--threads"] ?? "1", max: 1024);

    public string? this[string option] => values.GetValueOrDefault(option);

    public static int Number(string what, string text, int max) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= max
            ? number
            : throw new UsageException($"{what} must be a whole number from 1 to {max}, not '{text}'.");
}
