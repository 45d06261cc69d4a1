using System.Globalization;
using MiniNet.Graphs;
using MiniNet.Layers;

namespace MiniNet.Calculus;

/// <summary>
/// Parses a formula in text form: <c>4*x + 3*y - x^2 - x*y - y^2</c> becomes the graph that the same formula in C# would build.
/// <code>
/// sum     = product { (+ | -) product }
/// product = sign { (* | /) sign }
/// sign    = (+ | -) sign | power
/// power   = atom [ ^ sign ]                    so -x^2 is -(x^2), and x^2^3 is x^(2^3)
/// atom    = number | name | function ( sum ) | ( sum )
/// </code>
/// The functions are exp, ln, log (the same as ln), sin, cos, tanh and sqrt; pi and e are constants. Names are case-sensitive.
/// </summary>
/// <remarks>A recursive-descent parser: Aho, Lam, Sethi and Ullman, "Compilers", 2nd edition, 2006, section 4.4.1.</remarks>
public sealed class Expression
{
    private const int MaxDepth = 100;

    private static readonly Dictionary<string, (Func<Node, Node> OfNode, Func<double, double> OfNumber)> Functions =
        new(StringComparer.Ordinal)
        {
            ["exp"] = (x => x.Exp(), Math.Exp),
            ["ln"] = (x => x.Log(), Math.Log),
            ["log"] = (x => x.Log(), Math.Log),
            ["sin"] = (x => x.Sin(), Math.Sin),
            ["cos"] = (x => x.Cos(), Math.Cos),
            ["tanh"] = (x => x.Tanh(), Math.Tanh),
            ["sqrt"] = (x => x.Sqrt(), Math.Sqrt),
        };

    private static readonly Dictionary<string, double> Constants = new(StringComparer.Ordinal) { ["pi"] = Math.PI, ["e"] = Math.E };

    private readonly string text;
    private readonly Dictionary<string, Node> variables;
    private int position, depth;

    private Expression(string text, IReadOnlyList<string> names)
    {
        var graph = new Graph();
        (this.text, variables) = (text, names.ToDictionary(name => name, graph.Variable, StringComparer.Ordinal));
    }

    /// <summary>Parses a formula.</summary>
    /// <param name="text">The formula.</param>
    /// <param name="variables">
    /// The names of the variables, in the order of the function's arguments; at least one. Not all need be used.
    /// </param>
    /// <returns>The function. Operations between numbers are computed in double precision, all others in float32.</returns>
    /// <exception cref="ExpressionException">
    /// The text is not a formula of these variables, or a number is outside the range of float32.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// There are no variables, or a name occurs twice or is the name of a function or constant.
    /// </exception>
    public static Function Parse(string text, params IReadOnlyList<string> variables)
    {
        if (variables.Count == 0
            || variables.Any(name => !IsName(name) || Functions.ContainsKey(name) || Constants.ContainsKey(name))
            || variables.Distinct(StringComparer.Ordinal).Count() < variables.Count)
        {
            throw new ArgumentException(
                "A formula needs at least one variable; the names must be distinct and must not be names of functions or constants.",
                nameof(variables));
        }

        var reader = new Expression(text, variables);
        Value value = reader.Sum();
        if (reader.Next != '\0')
        {
            throw reader.Error(char.IsLetterOrDigit(reader.Next) || reader.Next == '('
                ? "an operator is missing before this; a product is written with *"
                : "this is not expected here");
        }

        Node[] nodes = [.. variables.Select(name => reader.variables[name])];
        return new Function(value.Node ?? nodes[0].Then(new Affine(0, reader.Number(value.Number, 0))), nodes);
    }

    private Value Sum()
    {
        Value left = Product();
        for (char sign = Next; sign is '+' or '-'; sign = Next)
        {
            int at = position++;
            Value right = Product();
            left = (left.Node, right.Node, sign) switch
            {
                (null, null, '+') => new(left.Number + right.Number),
                (null, null, _) => new(left.Number - right.Number),
                ({ } a, null, '+') => new(a + Number(right.Number, at)),
                ({ } a, null, _) => new(a - Number(right.Number, at)),
                (null, { } b, '+') => new(Number(left.Number, at) + b),
                (null, { } b, _) => new(Number(left.Number, at) - b),
                ({ } a, { } b, '+') => new(a + b),
                ({ } a, { } b, _) => new(a - b),
            };
        }

        return left;
    }

    private Value Product()
    {
        Value left = Sign();
        for (char sign = Next; sign is '*' or '/'; sign = Next)
        {
            int at = position++;
            Value right = Sign();
            if (sign == '/' && right is { Node: null, Number: 0 })
            {
                position = at;
                throw Error("this divides by 0");
            }

            left = (left.Node, right.Node, sign) switch
            {
                (null, null, '*') => new(left.Number * right.Number),
                (null, null, _) => new(left.Number / right.Number),
                ({ } a, null, '*') => new(a * Number(right.Number, at)),
                ({ } a, null, _) => new(a * Number(1 / right.Number, at)),
                (null, { } b, '*') => new(Number(left.Number, at) * b),
                (null, { } b, _) => new(Number(left.Number, at) / b),
                ({ } a, { } b, '*') => new(a * b),
                ({ } a, { } b, _) => new(a / b),
            };
        }

        return left;
    }

