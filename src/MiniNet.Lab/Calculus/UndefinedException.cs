namespace MiniNet.Calculus;

/// <summary>
/// The exception that is thrown when a function has no finite value or derivatives at a point; the message names the point.
/// </summary>
public sealed class UndefinedException : MiniNetException
{
    internal UndefinedException(Function f, IReadOnlyList<double> at, double value, string where)
        : base(Text(f.Variables, at, value, where))
    {
    }

    private static string Text(IReadOnlyList<string> variables, IReadOnlyList<double> at, double value, string where) =>
        "The function has no finite "
        + (double.IsFinite(value) ? $"derivatives (its value is {MathFormat.Number(value)})" : $"value ({MathFormat.Number(value)})")
        + $" {where}, {MathFormat.Point(variables, at)}: "
        + "does it divide by 0 there, or take the logarithm or root of a negative number? Choose another point.";
}
