using System.Diagnostics;

namespace MiniNet.Tensors;

/// <summary>Two shapes that do not fit. Thrown before any arithmetic; the message names what was expected and what came.</summary>
/// <param name="message">One line: the place, the expected and the actual shape.</param>
[DebuggerStepThrough]
public sealed class ShapeException(string message) : MiniNetException(message)
{
    /// <summary>The error of an operation that was handed a shape it cannot take.</summary>
    /// <param name="expected">The shape it takes, such as <c>[n, 64]</c>.</param>
    /// <param name="actual">The shape it got.</param>
    /// <returns>An exception to throw.</returns>
    public static ShapeException Expected(Shape expected, Shape actual) => new($"expects {expected}, got {actual}");

    /// <summary>The same with the node in front, and where the shape came from; advice, after a semicolon, stays last.</summary>
    internal ShapeException At(string node, string source)
    {
        int advice = Message.IndexOf(';', StringComparison.Ordinal);
        string what = advice < 0 ? Message : Message[..advice];
        return new ShapeException($"{node} {what} from {source}{Message[what.Length..]}");
    }
}
