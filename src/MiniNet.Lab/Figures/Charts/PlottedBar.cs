namespace MiniNet.Figures;

/// <summary>Represents one bar of a <see cref="BarChart"/>.</summary>
/// <param name="Name">The label to the left of the bar.</param>
/// <param name="Value">The length of the bar: to the right if positive, to the left if negative. A non-finite value is written as text,
/// without a bar.</param>
/// <param name="Low">The lower end of an interval around the value, or null for none.</param>
/// <param name="High">The upper end of the interval, or null for none.</param>
/// <param name="Group">The group of the bar, or null for none. Bars of one group are drawn together under the group's name.</param>
public sealed record PlottedBar(string Name, double Value, double? Low = null, double? High = null, string? Group = null);