    // Every nested expression is parsed through this method, so it limits the depth.
    private Value Sign()
    {
        if (++depth > MaxDepth)
        {
            throw Error($"brackets, signs and powers are nested more than {MaxDepth} levels deep");
        }

        char sign = Next;
        position += sign is '+' or '-' ? 1 : 0;
        Value of = sign is '+' or '-' ? Sign() : Power();
        depth--;
        return sign != '-' ? of : of.Node is { } node ? new(-node) : new(-of.Number);
    }

    private Value Power()
    {
        Value x = Atom();
        if (Next != '^')
        {
            return x;
        }

        int at = position++;
        Value exponent = Sign();
        return (x.Node, exponent.Node) switch
        {
            (null, null) => new(Math.Pow(x.Number, exponent.Number)),
            ({ } node, null) => new(node.Pow(Number(exponent.Number, at))),
            (null, { } p) => new((p * Number(Math.Log(x.Number), at)).Exp()),
            ({ } node, { } p) => new(node.Pow(p)),
        };
    }

    private Value Atom()
    {
        int at = position;
        if (Next == '(')
        {
            return Bracket();
        }

        if (char.IsAsciiDigit(Next) || Next == '.')
        {
            return new(Digits());
        }

        at = position;
        string name = char.IsLetter(Next) ? Name() : throw Error(Next == '\0'
            ? "a number, a name or a bracket is missing at the end"
            : "a number, a name or a bracket is missing before this");
        if (Functions.TryGetValue(name, out var function))
        {
            Value x = Next == '(' ? Bracket() : throw Error($"the bracket after {name} is missing");
            return x.Node is { } node ? new(function.OfNode(node)) : new(function.OfNumber(x.Number));
        }

        if (variables.TryGetValue(name, out Node? variable))
        {
            return new(variable);
        }

        if (Constants.TryGetValue(name, out double number))
        {
            return new(number);
        }

        position = at;
        throw Error(Next == '(' || NextAfter(name) == '('
            ? $"there is no function '{name}'; the functions are {string.Join(", ", Functions.Keys)}"
            : $"'{name}' is not a variable; the variables are {string.Join(", ", variables.Keys)}");
    }

    private Value Bracket()
    {
        int open = position++;
        Value inside = Sum();
        if (Next != ')')
        {
            position = Next == '\0' ? open : position;
            throw Error(position == open ? "this bracket is not closed" : "a closing bracket or an operator is missing before this");
        }

        position++;
        return inside;
    }

    private string Name()
    {
        int start = position;
        while (position < text.Length && (char.IsLetterOrDigit(text[position]) || text[position] == '_'))
        {
            position++;
        }

        return text[start..position];
    }

    // Digits, a decimal point, digits, and an exponent if digits follow it: 2e is 2 and the number e, with a * missing.
    private double Digits()
    {
        int start = position;
        Skip();
        if (position < text.Length && text[position] == '.')
        {
            position++;
            Skip();
        }

        int sign = position + 1 < text.Length && text[position] is 'e' or 'E' && text[position + 1] is '+' or '-' ? 1 : 0;
        if (position + sign + 1 < text.Length && text[position] is 'e' or 'E' && char.IsAsciiDigit(text[position + sign + 1]))
        {
            position += sign + 1;
            Skip();
        }

        if (double.TryParse(text.AsSpan(start, position - start), NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
        {
            return number;
        }

        position = start;
        throw Error("a digit is missing next to this decimal point");

        void Skip()
        {
            while (position < text.Length && char.IsAsciiDigit(text[position]))
            {
                position++;
            }
        }
    }

    private float Number(double number, int at)
    {
        if (float.IsFinite((float)number) && ((float)number != 0 || number == 0))
        {
            return (float)number;
        }

        position = at;
        throw Error($"the number next to this is {(!double.IsFinite(number) ? "not finite"
            : number is > 1 or < -1 ? "too large for float32"
            : "too small for float32")}");
    }

    /// <summary>Gets the next character that is not white space, or '\0' at the end of the text.</summary>
    private char Next
    {
        get
        {
            while (position < text.Length && char.IsWhiteSpace(text[position]))
            {
                position++;
            }

            return position < text.Length ? text[position] : '\0';
        }
    }

    private char NextAfter(string name) => text.AsSpan(position + name.Length).TrimStart() is [var first, ..] ? first : '\0';

    private static bool IsName(string name) =>
        name.Length > 0 && char.IsLetter(name[0]) && name.All(c => char.IsLetterOrDigit(c) || c == '_');

    private ExpressionException Error(string message) => new(message, text, position);

    /// <summary>Represents a part of the formula: a node, or a number if the part contains no variable.</summary>
    private readonly record struct Value(Node? Node, double Number)
    {
        public Value(Node node)
            : this(node, 0)
        {
        }

        public Value(double number)
            : this(null, number)
        {
        }
    }
}
