using global::ScottPlot;
using MiniNet.ScottPlot;
using SkiaSharp;

namespace MiniNet.Tests.ScottPlot;

public class FigureFontsTests
{
    public FigureFontsTests() => FigureFonts.Register();

    [Fact]
    public void Register_Always_SetsTheDefaultFont() => Assert.Equal((FigureFonts.Name, FigureFonts.Name), (Fonts.Default, Fonts.Sans));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Typeface_RegularAndBold_IsTheEmbeddedFont(bool bold)
    {
        SKTypeface typeface = Fonts.GetTypeface(FigureFonts.Name, bold, italic: false);
        Assert.Equal(("DejaVu Sans", bold), (typeface.FamilyName, typeface.IsBold));
        Assert.True(typeface.GlyphCount < 1500, "an installed DejaVu Sans has some 6000");
        Assert.True(typeface.ContainsGlyphs("Loss by epoch: größe, Ελλάδα, Привет, ∂L/∂w ≤ 0.5 → …"));
    }

    [Fact]
    public void NameFor_SupportedLetters_IsTheDefault() => Assert.Equal(FigureFonts.Name, FigureFonts.NameFor("größe Привет"));

    [Theory]
    [InlineData("მატრიცა")]
    [InlineData("多语言")]
    public void NameFor_OtherLetters_IsAnInstalledFontWithThem(string text)
    {
        string name = FigureFonts.NameFor("ab " + text);
        bool any = SKFontManager.Default.FontFamilies.Any(family => SKTypeface.FromFamilyName(family).ContainsGlyphs(text));
        Assert.SkipUnless(any, $"No installed font has the letters of {text}; empty boxes are drawn.");
        Assert.NotEqual(FigureFonts.Name, name);
        Assert.True(Fonts.GetTypeface(name, bold: false, italic: false).ContainsGlyphs(text));
    }

    [Fact]
    public void Licence_OfTheFont_IsEmbedded()
    {
        using Stream licence = typeof(FigureFonts).Assembly.GetManifestResourceStream("MiniNet.ScottPlot.Fonts.LICENSE-DejaVu.txt")!;
        Assert.Contains("Bitstream Vera Fonts Copyright", new StreamReader(licence).ReadToEnd(), StringComparison.Ordinal);
    }
}
