using System.Globalization;
using System.Net;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using MiniNet.Figures;

namespace MiniNet.Pages;

/// <summary>
/// Builds a page from the files under <c>Page</c>: one HTML file that needs no network, with a content security policy that allows none.
/// </summary>
internal static partial class PageParts
{
    /// <summary>Builds a page with its style sheet and script, and fills in the placeholders.</summary>
    /// <param name="name">The name of the files, without extension.</param>
    /// <param name="title">The title, as plain text.</param>
    /// <param name="parts">The names of the other placeholders, with the HTML for each.</param>
    public static string Page(string name, string title, params IEnumerable<(string Place, string Html)> parts) =>
        Page([$"{name}.js"], name, title, parts);

    /// <summary>Builds a page whose script consists of several files.</summary>
    public static string Page(IEnumerable<string> scripts, string name, string title, params IEnumerable<(string Place, string Html)> parts)
    {
        string style = ReadResource($"{name}.css"), script = string.Concat(scripts.Select(ReadResource));
        Dictionary<string, string> all = parts.ToDictionary(part => part.Place, part => part.Html, StringComparer.Ordinal);
        all["policy"] = $"default-src 'none'; img-src data:; style-src '{Hash(style)}'; script-src '{Hash(script)}'; "
            + "base-uri 'none'; form-action 'none'";
        all["title"] = WebUtility.HtmlEncode(SvgParts.Truncate(title, 200));
        (all["style"], all["script"]) = (style, script);
        return PlaceholderPattern().Replace(ReadResource($"{name}.html"), place => all[place.Groups["name"].Value]);
    }

    /// <summary>
    /// Writes a number with the fewest digits that round-trip. NaN, Infinity and -Infinity, which JSON cannot represent, are written as
    /// strings.
    /// </summary>
    public static void Write<T>(Utf8JsonWriter json, T number)
        where T : IFloatingPointIeee754<T>
    {
        string text = number.ToString(null, CultureInfo.InvariantCulture);
        if (T.IsFinite(number))
        {
            json.WriteRawValue(text, skipInputValidation: true);
        }
        else
        {
            json.WriteStringValue(text);
        }
    }

    private static string ReadResource(string name)
    {
        using Stream stream = typeof(PageParts).Assembly.GetManifestResourceStream($"MiniNet.Pages.Parts.{name}")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    private static string Hash(string text) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    [GeneratedRegex(@"\{\{(?<name>[a-z]+)\}\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PlaceholderPattern();
}
