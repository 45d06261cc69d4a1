using System.Diagnostics;

namespace MiniNet.Graphs;

/// <summary>
/// The exception that is thrown when the targets do not fit the prediction or the loss: another shape, a class that does not exist, values
/// instead of classes, or values out of range. It is thrown before any arithmetic.
/// </summary>
/// <param name="message">A single line with the place, what is expected, and the actual targets.</param>
[DebuggerStepThrough]
public sealed class TargetsException(string message) : MiniNetException(message)
{
    /// <summary>Returns the exception with the node of the loss before the message and the node of the prediction after it.</summary>
    internal TargetsException At(string node, string prediction) => new(WithPlace(Message, node, $"for {prediction}"));
}
