namespace MiniNet.Figures;

/// <summary>One bar of a <see cref="BarChart"/>.</summary>
/// <param name="Name">What stands before it.</param>
/// <param name="Value">How long it is, to the right of 0 or to its left. One that is not finite has no bar, and says what it is.</param>
/// <param name="Low">The lower end of an interval around the value; null for none.</param>
/// <param name="High">The upper end; null for none.</param>
/// <param name="Group">The class it belongs to: bars of one group stand together under its name. Null for none.</param>
public sealed record PlottedBar(string Name, double Value, double? Low = null, double? High = null, string? Group = null);
