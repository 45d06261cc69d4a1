using System.Globalization;

namespace MiniNet.Data;

/// <summary>A column of a table, as it was read.</summary>
/// <param name="Name">Its name in the header.</param>
public abstract record Column(string Name)
{
    /// <summary>Reads a cell as a number: digits with an optional sign, point and exponent, in the invariant culture; also NaN and infinities.</summary>
    internal static bool TryParse(string cell, out float value)
    {
        if (float.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
        {
            return true;
        }

        ReadOnlySpan<char> word = cell.AsSpan().TrimStart("+-");
        value = float.PositiveInfinity;
        return word.Equals("inf", StringComparison.OrdinalIgnoreCase);
    }

    internal static string NotFinite(string cell) => $"'{DataFormatException.Short(cell)}' is not a finite number that fits float32; correct it, or remove the row";
}

/// <summary>A column of numbers.</summary>
/// <param name="Name">Its name in the header.</param>
/// <param name="Values">One finite number a row.</param>
public sealed record NumericColumn(string Name, float[] Values) : Column(Name);

/// <summary>A column of words, each one of a few categories.</summary>
/// <param name="Name">Its name in the header.</param>
/// <param name="Categories">The different words, sorted.</param>
/// <param name="Codes">For each row the index of its word in <paramref name="Categories"/>.</param>
public sealed record CategoricalColumn(string Name, IReadOnlyList<string> Categories, int[] Codes) : Column(Name);
