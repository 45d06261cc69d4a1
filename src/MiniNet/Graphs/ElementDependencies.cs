using System.Diagnostics;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Graphs;

/// <summary>
/// Describes which elements of the inputs each element of the value depends on. A page uses it to show the numbers behind an element.
/// </summary>
[DebuggerDisplay("{Kind,nq}")]
[DebuggerStepThrough]
public sealed record ElementDependencies
{
    private ElementDependencies(string kind, params IReadOnlyList<(string Name, int[] Values)> sizes) => (Kind, Sizes) = (kind, sizes);

    /// <summary>Gets dependencies that are not described. A page shows the equation without numbers.</summary>
    public static ElementDependencies Unknown { get; } = new("unknown");

    /// <summary>Gets the dependencies of an element on the inputs' elements at the same position, in row-major order.</summary>
    public static ElementDependencies SamePosition { get; } = new("same");

    /// <summary>Gets the dependencies of a sum of all elements.</summary>
    public static ElementDependencies Sum { get; } = new("sum");

    /// <summary>Gets the dependencies of a mean of all elements.</summary>
    public static ElementDependencies Mean { get; } = new("mean");

    /// <summary>Gets the dependencies of rows that are concatenated.</summary>
    public static ElementDependencies Concatenation { get; } = new("concat");

    /// <summary>Gets the constants in the equations that depend on the shapes, such as the number of elements N.</summary>
    public IReadOnlyList<EquationConstant> Constants { get; init; } = [];

    internal string Kind { get; }

    /// <summary>Gets the sizes that the script of a page computes with, by name.</summary>
    internal IReadOnlyList<(string Name, int[] Values)> Sizes { get; }

    /// <summary>Creates the dependencies of an element on its group of consecutive elements, as in a softmax.</summary>
    /// <param name="size">The number of elements in a group.</param>
    /// <returns>The dependencies.</returns>
    public static ElementDependencies Groups(int size) => new("groups", ("size", [size]));

    /// <summary>Creates the dependencies of a table of vectors, one of which is looked up for each index.</summary>
    /// <param name="size">The number of elements in a vector.</param>
    /// <returns>The dependencies.</returns>
    public static ElementDependencies Lookup(int size) => new("lookup", ("size", [size]));

    /// <summary>Creates the dependencies of a loss.</summary>
    /// <param name="prediction">The shape of the prediction.</param>
    /// <param name="isMean">true for a mean over elements; false for a sum.</param>
    /// <param name="isOfClass">true if the targets are classes that select an element in each row.</param>
    /// <returns>The dependencies, with the constants N, the number of elements, and n, the number of rows.</returns>
    public static ElementDependencies Loss(Shape prediction, bool isMean, bool isOfClass = false) =>
        new("loss", ("isMean", [isMean ? 1 : 0]), ("isOfClass", [isOfClass ? 1 : 0]))
        {
            Constants = [new("N", prediction.Length), new("n", prediction.Rows)],
        };

    /// <summary>Creates the dependencies of a normalization.</summary>
    /// <param name="size">The number of consecutive elements of the same channel or group.</param>
    /// <param name="count">The number of elements that share a mean and a variance.</param>
    /// <param name="symbol">The symbol of <paramref name="count"/> in the equations.</param>
    /// <param name="isOfChannels">true if each channel is normalized over all rows; false if each group is normalized.</param>
    /// <returns>The dependencies.</returns>
    internal static ElementDependencies Normalization(int size, int count, string symbol, bool isOfChannels) =>
        new(isOfChannels ? "normalizedChannels" : "normalizedGroups", ("size", [size])) { Constants = [new(symbol, count)] };

    internal static ElementDependencies Windows(string kind, Window window, Shape x, Shape y) => new(
        kind,
        ("x", [x[1], x[2], x[3]]),
        ("y", [y[1], y[2], y[3]]),
        ("window", [window.Height, window.Width]),
        ("stride", [window.S1, window.S2]),
        ("padding", [window.P1, window.P2]));
}
