using System.Diagnostics;

namespace MiniNet.Tensors;

/// <summary>
/// The exception that is thrown when two shapes do not match. It is thrown before any arithmetic;
/// the message says which shape was expected and which was given.
/// </summary>
/// <param name="message">A single line with the place, the expected shape and the actual shape.</param>
[DebuggerStepThrough]
public sealed class ShapeException(string message) : MiniNetException(message)
{
    /// <summary>Returns an exception for an operation that was given a shape it does not accept.</summary>
    /// <param name="expected">The accepted shape, such as <c>[n, 64]</c>.</param>
    /// <param name="actual">The given shape.</param>
    /// <returns>The exception, to be thrown by the caller.</returns>
    public static ShapeException Expected(Shape expected, Shape actual) => new($"expects {expected}, got {actual}");

    /// <summary>Returns the exception with the node's name before the message and the source of the shape after it.</summary>
    internal ShapeException At(string node, string source) => new(WithPlace(Message, node, $"from {source}"));
}
