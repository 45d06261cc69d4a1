using System.Runtime.CompilerServices;
using MiniNet.GradientChecking;
using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Explanations;

/// <summary>
/// Explains one gradient by the chain rule, with the numbers in it.
/// <code>
/// ∂L/∂w = Σ ∂y/∂w · ∂L/∂y      over every y that reads w: rows, outputs, branches, uses of a shared layer;
///                              and each ∂L/∂y in the same way, up to ∂L/∂L = 1
/// </code>
/// </summary>
/// <remarks>
/// <para>
/// ∂L/∂y is the gradient that <see cref="Graph.Backward"/> stored. ∂y/∂w is computed by the operation's own <c>Backward</c> from a dY that
/// is 1 at one element and 0 at all others; for <see cref="Layers.Linear"/> it is simply x or W. So every sum is compared with a gradient
/// that was summed in a different way, and the first sum also with a central finite difference.
/// </para>
/// <para>
/// Everything is computed on a fork with the same dropout masks. Parameters, gradients and running statistics are restored, so the graph is
/// not changed. While an explanation is computed, no other thread may use the layers.
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
public static class ExplanationExtensions
{
    private const int Short = 200; // products; these still fit on a few screens

    /// <summary>Explains the gradient of an element of a parameter.</summary>
    /// <param name="graph">The graph, after Forward, Loss and Backward.</param>
    /// <param name="parameter">A parameter of the graph.</param>
    /// <param name="i">The row; for a weight [inputs, outputs] the input.</param>
    /// <param name="j">The column; for more than two dimensions, the index within the flattened row.</param>
    /// <param name="depth">
    /// The number of operations to explain: 1 takes the gradients of the values that read the parameter as given, 2 explains them too,
    /// <see cref="int.MaxValue"/> goes up to the loss. By default up to the loss if that takes at most 200 products, otherwise 1.
    /// </param>
    /// <returns>The explanation; its text is ready to print.</returns>
    /// <exception cref="ArgumentException">The parameter does not belong to the graph.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The row or column is out of range, or the depth is less than 1.</exception>
    /// <exception cref="InvalidOperationException">
    /// Forward, Loss and Backward were not called, or a value has changed since, for example by an optimizer step.
    /// </exception>
    public static Explanation Explain(this Graph graph, Parameter parameter, int i, int j = 0, int? depth = null)
    {
        if (!graph.Parameters.Contains(parameter))
        {
            throw new ArgumentException($"{parameter.Name} is not a parameter of this graph.", nameof(parameter));
        }

        CheckPlace(parameter.Value, i, j);
        return Explain(graph, new TensorElement(null, parameter, (i * parameter.Value.Shape.Columns) + j), parameter.Gradient[i, j], depth);
    }

    /// <summary>Explains the gradient of an element of an input or of any node's value.</summary>
    /// <param name="graph">The graph, after Forward, Loss and Backward.</param>
    /// <param name="node">A node of the graph; an input must have been added with <c>needsGradient: true</c>.</param>
    /// <param name="row">The row of its value.</param>
    /// <param name="column">The column; for more than two dimensions, the index within the flattened row.</param>
    /// <param name="depth">The number of operations to explain, as for a parameter.</param>
    /// <returns>The explanation; its text is ready to print.</returns>
    /// <exception cref="ArgumentException">
    /// The node belongs to another graph, or its gradient is not needed and was not computed.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The row or column is out of range, or the depth is less than 1.</exception>
    /// <exception cref="InvalidOperationException">
    /// Forward, Loss and Backward were not called, or a value has changed since, for example by an optimizer step.
    /// </exception>
    public static Explanation Explain(this Graph graph, Node node, int row, int column = 0, int? depth = null)
    {
        if (node.Graph != graph || !node.NeedsGradient)
        {
            string problem = node.Graph != graph
                ? "is a node of another graph"
                : "has no gradient: no parameter comes before it. For an input, set needsGradient: true";
            throw new ArgumentException($"{node.Name} {problem}.", nameof(node));
        }

        ChainRule.RequireBackward(graph); // before Backward the node has no rows to choose from
        CheckPlace(node.Value, row, column);
        return Explain(graph, new TensorElement(node, null, (row * node.Value.Shape.Columns) + column), node.Gradient![row, column], depth);
    }

    private static void CheckPlace(
        Tensor value,
        int row,
        int column,
        [CallerArgumentExpression(nameof(row))] string? rowName = null,
        [CallerArgumentExpression(nameof(column))] string? columnName = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row, rowName);
        ArgumentOutOfRangeException.ThrowIfNegative(column, columnName);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, value.Shape.Rows, rowName);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(column, value.Shape.Columns, columnName);
    }

    private static Explanation Explain(Graph graph, TensorElement element, float stored, int? depth)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(depth ?? 1, 1, nameof(depth));
        using var snapshot = new StateSnapshot([.. graph.Nodes.Select(node => node.Operation).OfType<Operation>()]);
        var chainRule = new ChainRule(graph, snapshot);
        element = chainRule.InFork(element);
        IReadOnlyList<ExplainedGradient> gradients =
            chainRule.Explain(
                element, depth ?? int.MaxValue, depth is null ? Short : int.MaxValue) ?? chainRule.Explain(element, 1, int.MaxValue)!;
        return new Explanation(
            chainRule.NameOf(element), ChainRule.ValueAt(element), chainRule.Loss, stored, gradients, chainRule.Difference(element))
        {
            IsTruncated = depth is null && gradients.Any(gradient => gradient.Terms.Any(term => !term.IsExplained)),
        };
    }
}
