using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Layers;

/// <summary>
/// Concatenates any number of tensors along dimension 1: the columns of matrices, the channels of images.
/// <code>
/// a [n, p, ...]   b [n, q, ...]   y [n, p + q, ...]      each row of y is a row of a, then one of b, then one of the next input
/// dA += dY up to p,  dB += dY from p on, and so on
/// </code>
/// </summary>
/// <remarks>
/// Huang, Liu, van der Maaten and Weinberger, "Densely Connected Convolutional Networks", CVPR 2017, equation 2. PyTorch's <c>cat</c> with
/// <c>dim=1</c>.
/// </remarks>
public sealed class Concat : MergeLayer
{
    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override Shape OutputShape(IReadOnlyList<Shape> inputs)
    {
        Shape a = inputs[0];
        bool fits = a.Rank >= 2;
        long size = 0; // of dimension 1
        for (int k = 0; k < inputs.Count && fits; k++)
        {
            Shape b = inputs[k];
            fits = b.Rank == a.Rank;
            size += fits ? b[1] : 0;
            for (int i = 0; i < a.Rank && fits; i++)
            {
                fits = i == 1 || a[i] == b[i];
            }
        }

        if (!fits)
        {
            throw new ShapeException($"expects inputs of the same shape except for dimension 1, got {string.Join(" and ", inputs)}");
        }

        Span<int> y = stackalloc int[a.Rank];
        for (int i = 0; i < a.Rank; i++)
        {
            y[i] = i == 1 ? (int)Math.Min(size, int.MaxValue) : a[i]; // Shape rejects sizes that no tensor can hold
        }

        return new Shape(y);
    }

    /// <inheritdoc/>
    public override Equations Equations => EquationsOf(2);

    /// <inheritdoc/>
    [DebuggerStepThrough]
    public override Equations EquationsFor(NodeContext context) => EquationsOf(context.InputCount);

    /// <inheritdoc/>
    public override ElementDependencies DependenciesFor(Shape input, Shape output, NodeContext context) =>
        ElementDependencies.Concatenation;

    /// <inheritdoc/>
    public override void Forward(IReadOnlyList<Tensor> inputs, Tensor y, NodeContext context)
    {
        for (int i = 0; i < y.Shape.Rows; i++)
        {
            int p = 0;
            for (int k = 0; k < inputs.Count; k++)
            {
                inputs[k].Row(i).CopyTo(y.Row(i)[p..]);             // y = a up to p, then b, ...
                p += inputs[k].Shape.Columns;
            }
        }
    }

    /// <inheritdoc/>
    public override void Backward(
        IReadOnlyList<Tensor> inputs, Tensor y, Tensor dY, IReadOnlyList<Tensor?> inputGradients, NodeContext context)
    {
        for (int i = 0; i < dY.Shape.Rows; i++)
        {
            int p = 0;
            for (int k = 0; k < inputs.Count; k++)
            {
                int columns = inputs[k].Shape.Columns;
                if (inputGradients[k] is { } gradient)
                {
                    Kernel.Accumulate(dY.Row(i)[p..(p + columns)], gradient.Row(i));        // dA += dY up to p, dB += dY from p on, ...
                }

                p += columns;
            }
        }
    }

    [DebuggerStepThrough]
    private static Equations EquationsOf(int count)
    {
        var symbols = new string[count];
        var gradients = new Equation[count];
        for (int k = 0; k < count; k++)
        {
            symbols[k] = SymbolOf(k);
            gradients[k] = $"d{symbols[k].ToUpperInvariant()} += dY, its columns";
        }

        return new Equations(
            $"concatenates {count} tensors along dimension 1",
            $"y = [{string.Join(", ", symbols)}]",
            string.Join(",  ", symbols.Select([DebuggerStepThrough] (symbol) => $"∂y/∂{symbol} = 1 in its columns")),
            gradients);
    }
}
