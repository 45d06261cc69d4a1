using System.Globalization;

namespace MiniNet.Data;

/// <summary>Represents a column of a table, as read from the file.</summary>
/// <param name="Name">The name of the column in the header.</param>
public abstract record Column(string Name)
{
    /// <summary>
    /// Parses a cell as a number: digits with an optional sign, decimal point and exponent, in the invariant culture. NaN and infinities
    /// are accepted too.
    /// </summary>
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

    internal static string NotFinite(string cell) =>
        $"'{DataFormatException.Truncate(cell)}' is not a finite number that fits float32; correct it, or remove the row";
}

/// <summary>Represents a column of numbers.</summary>
/// <param name="Name">The name of the column in the header.</param>
/// <param name="Values">One finite number per row.</param>
public sealed record NumericColumn(string Name, float[] Values) : Column(Name);

/// <summary>Represents a column of categories.</summary>
/// <param name="Name">The name of the column in the header.</param>
/// <param name="Categories">The distinct categories, sorted.</param>
/// <param name="Codes">The index in <paramref name="Categories"/> for each row.</param>
public sealed record CategoricalColumn(string Name, IReadOnlyList<string> Categories, int[] Codes) : Column(Name);
