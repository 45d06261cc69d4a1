using System.CommandLine;
using System.CommandLine.Parsing;

namespace MiniNet.Cli;

/// <summary>
/// Represents an option that names a file or folder that the command writes, through <see cref="OutputFile"/> or <see cref="RunFolder"/>.
/// </summary>
internal sealed class OutputOption : Option<string?>
{
    private static readonly string[] Formats = [".svg", ".png", ".html", ".htm", ".jpg", ".jpeg", ".pdf"];

    private readonly string[] extensions;

    /// <param name="name">The name of the option.</param>
    /// <param name="description">Its description in the help text.</param>
    /// <param name="extensions">
    /// The extensions of the file. A name with the extension of another format is an error; any other name is accepted.
    /// </param>
    public OutputOption(string name, string description, params string[] extensions)
        : base(name)
    {
        (Description, HelpName, this.extensions) = (description, "FILE", extensions);
        Validators.Add(Options.RejectEmptyPath);
        Validators.Add(RejectOtherFormat);
    }

    private void RejectOtherFormat(OptionResult result)
    {
        string given = result.Tokens is [.., var last] ? Path.GetExtension(last.Value).ToLowerInvariant() : "";
        if (extensions.Length > 0 && Formats.Contains(given, StringComparer.Ordinal) && !extensions.Contains(given, StringComparer.Ordinal))
        {
            result.AddError(
                $"{Name} is {result.Tokens[^1].Value}, but it does not write {given} files; " +
                $"choose a name that ends in {string.Join(" or ", extensions)}.");
        }
    }
}
