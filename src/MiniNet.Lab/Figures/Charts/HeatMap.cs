using System.Globalization;
using System.Xml.Linq;
using static MiniNet.Figures.SvgParts;

namespace MiniNet.Figures;

/// <summary>
/// Draws a matrix as coloured cells in one self-contained SVG image: blue below 0, white at 0, brown above, with equal strength for equal
/// magnitude. Matrices of at most 30 rows and 30 columns also show the numbers.
/// </summary>
public static class HeatMap
{
    private const int MaxCellsWithNumbers = 30, MaxNames = 60;
    private const double Top = 48, LetterWidth = 7.2, MinWidth = 360, BarGap = 18;

    /// <summary>Draws the heat map.</summary>
    /// <param name="values">The matrix. Cells that are not finite are grey and show the value as text.</param>
    /// <param name="rowNames">A name for each row.</param>
    /// <param name="columnNames">A name for each column.</param>
    /// <param name="title">The title.</param>
    /// <returns>The SVG document.</returns>
    /// <exception cref="ArgumentException">The matrix is empty, or the number of names differs from the number of rows or
    /// columns.</exception>
    public static string Draw(double[,] values, IReadOnlyList<string> rowNames, IReadOnlyList<string> columnNames, string title)
    {
        (int rows, int columns) = (values.GetLength(0), values.GetLength(1));
        if (rows == 0 || columns == 0 || rowNames.Count != rows || columnNames.Count != columns)
        {
            throw new ArgumentException(
                $"The matrix is {rows}×{columns}, with {rowNames.Count} row names and {columnNames.Count} column names. "
                + "It needs at least one cell, and one name for each row and column.",
                nameof(values));
        }

        bool hasNumbers = rows <= MaxCellsWithNumbers && columns <= MaxCellsWithNumbers;
        (double wide, double high) = hasNumbers ? (columns <= 6 ? 66 : 52, rows <= 6 ? 38 : 28) : (Cell(columns), Cell(rows));
        int most = Math.Min(22, rowNames.Max(name => name.EnumerateRunes().Count())),
            mostAbove = Math.Min(22, columnNames.Max(name => name.EnumerateRunes().Count()));
        bool isTurned = mostAbove * LetterWidth > wide - 6;
        double left = 26 + (most * LetterWidth) + 10, top = Top + (isTurned ? (mostAbove * LetterWidth) + 16 : 26);
        (double right, double bottom) = (left + (columns * wide), top + (rows * high));
        double strongest = values.Cast<double>().Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        title = Truncate(title, 80);
        double barBottom = Math.Max(bottom, top + 120),
            width = Math.Max(right + BarGap + ColourBar.TotalWidth, Math.Max(MinWidth, (title.Length * 9.6) + 40));
        return Document(
            width,
            Math.Max(bottom, barBottom) + 24,
            title,
            $"A matrix of {rows} rows and {columns} columns, {Range(values)}.",
            Text(20, 28, title, anchor: "start", size: 17),
            Cells(values, left, top, wide, high, strongest, hasNumbers),
            Rectangle(left, top, right - left, bottom - top, "none").WithAttribute("stroke", SvgParts.Frame),
            Names(rowNames, high).Select(
                row => Text(left - 8, top + ((row.Index + 0.5) * high) + 5, Truncate(row.Name, 22), anchor: "end")),
            Names(columnNames, isTurned ? wide : 100)
                .Select(column => ColumnLabel(Truncate(column.Name, 22), left + ((column.Index + 0.5) * wide), top - 8, isTurned)),
            strongest > 0 ? ColourBar.Continuous(strongest, right + BarGap, top, barBottom) : []);
    }

    private static double Cell(int count) => Math.Clamp(720.0 / count, 1, 16);

    private static string Range(double[,] values)
    {
        double[] finite = [.. values.Cast<double>().Where(double.IsFinite)];
        string left = finite.Length < values.Length ? $", and {values.Length - finite.Length} that are not finite" : "";
        return finite.Length == 0 ? "none of them finite" : $"from {FormatNumber(finite.Min())} to {FormatNumber(finite.Max())}{left}";
    }

    private static IEnumerable<XElement> Cells(
        double[,] values, double left, double top, double wide, double high, double strongest, bool hasNumbers)
    {
        for (int row = 0; row < values.GetLength(0); row++)
        {
            for (int column = 0; column < values.GetLength(1); column++)
            {
                double value = values[row, column];
                string colour = !double.IsFinite(value)
                    ? ContourPlot.NoValue
                    : ColourScale.ForSigned(strongest == 0 ? 0 : value / strongest);
                yield return Rectangle(left + (column * wide), top + (row * high), wide, high, colour).WithAttribute("class", "cell");
                if (hasNumbers)
                {
                    string number = FormatShort(value);
                    yield return Text(
                        left + ((column + 0.5) * wide),
                        top + ((row + 0.5) * high) + 5,
                        number,
                        size: number.Length > 6
                            ? 11
                            : 13).WithAttribute("fill", ColourScale.InkOn(colour)).WithAttribute("class", "number");
                }
            }
        }
    }

    // Three digits, because no more fit into a cell.
    private static string FormatShort(double value)
    {
        double size = Math.Abs(value);
        return !double.IsFinite(value) || value == 0 ? FormatNumber(value)
            : size is < 1e-3 or >= 1e5 ? value.ToString("0.#e0", CultureInfo.InvariantCulture)
            : Math.Round(value, Math.Clamp(2 - (int)Math.Floor(Math.Log10(size)), 0, 5)).ToString(CultureInfo.InvariantCulture);
    }

    // Skips names so that the remaining ones do not overlap.
    private static IEnumerable<(int Index, string Name)> Names(IReadOnlyList<string> names, double room)
    {
        int every = Math.Max((int)Math.Ceiling(17 / room), (int)Math.Ceiling((double)names.Count / MaxNames));
        return names.Select((name, index) => (index, name)).Where(each => each.index % every == 0);
    }

    private static XElement ColumnLabel(string name, double x, double y, bool isTurned) => isTurned
        ? Text(0, 0, name, anchor: "start").WithAttribute("transform", $"translate({N(x + 5)} {N(y)}) rotate(-90)")
        : Text(x, y, name);
}
