using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace MiniNet.Cli;

/// <summary>Creates options whose range is shown in the help text and in the error message.</summary>
internal static class Options
{
    public static Argument<string> Required(string name, string description) => new(name) { Description = description };

    public static Option<bool> Flag(string name, string description) => new(name) { Description = description };

    /// <summary>Creates an option that names a file or folder that the command reads.</summary>
    public static Option<string?> InputPath(string name, string description) =>
        new(name) { Description = description, HelpName = "PATH", Validators = { RejectEmptyPath } };

    /// <summary>Adds an error if a path is empty.</summary>
    public static void RejectEmptyPath(OptionResult result)
    {
        if (result.Tokens is [.., var last] && string.IsNullOrWhiteSpace(last.Value))
        {
            result.AddError($"{result.Option.Name} must be a path, not ''.");
        }
    }

    /// <summary>Creates an option whose value is a number from <paramref name="min"/> to <paramref name="max"/>.</summary>
    public static Option<T> Number<T>(string name, string description, T byDefault, T min, T max)
        where T : struct, INumber<T> => Parsed(name, $"{description} From {Text(min)} to {Text(max)}.", byDefault, text =>
            T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out T value) && value >= min && value <= max
                ? (value, null)
                : (default, $"must be a number from {Text(min)} to {Text(max)}"));

    /// <summary>Creates an option whose value is a number, or null by default.</summary>
    public static Option<float?> OptionalNumber(string name, string description, float min, float max, string byDefault) =>
        Parsed<float?>(
            name,
            $"{description} From {Text(min)} to {Text(max)}.",
            null,
            text => float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && value >= min && value <= max
                ? (value, null)
                : (null, $"must be a number from {Text(min)} to {Text(max)}"),
            _ => byDefault);

    /// <summary>Creates an option whose value is one of the names of an enumeration, in lower case.</summary>
    public static Option<T> Choice<T>(string name, string description, T byDefault)
        where T : struct, Enum
    {
        string names = string.Join(", ", Enum.GetNames<T>().Select(word => word.ToLowerInvariant()));
        return Parsed(name, $"{description} One of {names}.", byDefault, text =>
            Enum.TryParse(text, ignoreCase: true, out T value) && Enum.IsDefined(value) && !char.IsDigit(text[0])
                ? (value, null)
                : (default, $"must be one of {names}"),
            value => value.ToString().ToLowerInvariant());
    }

    /// <summary>Creates an option with a custom parser. The parser returns the value, or a description of what the text must be.</summary>
    public static Option<T> Parsed<T>(
        string name, string description, T byDefault, Func<string, (T Value, string? Problem)> parse, Func<T, string>? show = null)
    {
        string shown = show is null ? string.Create(CultureInfo.InvariantCulture, $"{byDefault}") : show(byDefault);
        return new Option<T>(name)
        {
            Description = $"{description} Default: {shown}.",
            HelpName = name.TrimStart('-').ToUpperInvariant(),
            CustomParser = result => Parse(result, name, parse),
        };
    }

    /// <summary>Gets the value from the command line, or the default.</summary>
    /// <remarks>System.CommandLine does not know the defaults, because it would print each a second time, in another format.</remarks>
    public static T Value<T>(this ParseResult parsed, Option<T> option, T byDefault) =>
        parsed.GetResult(option) is null ? byDefault : parsed.GetRequiredValue(option);

    private static T? Parse<T>(ArgumentResult result, string name, Func<string, (T Value, string? Problem)> parse)
    {
        string text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
        (T value, string? problem) = parse(text);
        if (problem is not null)
        {
            result.AddError($"{name} {problem}, not '{text}'.");
        }

        return value;
    }

    private static string Text<T>(T number)
        where T : INumber<T> => number.ToString(null, CultureInfo.InvariantCulture);
}
