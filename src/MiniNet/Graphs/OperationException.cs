using System.Diagnostics;

namespace MiniNet.Graphs;

/// <summary>
/// The exception that is thrown when a custom operation throws one: it names the node. The inner exception is the original one.
/// </summary>
[DebuggerStepThrough]
public sealed class OperationException : MiniNetException
{
    internal OperationException(string message, string node, Exception inner)
        : base(message, inner) => Node = node;

    /// <summary>Gets the name of the node.</summary>
    public string Node { get; }
}
