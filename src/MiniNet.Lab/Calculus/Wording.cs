using System.Globalization;
using MiniNet.Explanations;

namespace MiniNet.Calculus;

/// <summary>Numbers and points as texts show them: six digits, the invariant culture.</summary>
internal static class Wording
{
    private const int MostNumbers = 8;

    public static string Number(double number) => (number + 0.0).ToString("G6", CultureInfo.InvariantCulture);

    /// <summary><c>x = 1, y = -2</c>.</summary>
    public static string Point(IReadOnlyList<string> variables, IReadOnlyList<double> at) =>
        string.Join(", ", variables.Zip(at, (name, value) => $"{name} = {Number(value)}").Take(MostNumbers)) + (at.Count > MostNumbers ? ", ..." : "");

    /// <summary><c>[1, -2]</c>.</summary>
    public static string List(IReadOnlyList<double> numbers) => $"[{string.Join(", ", numbers.Take(MostNumbers).Select(Number))}{(numbers.Count > MostNumbers ? ", ..." : "")}]";

    /// <summary>A term of a sum with the sign before it: <c> - 2·(x - 1)</c>; nothing where it is 0.</summary>
    public static string Term(double factor, string of) => factor == 0 ? ""
        : $" {(factor < 0 ? "-" : "+")} {(Math.Abs(factor) == 1 ? "" : Number(Math.Abs(factor)) + "·")}{of}";

    /// <summary><c>(x - 1)</c>, <c>(x + 2)</c>, or <c>x</c> from 0.</summary>
    public static string From(string variable, double at) => at == 0 ? variable : $"({variable} {(at < 0 ? "+" : "-")} {Number(Math.Abs(at))})";
}
