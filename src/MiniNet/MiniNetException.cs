using System.Diagnostics;

namespace MiniNet;

/// <summary>
/// The base of every error that MiniNet reports about its input rather than about a mistake in the calling code:
/// a cell that is no number, two shapes that do not fit, a damaged model file, a loss that became NaN.
/// The message is one line for a person; it names the place and says what to do.
/// </summary>
[DebuggerStepThrough]
public abstract class MiniNetException : Exception
{
    private protected MiniNetException(string message, Exception? inner = null)
        : base(OneLine(message), inner)
    {
    }

    // Cells and names that are quoted in a message may hold line ends and other control characters. Mostly they do not; and as not every error that
    // is made is thrown, the way through the general case, which takes milliseconds the first time, is left to those that do.
    private static string OneLine(string message)
    {
        foreach (char letter in message)
        {
            if (letter is < ' ' or > '~')
            {
                return string.Concat(message.ReplaceLineEndings(" ").Select([DebuggerStepThrough] (letter) => char.IsControl(letter) ? '\uFFFD' : letter));
            }
        }

        return message;
    }
}
