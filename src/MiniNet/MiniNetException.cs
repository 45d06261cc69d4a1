using System.Diagnostics;

namespace MiniNet;

/// <summary>
/// The base class of the exceptions that MiniNet throws about its input, as opposed to a mistake in the calling code:
/// a cell that is not a number, two shapes that do not match, a damaged model file, a loss that became NaN.
/// The message is a single line: it says what happened, where, and what to do.
/// </summary>
[DebuggerStepThrough]
public abstract class MiniNetException : Exception
{
    private protected MiniNetException(string message, Exception? inner = null)
        : base(OneLine(message), inner)
    {
    }

    /// <summary>
    /// Returns a message with the node before it and the source after it. Advice, which follows a semicolon, stays at the end.
    /// </summary>
    private protected static string WithPlace(string message, string node, string source)
    {
        int advice = message.IndexOf(';', StringComparison.Ordinal);
        string what = advice < 0 ? message : message[..advice];
        return $"{node} {what} {source}{message[what.Length..]}";
    }

    // Cells and names quoted in a message may contain line breaks and other control characters. Most do not, and not every exception
    // that is created is thrown. So only messages that need it take the general path, which costs milliseconds the first time.
    private static string OneLine(string message)
    {
        foreach (char c in message)
        {
            if (c is < ' ' or > '~')
            {
                return string.Concat(
                    message.ReplaceLineEndings(" ").Select([DebuggerStepThrough] (c) => char.IsControl(c) ? '\uFFFD' : c));
            }
        }

        return message;
    }
}
