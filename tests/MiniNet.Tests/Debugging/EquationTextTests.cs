using System.Text;
using System.Text.RegularExpressions;
using MiniNet.Debugging;
using MiniNet.Tensors;

namespace MiniNet.Tests.Debugging;

public class EquationTextTests
{
    // The same definition of a symbol as a regular expression, as an independent reference for the scan.
    private static readonly Regex Reference = new(
        @"(?<![\p{Lu}\p{Ll}])d?[\p{Lu}\p{Ll}-[Σ∂]]\u0302?(?![\p{Lu}\p{Ll}])", RegexOptions.ExplicitCapture, Regex.InfiniteMatchTimeout);

    [Theory]
    [InlineData("dW += xᵀ·dY", "dW")]
    [InlineData("x̂ = (x − μ) / √(σ² + ε)", "x̂")]
    [InlineData("dx̂ += dY ⊙ γ", "dx̂")]
    [InlineData("L = −(1/n) Σ log p[class]", "L")]
    [InlineData("max = 1", "")]
    [InlineData("", "")]
    public void LeftSide_ReturnsFirstSymbol(string equation, string letter) => Assert.Equal(letter, EquationText.LeftSide(equation));

    [Fact]
    public void WithShapes_ReplacesSymbolsByShapes()
    {
        Tensor dW = Named("dW", 4, 16), x = Named("x", 8, 4), dY = Named("dY", 8, 16);
        Assert.Equal("dW += xᵀ·dY   [4x16] = [8x4]ᵀ·[8x16]", EquationText.WithShapes("dW += xᵀ·dY", [x, dY, dW]));
        Assert.Equal("dW += xᵀ·dZ   [4x16]", EquationText.WithShapes("dW += xᵀ·dZ", [x, dY, dW])); // Z is unknown
    }

    [Fact]
    public void Scan_RandomTexts_MatchesRegularExpression()
    {
        const string Characters = "ddWxΣ∂\u0302\u0302ᵀᵢμ +·1";
        var random = new Random(1);
        for (int i = 0; i < 100_000; i++)
        {
            var text = new StringBuilder();
            for (int length = random.Next(9); length > 0; length--)
            {
                text.Append(Characters[random.Next(Characters.Length)]);
            }

            string equation = text.ToString();
            string expected = Reference.Match(equation).Value;
            Assert.True(expected == EquationText.LeftSide(equation), $"'{equation}': '{expected}' and '{EquationText.LeftSide(equation)}'");
            bool isGradient = equation.Length > 1 && equation[0] == 'd' && equation[1] != '\u0302' && expected == equation;
            Assert.True(isGradient == EquationText.IsGradient(equation), equation);
        }
    }

    private static Tensor Named(string name, int rows, int columns) => new(new Shape(rows, columns), name);
}
