namespace MiniNet.Training;

/// <summary>A run that cannot be replayed here, or not up to there. The message says what differs, and what to do.</summary>
/// <param name="message">One line.</param>
/// <param name="inner">What brought it to light, if anything.</param>
public sealed class ReplayException(string message, Exception? inner = null) : MiniNetException(message, inner);
