namespace MiniNet.Files;

/// <summary>A model file that cannot be used: damaged, not a model, or of a version this MiniNet does not know.</summary>
/// <param name="message">One line: the file and what is wrong with it.</param>
/// <param name="inner">What brought it to light, if anything.</param>
public sealed class ModelFileException(string message, Exception? inner = null) : MiniNetException(message, inner);
