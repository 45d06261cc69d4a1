namespace MiniNet.Training;

/// <summary>A loss that became NaN or infinite. The message names the epoch, the batch and the first node whose value is not finite.</summary>
/// <param name="message">One line: the place, and what to do.</param>
public sealed class DivergedException(string message) : MiniNetException(message);
