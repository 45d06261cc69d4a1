namespace MiniNet.Files;

/// <summary>
/// The exception that is thrown if a model file cannot be used: it is missing, damaged, not a model, or of a version that is not supported.
/// </summary>
/// <param name="message">The message, in one line: the file and what is wrong with it.</param>
/// <param name="inner">The exception that caused this one, or null.</param>
public sealed class ModelFileException(string message, Exception? inner = null) : MiniNetException(message, inner);
