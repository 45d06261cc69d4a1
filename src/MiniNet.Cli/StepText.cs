using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using MiniNet.Stepping;
using MiniNet.Tensors;

namespace MiniNet.Cli;

/// <summary>A step in full: what it does in words and letters, and the matrices.</summary>
internal static partial class StepText
{
    private const int Most = 8;

    public static string Describe(Step step)
    {
        var text = new StringBuilder();
        text.AppendLine(step.ToString());
        text.AppendLine(CultureInfo.InvariantCulture, $"  {step.Rule.Words}{(step.Rule.Derivative.Length > 0 ? $";  {step.Rule.Derivative}" : "")}");
        foreach (Tensor input in step.Inputs)
        {
            Append(text, input.Name, input);
        }

        foreach (Tensor kept in step.Kept)
        {
            Append(text, kept.Name == "t" ? "t, the targets" : $"{kept.Name}, kept from the way forward", kept);
        }

        if (step.Kind == StepKind.Backward)
        {
            AppendIfAny(text, $"{step.Output?.Name}, the value", step.Rule.Gradients.Append(step.Rule.Derivative).Any(equation => ReadsTheValue().IsMatch(equation)) ? step.Output : null);
            AppendIfAny(text, $"{step.Incoming?.Name}, the gradient that comes in", step.Incoming);
            AppendIfAny(text, "∂y/∂x", step.LocalDerivative);
            foreach (Contribution contribution in step.Contributions)
            {
                Append(text, $"{contribution.Added.Name}, to {contribution.To}", contribution.Added);
            }
        }
        else
        {
            AppendIfAny(text, step.Kind == StepKind.Update ? "w, changed" : step.Output?.Name ?? "", step.Output);
        }

        return text.ToString().ReplaceLineEndings("\n");
    }

    private static void AppendIfAny(StringBuilder text, string name, Tensor? tensor)
    {
        if (tensor is not null)
        {
            Append(text, name, tensor);
        }
    }

    private static void Append(StringBuilder text, string name, Tensor tensor)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"  {name} {tensor.ToString()[tensor.Name.Length..].TrimStart()}"); // shape, range, and how many are NaN
        bool isVector = tensor.Shape.Rank <= 1;
        int rows = isVector ? 1 : tensor.Shape.Rows, columns = isVector ? tensor.Shape.Length : tensor.Shape.Columns;
        for (int i = 0; i < Math.Min(rows, Most); i++)
        {
            text.Append("   ");
            foreach (float number in tensor.Span.Slice(i * columns, Math.Min(columns, Most)))
            {
                text.Append(CultureInfo.InvariantCulture, $" {number,10:G4}");
            }

            text.AppendLine(columns > Most ? "  …" : "");
        }

        if (rows > Most)
        {
            text.AppendLine("    …");
        }
    }

    // A y on the right side, that is in no ∂y/∂x.
    [GeneratedRegex(@"(?<==.*)(?<![\p{Lu}\p{Ll}∂])y(?![\p{Lu}\p{Ll}])", RegexOptions.None, 1000)]
    private static partial Regex ReadsTheValue();
}
