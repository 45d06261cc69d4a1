namespace MiniNet.Cli;

/// <summary>Represents an error in the command line, such as two options that exclude each other.</summary>
internal sealed class UsageException(string message) : Exception(message);
