namespace MiniNet.Training;

/// <summary>
/// The exception that is thrown when a run cannot be replayed here, or not up to the requested batch. The message says what differs and
/// what to do.
/// </summary>
/// <param name="message">The message, one line.</param>
/// <param name="inner">The exception that caused this one, or null.</param>
public sealed class ReplayException(string message, Exception? inner = null) : MiniNetException(message, inner);
