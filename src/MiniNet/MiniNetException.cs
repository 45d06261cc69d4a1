namespace MiniNet;

/// <summary>
/// The base of every error that MiniNet reports about its input rather than about a mistake in the calling code:
/// a cell that is no number, two shapes that do not fit, a damaged model file, a loss that became NaN.
/// The message is one line for a person; it names the place and says what to do.
/// </summary>
public abstract class MiniNetException : Exception
{
    private protected MiniNetException(string message, Exception? inner = null)
        : base(message.ReplaceLineEndings(" "), inner) // cells and names that are quoted in it may have several lines
    {
    }
}
