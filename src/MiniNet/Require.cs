using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>Validates arguments of public members. NaN is always rejected.</summary>
[DebuggerStepThrough]
internal static class Require
{
    public static T NotNull<T>(T? value, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : class => value ?? throw new ArgumentNullException(name);

    public static int AtLeast1(int value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value >= 1 ? value : throw new ArgumentOutOfRangeException(name, value, "It must be at least 1.");

    public static T Finite<T>(T value, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : INumber<T> =>
        T.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, "It must be finite.");

    public static void TwoVariables(int count, string what, string name)
    {
        if (count != 2)
        {
            throw new ArgumentException($"The {what} has {count} variable{(count == 1 ? "" : "s")}; a figure needs 2.", name);
        }
    }

    public static T NonNegative<T>(T value, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : INumber<T> =>
        T.IsFinite(value) && value >= T.Zero
            ? value
            : throw new ArgumentOutOfRangeException(name, value, "It must be finite and at least 0.");

    public static T Positive<T>(T value, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : INumber<T> =>
        T.IsFinite(value) && value > T.Zero
            ? value
            : throw new ArgumentOutOfRangeException(name, value, "It must be finite and above 0.");

    public static float InUnitInterval(float value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(name, value, "It must be from 0 to 1.");

    public static T Fraction<T>(T value, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : INumber<T> =>
        value >= T.Zero && value < T.One
            ? value
            : throw new ArgumentOutOfRangeException(name, value, "It must be at least 0 and less than 1.");
}
