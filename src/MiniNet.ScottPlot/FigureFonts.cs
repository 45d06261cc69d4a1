// The font of the figures. On a system without installed fonts, ScottPlot draws no text and reports no error. This project therefore
// embeds a subset of DejaVu Sans, regular and bold: Latin, Greek, Cyrillic and common mathematical symbols. For other scripts, an
// installed font is used. Not supported: shaping of right-to-left scripts, which ScottPlot enables with LabelStyle.RTLSupport, and several
// fonts within one text.

using global::ScottPlot;
using SkiaSharp;

namespace MiniNet.ScottPlot;

/// <summary>Provides the font that figures are drawn with, on every system.</summary>
/// <remarks>
/// The first figure registers it with ScottPlot and makes it <see cref="Fonts.Default"/> and <see cref="Fonts.Sans"/>, so that text added
/// later matches. If a program has set <see cref="Fonts.Default"/> before, its choice is kept. Letters that the font lacks are drawn in an
/// installed font that has them, or as empty boxes if there is none.
/// </remarks>
public static class FigureFonts
{
    /// <summary>
    /// The name of the font in ScottPlot. It differs from "DejaVu Sans", so that an installed, complete DejaVu Sans stays available.
    /// </summary>
    public const string Name = "MiniNet DejaVu Sans";

    private static readonly Lock Gate = new();
    private static bool registered;

    /// <summary>
    /// Makes the font available to ScottPlot. Every <c>ToPlot</c> method calls this; call it yourself before creating your own plot.
    /// </summary>
    public static void Register()
    {
        lock (Gate)
        {
            if (registered)
            {
                return;
            }

            bool untouched = Fonts.Default == Fonts.Sans;
            Fonts.FontResolvers.Insert(0, new Resolver());
            Fonts.Sans = Name;
            if (untouched)
            {
                Fonts.Default = Name;
            }

            registered = true;
        }
    }

    /// <summary>Sets the font of a figure's labels to one that has all of their letters, if there is one.</summary>
    internal static void Fit(Plot plot, IEnumerable<string> texts)
    {
        string name = NameFor(string.Concat(texts));
        if (name == Fonts.Default)
        {
            return;
        }

        plot.Axes.Title.Label.FontName = name;
        plot.Legend.FontName = name;
        foreach (IAxis axis in plot.Axes.GetAxes())
        {
            axis.Label.FontName = name;
            axis.TickLabelStyle.FontName = name;
        }
    }

    /// <summary>
    /// Gets the name of the default font, or of the installed font that has most of the letters missing from the default.
    /// </summary>
    internal static string NameFor(string text)
    {
        int[] letters = [.. text.EnumerateRunes().Select(rune => rune.Value).Distinct()];
        int missing = Missing(Fonts.GetTypeface(Fonts.Default, bold: false, italic: false), letters);
        if (missing == 0)
        {
            return Fonts.Default;
        }

        // Matching by character finds nothing with the Linux build of Skia that ScottPlot uses, so this checks every installed family.
        string best = Fonts.Default;
        foreach (string installed in Fonts.GetCandidateFontsForString([.. letters]).Concat(SKFontManager.Default.FontFamilies))
        {
            if (missing == 0)
            {
                break;
            }

            using SKTypeface typeface = SKTypeface.FromFamilyName(installed);
            int without = Missing(typeface, letters);
            (best, missing) = without < missing ? (installed, without) : (best, missing);
        }

        return best;
    }

    private static int Missing(SKTypeface typeface, int[] letters) => letters.Count(letter => !typeface.ContainsGlyph(letter));

    private sealed class Resolver : IFontResolver
    {
        public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
            fontName == Name ? Load(weight >= FontWeight.SemiBold) : null;

        public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) => fontName == Name ? Load(bold) : null;

        private static SKTypeface Load(bool bold)
        {
            string file = bold ? "DejaVuSans-Bold.ttf" : "DejaVuSans.ttf";
            using Stream stream = typeof(FigureFonts).Assembly.GetManifestResourceStream($"MiniNet.ScottPlot.Fonts.{file}")!;
            using SKData data = SKData.Create(stream);
            return SKTypeface.FromData(data);
        }
    }
}
