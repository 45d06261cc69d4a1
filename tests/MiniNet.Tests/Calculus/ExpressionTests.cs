using System.Globalization;
using MiniNet.Calculus;
using MiniNet.Tensors;

namespace MiniNet.Tests.Calculus;

/// <summary>
/// Parses formulas: checks values with C# arithmetic, derivatives with closed forms, and the positions in error messages.
/// </summary>
public class ExpressionTests
{
    public static TheoryData<string, double> Values => new()
    {
        { "4*x + 3*y - x^2 - x*y - y^2", (4 * 0.75) + (3 * -1.5) - (0.75 * 0.75) - (0.75 * -1.5) - (1.5 * 1.5) },
        { "-x^2", -0.5625 },
        { "2^3^2", 512 },
        { "2^-1 * x", 0.375 },
        { "x - 1 - 1", -1.25 },
        { "x / 2 / 2", 0.1875 },
        { "--x", 0.75 },
        { "x*-y", 1.125 },
        { "1 - 2*3 + x", -4.25 },
        { "(1 - 2)*(3 + x)", -3.75 },
        { "exp(ln(x)) + log(e)", 1.75 },
        { "sin(x)^2 + cos(x)^2", 1 },
        { "tanh(x) + sqrt(x)", Math.Tanh(0.75) + Math.Sqrt(0.75) },
        { "x^y", Math.Pow(0.75, -1.5) },
        { "2^x", Math.Pow(2, 0.75) },
        { "1/x", 1 / 0.75 },
        { "3 - x", 2.25 },
        { "2*pi*x", 2 * Math.PI * 0.75 },
        { " 1.5e1 *x+ .5 ", 11.75 },
        { "7", 7 },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Parse_Formula_EvaluatesToExpectedValue(string text, double value) =>

        // The tolerance is a few roundings of float32, each 6e-8.
        Assert.Equal(value, Expression.Parse(text, "x", "y").Value(0.75, -1.5), 2e-6 * (1 + Math.Abs(value)));

    [Fact]
    public void Parse_RandomFormula_MatchesCSharpArithmetic()
    {
        var random = new RandomStream(3, "formulas");
        for (int i = 0; i < 400; i++)
        {
            (string text, double value, double size, _) = RandomFormula(random, 4);
            double found = Expression.Parse(text, "x", "y").Value(0.75, -1.5);
            Assert.True(Math.Abs(found - value) <= 1e-5 * size, $"{text} is {value}, not {found}");
        }
    }

    [Fact]
    public void Parse_Formula_HasExpectedGradient()
    {
        Function f = Expression.Parse("x^3*sin(y) + exp(x*y) / y", "x", "y");
        double x = 0.75, y = 1.25, e = Math.Exp(x * y);
        double[] gradient = f.Gradient(x, y);
        Assert.Equal((3 * x * x * Math.Sin(y)) + e, gradient[0], 1e-5);
        Assert.Equal((x * x * x * Math.Cos(y)) + (((x * y) - 1) * e / (y * y)), gradient[1], 1e-5);
    }

    [Fact]
    public void Parse_Variables_KeepsOrderAndUnusedOnes()
    {
        Function f = Expression.Parse("b", "c", "b", "a");
        Assert.Equal(["c", "b", "a"], f.Variables);
        Assert.Equal(2, f.Value(1, 2, 3));
        Assert.Equal([0, 1, 0], f.Gradient(1, 2, 3));
        Assert.Equal([0, 0], Expression.Parse("5", "x", "y").Gradient(1, 2));
    }

    [Theory]
    [InlineData("4*x + 3*z", 8, "'z' is not a variable; the variables are x, y")]
    [InlineData("4*x + foo(x)", 6, "there is no function 'foo'; the functions are exp, ln, log, sin, cos, tanh, sqrt")]
    [InlineData("4x", 1, "an operator is missing before this; a product is written with *")]
    [InlineData("x y", 2, "an operator is missing before this; a product is written with *")]
    [InlineData("x(y)", 1, "an operator is missing before this; a product is written with *")]
    [InlineData("x +", 3, "a number, a name or a bracket is missing at the end")]
    [InlineData("", 0, "a number, a name or a bracket is missing at the end")]
    [InlineData("x**2", 2, "a number, a name or a bracket is missing before this")]
    [InlineData("(x + y", 0, "this bracket is not closed")]
    [InlineData("(x + y; 2)", 6, "a closing bracket or an operator is missing before this")]
    [InlineData("x)", 1, "this is not expected here")]
    [InlineData("sin x", 4, "the bracket after sin is missing")]
    [InlineData("x / 0", 2, "this divides by 0")]
    [InlineData("x / (1 - 1)", 2, "this divides by 0")]
    [InlineData("1e39 * x", 5, "the number next to this is too large for float32")]
    [InlineData("sqrt(-1) * x", 9, "the number next to this is not finite")]
    [InlineData("(-2)^x", 4, "the number next to this is not finite")]
    [InlineData("0^x", 1, "the number next to this is not finite")]
    [InlineData("1e-50*x", 5, "the number next to this is too small for float32")]
    [InlineData("x + .", 4, "a digit is missing next to this decimal point")]
    [InlineData("X", 0, "'X' is not a variable; the variables are x, y")]
    public void Parse_InvalidFormula_ReportsPosition(string text, int position, string message)
    {
        var e = Assert.Throws<ExpressionException>(() => Expression.Parse(text, "x", "y"));
        Assert.Equal($"{message}, at character {position + 1} of the formula", e.Message);
        Assert.Equal((position, $"{text}\n{new string(' ', position)}^"), (e.Position, e.Caret));
    }

    [Fact]
    public void Parse_DeeplyNestedFormula_ThrowsInsteadOfStackOverflow()
    {
        Assert.Contains(
            "nested more than 100 levels deep",
            Assert.Throws<ExpressionException>(() => Expression.Parse(new string('(', 100_000) + "x", "x")).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "nested more than 100 levels deep",
            Assert.Throws<ExpressionException>(() => Expression.Parse(new string('-', 100_000) + "x", "x")).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "nested more than 100 levels deep",
            Assert.Throws<ExpressionException>(() => Expression.Parse(string.Concat(Enumerable.Repeat("x^", 100_000)) + "x", "x")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_InvalidVariableNames_Throws()
    {
        foreach (string[] names in (string[][])[[], ["x", "x"], ["sin"], ["pi"], [""], ["2x"], ["a b"]])
        {
            Assert.Throws<ArgumentException>(() => Expression.Parse("1", names));
        }
    }

    [Fact]
    public void Parse_CultureWithDecimalComma_UsesDecimalPoint()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = "," } };
            Assert.Equal(1.25, Expression.Parse("0.5 + x", "x").Value(0.75));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    /// <summary>
    /// Creates a formula without superfluous brackets. Also returns its value in C#, a bound of the size of its parts, and the precedence
    /// of its last operator.
    /// </summary>
    private static (string Text, double Value, double Size, int Binding) RandomFormula(RandomStream random, int depth)
    {
        if (depth == 0 || random.NextInt32(5) == 0)
        {
            return random.NextInt32(3) switch { 0 => ("x", 0.75, 1, 4), 1 => ("y", -1.5, 2, 4), _ => ("2.5", 2.5, 3, 4) };
        }

        var a = RandomFormula(random, depth - 1);
        var b = RandomFormula(random, depth - 1);
        string space = random.NextInt32(2) == 0 ? " " : "";
        (string text, double value, int binding) = random.NextInt32(6) switch
        {
            0 => ($"{In(a, 1)}{space}+{space}{In(b, 2)}", a.Value + b.Value, 1),
            1 => ($"{In(a, 1)}-{space}{In(b, 2)}", a.Value - b.Value, 1),
            2 => ($"{In(a, 2)}*{In(b, 3)}", a.Value * b.Value, 2),
            3 => ($"{In(a, 2)}/{space}(3+{In(b, 4)}^2)", a.Value / (3 + (b.Value * b.Value)), 2),
            4 => ($"-{In(a, 3)}", -a.Value, 3),
            _ => ($"cos({a.Text})", Math.Cos(a.Value), 4),
        };
        return (text, value, 1 + Math.Abs(value) + a.Size + b.Size + (a.Size * b.Size), binding);

        static string In((string Text, double Value, double Size, int Binding) part, int least) =>
            part.Binding >= least ? part.Text : $"({part.Text})";
    }
}
