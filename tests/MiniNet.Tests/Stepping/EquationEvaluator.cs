using System.Globalization;
using System.Text.RegularExpressions;

namespace MiniNet.Tests.Stepping;

/// <summary>Evaluates equations such as <c>v = μv + g;  w −= ηv</c> for single numbers. Adjacent symbols are a product.</summary>
internal sealed partial class EquationEvaluator(Dictionary<string, double> letters)
{
    private Queue<string> tokens = new();

    /// <summary>Evaluates the equations in order. Each changes the symbol on its left side.</summary>
    public void Run(string equations)
    {
        foreach (string equation in equations.Split(";  "))
        {
            Match parts = Equation().Match(equation);
            Assert.True(parts.Success, equation);
            string left = parts.Groups["left"].Value;
            double right = Value(parts.Groups["right"].Value), before = letters.GetValueOrDefault(left);
            letters[left] = parts.Groups["sign"].Value switch { "+=" => before + right, "−=" => before - right, _ => right };
        }
    }

    private double Value(string text)
    {
        // Longest names first; eˣ is e^x.
        string names = string.Join('|', letters.Keys.OrderByDescending(name => name.Length).Select(Regex.Escape));
        string plain = text.Replace("⁻ˣ", "^−x", StringComparison.Ordinal)
            .Replace("ˣ", "^x", StringComparison.Ordinal).Replace("²", "^2", StringComparison.Ordinal);
        tokens = new(
            Regex.Matches(plain, $@"where|else|min|max|sign|tanh|sin|cos|log|{names}|[0-9]+|\S", RegexOptions.None, TimeSpan.FromSeconds(1))
                .Select(match => match.Value));
        double value = Cases();
        Assert.True(tokens.Count == 0, $"{text}: '{string.Join(' ', tokens)}' is not understood");
        return value;
    }

    // a where x > 0, b where x < 0, else c
    private double Cases()
    {
        double? chosen = null;
        while (true)
        {
            double value = Sum();
            if (!Take("where"))
            {
                return chosen ?? value;
            }

            double left = Sum();
            bool isMore = tokens.Dequeue() == ">", holds = isMore ? left > Sum() : left < Sum();
            chosen ??= holds ? value : null;
            Assert.True(Take(","));
            Take("else");
        }
    }

    private double Sum()
    {
        double sum = Take("−") ? -Product() : Product();
        while (true)
        {
            if (Take("+"))
            {
                sum += Product();
            }
            else if (Take("−"))
            {
                sum -= Product();
            }
            else
            {
                return sum;
            }
        }
    }

    private double Product()
    {
        double product = Run();
        while (true)
        {
            if (Take("·") || Take("⊙"))
            {
                product *= Run();
            }
            else if (Take("/"))
            {
                product /= Run();
            }
            else
            {
                return product;
            }
        }
    }

    private double Run()
    {
        double product = Factor();
        while (tokens.TryPeek(out string? next)
            && next is not ("+" or "−" or "·" or "⊙" or "/" or "," or ")" or ">" or "<" or "where" or "else"))
        {
            product *= Factor();
        }

        return product;
    }

    private double Factor()
    {
        string token = tokens.Dequeue();
        double value = token switch
        {
            "(" => Closed(Sum()),
            "√" => Math.Sqrt(Factor()),
            "e" when Take("^") => Math.Exp(Take("−") ? -Run() : Run()),
            "min" => Two(Math.Min),
            "max" => Two(Math.Max),
            "sign" => Math.Sign(Factor()),
            "tanh" => Math.Tanh(Run()),
            "sin" => Math.Sin(Run()),
            "cos" => Math.Cos(Run()),
            "log" => Math.Log(Factor()),
            "σ" => 1 / (1 + Math.Exp(-Factor())),
            _ when letters.TryGetValue(token, out double letter) => letter,
            _ => double.Parse(token, CultureInfo.InvariantCulture),
        };
        return Take("^") ? Math.Pow(value, Factor()) : value;
    }

    private double Two(Func<double, double, double> f)
    {
        Assert.True(Take("("));
        double a = Sum();
        Assert.True(Take(","));
        return Closed(f(a, Sum()));
    }

    private double Closed(double value)
    {
        Assert.True(Take(")"));
        return value;
    }

    private bool Take(string token)
    {
        bool isNext = tokens.TryPeek(out string? next) && next == token;
        if (isNext)
        {
            tokens.Dequeue();
        }

        return isNext;
    }

    [GeneratedRegex("^(?<left>.*?) (?<sign>=|\\+=|−=) (?<right>.*)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Equation();
}
