namespace MiniNet.Calculus;

/// <summary>A function has no finite value, or no finite derivatives, where they are needed; the message names the point.</summary>
public sealed class UndefinedException : MiniNetException
{
    internal UndefinedException(Function f, IReadOnlyList<double> at, double value, string where)
        : base(Text(f.Variables, at, value, where))
    {
    }

    private static string Text(IReadOnlyList<string> variables, IReadOnlyList<double> at, double value, string where) =>
        $"The function has no finite {(double.IsFinite(value) ? $"derivatives (its value is {Wording.Number(value)})" : $"value ({Wording.Number(value)})")} {where}, "
        + $"{Wording.Point(variables, at)}: is something divided by 0 there, or a logarithm or root taken of a negative number? Choose another point.";
}
