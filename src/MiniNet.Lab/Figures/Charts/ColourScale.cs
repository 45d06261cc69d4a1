using System.Globalization;

namespace MiniNet.Figures;

/// <summary>
/// Maps numbers to colours. Lightness alone shows the order, so the scale also works for colour-blind readers and in black-and-white print.
/// </summary>
internal static class ColourScale
{
    // Viridis, by Smith and van der Walt, at equal distances.
    private static readonly (double R, double G, double B)[] Viridis = [.. ((string[])
        ["#440154", "#482878", "#3e4989", "#31688e", "#26828e", "#1f9e89", "#35b779", "#6ece58", "#b5de2b", "#fde725"]).Select(Read)];

    // From blue through white to brown: the ends of BrBG and RdBu that colour-blind readers do not confuse.
    private static readonly (double R, double G, double B)[] Diverging =
        [.. ((string[])["#1b5a9c", "#7fb0de", "#ffffff", "#e4a668", "#a3520a"]).Select(Read)];

    /// <summary>Returns the colour of a height.</summary>
    /// <param name="fraction">The height, from 0 (lowest) to 1 (highest).</param>
    /// <param name="paper">The fraction of white to mix in, which keeps lines and text on the colour legible.</param>
    /// <param name="light">The factor that shades the colour, from the light on the surface.</param>
    public static string ForHeight(double fraction, double paper = 0, double light = 1) =>
        Write(Mix(Between(Viridis, fraction), paper, light));

    /// <summary>
    /// Returns the colour of a signed number: <paramref name="share"/> runs from -1 (blue) through 0 (white) to 1 (brown).
    /// </summary>
    public static string ForSigned(double share) => Write(Between(Diverging, (share + 1) / 2));

    /// <summary>Returns black or white, whichever has the higher contrast with the colour.</summary>
    public static string InkOn(string colour)
    {
        double light = Luminance(colour);
        return (light + 0.05) * (light + 0.05) > 1.05 * 0.05 ? "#000000" : "#ffffff";
    }

    /// <summary>Returns the relative luminance of a colour, from 0 to 1, as defined by WCAG.</summary>
    public static double Luminance(string colour)
    {
        (double r, double g, double b) = Read(colour);
        return (0.2126 * Linear(r)) + (0.7152 * Linear(g)) + (0.0722 * Linear(b));
    }

    private static double Linear(double part) => part / 255 <= 0.04045 ? part / 255 / 12.92 : Math.Pow(((part / 255) + 0.055) / 1.055, 2.4);

    private static (double R, double G, double B) Between((double R, double G, double B)[] colours, double fraction)
    {
        double position = Math.Clamp(double.IsNaN(fraction) ? 0 : fraction, 0, 1) * (colours.Length - 1);
        int i = Math.Min((int)position, colours.Length - 2);
        ((double R, double G, double B) low, (double R, double G, double B) high, double t) = (colours[i], colours[i + 1], position - i);
        return (low.R + (t * (high.R - low.R)), low.G + (t * (high.G - low.G)), low.B + (t * (high.B - low.B)));
    }

    private static (double R, double G, double B) Mix((double R, double G, double B) colour, double paper, double light) =>
        (Mixed(colour.R, paper, light), Mixed(colour.G, paper, light), Mixed(colour.B, paper, light));

    private static double Mixed(double part, double paper, double light) => Math.Clamp((part + ((255 - part) * paper)) * light, 0, 255);

    private static (double R, double G, double B) Read(string colour) => (Part(colour, 1), Part(colour, 3), Part(colour, 5));

    private static double Part(string colour, int at) =>
        int.Parse(colour.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static string Write((double R, double G, double B) colour) => $"#{Byte(colour.R):x2}{Byte(colour.G):x2}{Byte(colour.B):x2}";

    private static int Byte(double part) => (int)Math.Round(part);
}
