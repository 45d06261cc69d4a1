namespace MiniNet.Cli;

/// <summary>A command line that cannot be meant.</summary>
internal sealed class UsageException(string message) : Exception(message);
