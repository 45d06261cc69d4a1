using System.Runtime.CompilerServices;
using MiniNet.GradientChecking;
using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Explanations;

/// <summary>
/// One gradient, explained: the chain rule with the numbers in it.
/// <code>
/// ∂L/∂w = Σ ∂y/∂w · ∂L/∂y      over every y that reads w: rows, outputs, branches, uses of a shared layer;
///                              and each ∂L/∂y in the same way, up to ∂L/∂L = 1
/// </code>
/// </summary>
/// <remarks>
/// <para>
/// ∂L/∂y is what <see cref="Graph.Backward"/> stored, and ∂y/∂w what the operation's own <c>Backward</c> makes of a dY that is 1 in one place and 0
/// in all others; of <see cref="Layers.Linear"/> it can be read off, x or W. So every sum is held against a gradient that was summed in another way,
/// and the first of them against a central finite difference too.
/// </para>
/// <para>
/// It all happens on a fork, with the same dropout masks; parameters, their gradients and the running statistics are put back, so nothing that the
/// graph holds is changed. While it runs, nobody else may use the layers.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// graph.Forward(x);
/// graph.Loss(targets);
/// graph.ZeroGradients();
/// graph.Backward();
/// Console.WriteLine(graph.Explain(hidden.Weight, 2, 3));      // before the optimizer's step, which changes what is explained
/// </code>
/// </example>
public static class Explanations
{
    private const int Short = 200; // products: what still fits on a few screens

    /// <summary>Why a parameter's gradient is what it is.</summary>
    /// <param name="graph">A graph, after Forward, Loss and Backward.</param>
    /// <param name="parameter">One of its parameters.</param>
    /// <param name="i">The row: of a weight [inputs, outputs] the input.</param>
    /// <param name="j">The column; of more than two dimensions, within the flattened row.</param>
    /// <param name="depth">
    /// How many operations deep: 1 takes the gradients of what reads the parameter as given, 2 explains them too, <see cref="int.MaxValue"/> goes
    /// up to the loss. Unless given: up to the loss where that takes at most 200 products, else 1.
    /// </param>
    /// <returns>The explanation; its text is ready to print.</returns>
    /// <exception cref="ArgumentException">The graph has no such parameter.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row or column, or the depth is less than 1.</exception>
    /// <exception cref="InvalidOperationException">Forward, Loss and Backward were not called, or something was changed since, as by an optimizer's step.</exception>
    public static Explanation Explain(this Graph graph, Parameter parameter, int i, int j = 0, int? depth = null)
    {
        if (!graph.Parameters.Contains(parameter))
        {
            throw new ArgumentException($"{parameter.Name} is no parameter of this graph.", nameof(parameter));
        }

        CheckPlace(parameter.Value, i, j);
        return Explain(graph, new Place(null, parameter, (i * parameter.Value.Shape.Columns) + j), parameter.Gradient[i, j], depth);
    }

    /// <summary>Why the gradient of an input, or of any node's value, is what it is.</summary>
    /// <param name="graph">A graph, after Forward, Loss and Backward.</param>
    /// <param name="node">One of its nodes; an input must have been added with <c>needsGradient: true</c>.</param>
    /// <param name="row">The row of its value.</param>
    /// <param name="column">The column; of more than two dimensions, within the flattened row.</param>
    /// <param name="depth">As for a parameter.</param>
    /// <returns>The explanation; its text is ready to print.</returns>
    /// <exception cref="ArgumentException">It is a node of another graph, or its gradient is not needed and so was not computed.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row or column, or the depth is less than 1.</exception>
    /// <exception cref="InvalidOperationException">Forward, Loss and Backward were not called, or something was changed since, as by an optimizer's step.</exception>
    public static Explanation Explain(this Graph graph, Node node, int row, int column = 0, int? depth = null)
    {
        if (node.Graph != graph || !node.NeedsGradient)
        {
            string problem = node.Graph != graph ? "is a node of another graph" : "has no gradient: nothing trainable lies before it. Of an input, ask for one with needsGradient: true";
            throw new ArgumentException($"{node.Name} {problem}.", nameof(node));
        }

        ChainRule.RequireBackward(graph); // before it there are no rows to choose from
        CheckPlace(node.Value, row, column);
        return Explain(graph, new Place(node, null, (row * node.Value.Shape.Columns) + column), node.Gradient![row, column], depth);
    }

    private static void CheckPlace(Tensor value, int row, int column, [CallerArgumentExpression(nameof(row))] string? rowName = null, [CallerArgumentExpression(nameof(column))] string? columnName = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row, rowName);
        ArgumentOutOfRangeException.ThrowIfNegative(column, columnName);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, value.Shape.Rows, rowName);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(column, value.Shape.Columns, columnName);
    }

    private static Explanation Explain(Graph graph, Place place, float stored, int? depth)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(depth ?? 1, 1, nameof(depth));
        using var held = new Held([.. graph.Nodes.Select(node => node.Operation).OfType<Operation>()]);
        var rule = new ChainRule(graph, held);
        place = rule.Here(place);
        IReadOnlyList<ExplainedGradient> gradients = rule.Explain(place, depth ?? int.MaxValue, depth is null ? Short : int.MaxValue) ?? rule.Explain(place, 1, int.MaxValue)!;
        return new Explanation(rule.NameOf(place), ChainRule.ValueAt(place), rule.Loss, stored, gradients, rule.Difference(place))
        {
            IsCutShort = depth is null && gradients.Any(gradient => gradient.Terms.Any(term => !term.IsExplained)),
        };
    }
}
