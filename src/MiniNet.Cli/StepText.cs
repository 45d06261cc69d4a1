using System.Globalization;
using System.Text;
using MiniNet.Stepping;
using MiniNet.Tensors;

namespace MiniNet.Cli;

/// <summary>Formats a step as text: a description, the equations and the matrices.</summary>
internal static class StepText
{
    private const int MaxRowsAndColumns = 8, CellWidth = 11;

    /// <summary>
    /// Formats as much of the step as fits a screen: at most 8 rows and columns of each matrix. On a small screen it shows fewer, or only
    /// the shape and range.
    /// </summary>
    public static string Describe(Step step, int width, int height)
    {
        int columns = Math.Clamp((width - 8) / CellWidth, 1, MaxRowsAndColumns), rows = MaxRowsAndColumns;
        string text = Lines(step, rows, columns);
        while (rows > 0 && text.TrimEnd().Split('\n').Sum(line => 1 + (line.Length / width)) > height)
        {
            text = Lines(step, --rows, columns);
        }

        return text;
    }

    public static string Describe(Step step) => Lines(step, MaxRowsAndColumns, MaxRowsAndColumns);

    private static string Lines(Step step, int rows, int columns)
    {
        var text = new StringBuilder();
        text.AppendLine(step.ToString());
        string derivative = step.Equations.Derivative.Text;
        text.AppendLine(CultureInfo.InvariantCulture, $"  {step.Equations.Description}{(derivative.Length > 0 ? $";  {derivative}" : "")}");
        foreach (Tensor input in step.Inputs)
        {
            Append(input.Name, input);
        }

        foreach (Tensor cached in step.Cached)
        {
            Append(cached.Name == "t" ? "t, the targets" : $"{cached.Name}, cached in the forward pass", cached);
        }

        if (step.Kind == StepKind.Backward)
        {
            AppendIfAny(
                $"{step.Output?.Name}, the value",
                step.Equations.Gradients.Append(step.Equations.Derivative)
                    .Any(equation => equation.Symbols.Contains("y", StringComparer.Ordinal))
                    ? step.Output
                    : null);
            AppendIfAny($"{step.Incoming?.Name}, the incoming gradient", step.Incoming);
            AppendIfAny("∂y/∂x", step.LocalDerivative);
            foreach (Contribution contribution in step.Contributions)
            {
                Append($"{contribution.Added.Name}, to {contribution.To}", contribution.Added);
            }
        }
        else
        {
            AppendIfAny(step.Kind == StepKind.Update ? "w, updated" : step.Output?.Name ?? "", step.Output);
        }

        return text.ToString().ReplaceLineEndings("\n");

        void AppendIfAny(string name, Tensor? tensor)
        {
            if (tensor is not null)
            {
                Append(name, tensor);
            }
        }

        void Append(string name, Tensor tensor) => StepText.Append(text, name, tensor, rows, columns);
    }

    private static void Append(StringBuilder text, string name, Tensor tensor, int maxRows, int maxColumns)
    {
        // The text of a tensor has its shape, its range and the number of NaNs.
        text.AppendLine(CultureInfo.InvariantCulture, $"  {name} {tensor.ToString()[tensor.Name.Length..].TrimStart()}");
        bool isVector = tensor.Shape.Rank <= 1;
        int rows = isVector ? 1 : tensor.Shape.Rows, columns = isVector ? tensor.Shape.Length : tensor.Shape.Columns;
        for (int i = 0; i < Math.Min(rows, maxRows); i++)
        {
            text.Append("   ");
            foreach (float number in tensor.Span.Slice(i * columns, Math.Min(columns, maxColumns)))
            {
                text.Append(CultureInfo.InvariantCulture, $" {number,10:G4}");
            }

            text.AppendLine(columns > maxColumns ? "  …" : "");
        }

        if (rows > maxRows && maxRows > 0)
        {
            text.AppendLine("    …");
        }
    }
}
