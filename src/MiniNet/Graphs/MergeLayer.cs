using System.Diagnostics;
using MiniNet.Tensors;

namespace MiniNet.Graphs;

/// <summary>
/// Represents a function of any number of tensors, y = f(a, b, c, ...), and its derivatives. A function of exactly two derives from
/// <see cref="BinaryLayer"/>.
/// </summary>
public abstract class MergeLayer : Operation
{
    /// <summary>Gets the shape of y for the shapes of the inputs. It is called before any computation.</summary>
    /// <param name="inputs">The shapes, at least one. Their numbers of rows can be <see cref="Shape.Any"/>.</param>
    /// <returns>The shape of y.</returns>
    /// <exception cref="ShapeException">The layer does not accept these shapes.</exception>
    public abstract Shape OutputShape(IReadOnlyList<Shape> inputs);

    /// <summary>Computes y. It must write every element of y, whose previous content is undefined.</summary>
    /// <param name="inputs">The inputs. Do not change them. Several can be the same tensor.</param>
    /// <param name="y">The output.</param>
    /// <param name="context">The phase, the random numbers, and the tensors cached for <see cref="Backward"/>.</param>
    public abstract void Forward(IReadOnlyList<Tensor> inputs, Tensor y, NodeContext context);

    /// <summary>Computes dXₖ += dY · ∂y/∂xₖ for each input xₖ, and dW += dY · ∂y/∂W for each parameter W.</summary>
    /// <param name="inputs">The inputs of the last <see cref="Forward"/>.</param>
    /// <param name="y">The output of the last <see cref="Forward"/>.</param>
    /// <param name="dY">∂L/∂y.</param>
    /// <param name="inputGradients">
    /// ∂L/∂xₖ for each input, to add to; null where it is not needed. Several can be the same tensor.
    /// </param>
    /// <param name="context">The same object as in <see cref="Forward"/>.</param>
    public abstract void Backward(
        IReadOnlyList<Tensor> inputs, Tensor y, Tensor dY, IReadOnlyList<Tensor?> inputGradients, NodeContext context);

    internal override int? InputCount => null;

    [DebuggerStepThrough]
    internal sealed override string InputName(int index) => SymbolOf(index);

    [DebuggerStepThrough]
    internal sealed override Shape OutputShape(IReadOnlyList<Tensor> inputs)
    {
        var shapes = new Shape[inputs.Count];
        for (int i = 0; i < shapes.Length; i++)
        {
            shapes[i] = inputs[i].Shape;
        }

        return OutputShape(shapes);
    }

    internal sealed override Node AddTo(Graph graph, string name, IReadOnlyList<Node> sources) => graph.Add(name, this, [.. sources]);

    [DebuggerStepThrough]
    internal sealed override void RunForward(IReadOnlyList<Tensor> inputs, Targets? targets, Tensor y, NodeContext context) =>
        Forward(inputs, y, context);

    [DebuggerStepThrough]
    internal sealed override void RunBackward(
        IReadOnlyList<Tensor> inputs, Targets? targets, Tensor y, Tensor dY, IReadOnlyList<Tensor?> inputGradients, NodeContext context) =>
        Backward(inputs, y, dY, inputGradients, context);

    /// <summary>Gets the symbol of an input in the equations: a, b, c, ...; after w, x23, x24, ...</summary>
    [DebuggerStepThrough]
    private protected static string SymbolOf(int index) => index < 'x' - 'a' ? $"{(char)('a' + index)}" : $"x{index}";
}
