using System.Text;
using System.Text.RegularExpressions;
using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Tests.Graphs;

public class EquationTests
{
    // The same definition of a symbol as a regular expression, as an independent reference for the scan.
    private static readonly Regex Reference = new(
        @"(?<![\p{Lu}\p{Ll}∂])(∂y/∂x(?!\u0302)|d?[\p{Lu}\p{Ll}-[Σ∂]]\u0302?)(?![\p{Lu}\p{Ll}])",
        RegexOptions.ExplicitCapture, Regex.InfiniteMatchTimeout);

    [Theory]
    [InlineData("dW += xᵀ·dY", "dW")]
    [InlineData("x̂ = (x − μ) / √(σ² + ε)", "x̂")]
    [InlineData("dx̂ += dY ⊙ γ", "dx̂")]
    [InlineData("L = −(1/n) Σ log p[class]", "L")]
    [InlineData("max = 1", "")]
    [InlineData("", "")]
    [InlineData("∂y/∂x = y(1 − y)", "∂y/∂x")]
    [InlineData("∂L/∂z = (p − 1[t]) / n", "p")]
    public void Left_IsFirstSymbol(string equation, string symbol) => Assert.Equal(symbol, new Equation(equation).Left);

    [Theory]
    [InlineData("dW += xᵀ·dY", "+=", "xᵀ·dY")]
    [InlineData("w −= ηd", "−=", "ηd")]
    [InlineData("y ≈ x Φ(x)", "=", "y ≈ x Φ(x)")]
    [InlineData("v = μv + d;  w −= ηv", "=", "μv + d;  w −= ηv")]
    public void SignAndRight_AreOfFirstAssignment(string equation, string sign, string right) =>
        Assert.Equal((sign, right), (new Equation(equation).Sign, new Equation(equation).Right.Text));

    [Theory]
    [InlineData("L = mean (p − t)² / n", "n", true)]
    [InlineData("L = mean (p − t)²", "n", false)]
    [InlineData("w −= ηλw", "λ", true)]
    [InlineData("m̂ = m/(1 − β₁ᵗ)", "1 − β₁ᵗ", true)]
    [InlineData("m̂ = m/(1 − β₂ᵗ)", "1 − β₁ᵗ", false)]
    public void Mentions_ConstantInWord_IsFalse(string equation, string constant, bool expected) =>
        Assert.Equal(expected, new Equation(equation).Mentions(constant));

    [Fact]
    public void WithShapes_ReplacesSymbolsByShapes()
    {
        Tensor dW = Named("dW", 4, 16), x = Named("x", 8, 4), dY = Named("dY", 8, 16);
        Assert.Equal("dW += xᵀ·dY   [4x16] = [8x4]ᵀ·[8x16]", new Equation("dW += xᵀ·dY").WithShapes([x, dY, dW]));
        Assert.Equal("dW += xᵀ·dZ   [4x16]", new Equation("dW += xᵀ·dZ").WithShapes([x, dY, dW])); // Z is unknown
    }

    [Fact]
    public void Scan_RandomTexts_MatchesRegularExpression()
    {
        string[] pieces = ["d", "d", "W", "x", "Σ", "∂", "\u0302", "\u0302", "ᵀ", "ᵢ", "μ", " ", "+", "·", "1", "∂y/∂x", "∂y/∂x"];
        var random = new Random(1);
        for (int i = 0; i < 100_000; i++)
        {
            var text = new StringBuilder();
            for (int length = random.Next(9); length > 0; length--)
            {
                text.Append(pieces[random.Next(pieces.Length)]);
            }

            string equation = text.ToString();
            IReadOnlyList<string> parts = new Equation(equation).Parts;
            Assert.Equal(equation, string.Concat(parts));
            Assert.Equal(Reference.Matches(equation).Select(match => match.Value), parts.Where((_, part) => part % 2 == 1));
            bool isGradient = equation.Length > 1 && equation[0] == 'd' && equation[1] != '\u0302'
                && Reference.Match(equation).Value == equation;
            Assert.True(isGradient == Equation.IsGradient(equation), equation);
        }
    }

    private static Tensor Named(string name, int rows, int columns) => new(new Shape(rows, columns), name);
}
