using System.Globalization;

namespace MiniNet.Calculus;

/// <summary>Formats numbers and points for texts, with six digits and the invariant culture.</summary>
internal static class MathFormat
{
    private const int MaxNumbers = 8;

    public static string Number(double number) => (number + 0.0).ToString("G6", CultureInfo.InvariantCulture);

    /// <summary>Formats a point: <c>x = 1, y = -2</c>.</summary>
    public static string Point(IReadOnlyList<string> variables, IReadOnlyList<double> at) =>
        string.Join(", ", variables.Zip(at, (name, value) => $"{name} = {Number(value)}").Take(MaxNumbers))
        + (at.Count > MaxNumbers ? ", ..." : "");

    /// <summary>Formats a vector: <c>[1, -2]</c>.</summary>
    public static string List(IReadOnlyList<double> numbers) =>
        $"[{string.Join(", ", numbers.Take(MaxNumbers).Select(Number))}{(numbers.Count > MaxNumbers ? ", ..." : "")}]";

    /// <summary>Formats a term of a sum with its sign: <c> - 2·(x - 1)</c>; empty if the factor is 0.</summary>
    public static string Term(double factor, string of) => factor == 0 ? ""
        : $" {(factor < 0 ? "-" : "+")} {(Math.Abs(factor) == 1 ? "" : Number(Math.Abs(factor)) + "·")}{of}";

    /// <summary>Formats a difference: <c>(x - 1)</c>, <c>(x + 2)</c>, or <c>x</c> from 0.</summary>
    public static string From(string variable, double at) => at == 0
        ? variable
        : $"({variable} {(at < 0 ? "+" : "-")} {Number(Math.Abs(at))})";
}
