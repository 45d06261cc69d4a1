using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MiniNet.Graphs;
using MiniNet.Stepping;
using MiniNet.Tensors;

namespace MiniNet.Plots;

/// <summary>
/// The steps of a <see cref="BackpropStepper"/> as one page to hand to a class: the graph, forth and back through the steps, every matrix with its numbers,
/// and for each number those it was made of. One HTML file that needs no network and runs in any browser.
/// </summary>
/// <remarks>
/// The page's parts are the files under <c>Page</c>. Numbers stand in it with all their digits, as the engine computed them: the page adds up none of its own.
/// Each tensor stands in it once; a network of a million weights makes a file of tens of megabytes.
/// </remarks>
/// <example>
/// <code>
/// List&lt;Step&gt; steps = [];
/// foreach (Step step in new BackpropStepper(graph, x, targets, optimizer))
///     steps.Add(step);
/// File.WriteAllText("backprop.html", BackpropPage.Draw(graph, steps, "One training step"));
/// </code>
/// </example>
public static class BackpropPage
{
    /// <summary>Draws the page.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="steps">Steps of it, in their order; at least one. They are copies, so all can be done before.</param>
    /// <param name="title">What stands above.</param>
    /// <returns>The page, an HTML document.</returns>
    /// <exception cref="ArgumentException">There are no steps, or one is of another graph.</exception>
    public static string Draw(Graph graph, IEnumerable<Step> steps, string title)
    {
        List<Step> all = [.. steps];
        if (all.Count == 0)
        {
            throw new ArgumentException("There are no steps to show.", nameof(steps));
        }

        if (all.Find(step => step.Node is { } node && node.Graph != graph) is { } stranger)
        {
            throw new ArgumentException($"{stranger.Name} is a node of another graph.", nameof(steps));
        }

        return PageParts.Page("BackpropPage", title, ("graph", GraphPicture.Draw(graph)), ("data", Data(graph, all)));
    }

    // The writer escapes every letter that could end a script element, and all that are not ASCII.
    private static string Data(Graph graph, List<Step> steps)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            var numbers = new Numbers();
            json.WriteStartObject();
            json.WriteStartArray("steps");
            foreach (Step step in steps)
            {
                Write(json, graph, step, numbers);
            }

            json.WriteEndArray();
            numbers.Write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Write(Utf8JsonWriter json, Graph graph, Step step, Numbers numbers)
    {
        json.WriteStartObject();
        json.WriteString("kind", step.Kind.ToString());
        json.WriteString("name", step.Name);
        json.WriteString("operation", step.Operation);
        json.WriteString("words", step.Rule.Words);
        json.WriteString("derivative", step.Kind == StepKind.Backward ? step.Rule.Derivative : "");
        json.WriteString("line", step.ToString());
        json.WriteStartArray("nodes");
        foreach (Node node in graph.Nodes.Where(node => node == step.Node || (step.Node is null && Owns(node, step))))
        {
            json.WriteNumberValue(node.Index);
        }

        json.WriteEndArray();
        json.WriteStartArray("sources");
        foreach (Node source in step.Node?.Sources.Where(source => step.Kind != StepKind.Backward || step.Contributions.Any(part => part.To == source.Name)) ?? [])
        {
            json.WriteNumberValue(source.Index);
        }

        json.WriteEndArray();
        json.WriteStartArray("equations");
        List<Shown> from = [.. Inputs(step), .. step.Kept.Select(tensor => new Shown(tensor, tensor.Name == "t" ? "the target" : "kept from the way forward", tensor.Name != "t"))];
        bool elementwise = step.Rule.IsElementwise || step.Kind == StepKind.Update;
        if (step.Kind == StepKind.Backward)
        {
            from.Add(new Shown(step.Incoming!, "the gradient that came in"));
            Shown y = new(step.Output!, $"value of node {step.Name}", IsQuiet: true);
            if (step.LocalDerivative is { } local)
            {
                var derivative = new Shown(local, "the local derivative");
                new Equation(step.Rule.Derivative, elementwise, derivative, [.. from[..^1], y]).Write(json, numbers);
                from.Add(derivative);
            }

            foreach (Contribution part in step.Contributions)
            {
                Tensor? sum = part.Accumulated.Span.SequenceEqual(part.Added.Span) ? null : part.Accumulated;
                new Equation(part.Equation, elementwise, new Shown(part.Added, $"goes to {Receiver(graph, part.To)}"), [.. from, y], part.To, sum).Write(json, numbers);
            }
        }
        else if (step.Output is { } output)
        {
            string says = step.Kind == StepKind.Update ? $"{step.Name}, after" : $"value of node {step.Name}";
            new Equation(step.Rule.Value, elementwise, new Shown(output, says), from).Write(json, numbers);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static bool Owns(Node node, Step step) =>
        node.Operation?.Parameters.Any(parameter => step.Kind == StepKind.ZeroGradients || $"{node.Name}.{parameter.Name}" == step.Name) == true;

    // First the sources, then the parameters.
    private static IEnumerable<Shown> Inputs(Step step) => step.Inputs.Select((tensor, i) => new Shown(tensor, step.Node is not { } node
        ? i == 0 ? $"{step.Name}, before" : "its gradient"
        : i < node.Sources.Count ? $"value of node {node.Sources[i].Name}" : $"{node.Name}.{node.Operation!.Parameters[i - node.Sources.Count].Name}")
    {
        IsParameter = i >= step.Node?.Sources.Count,
    });

    private static string Receiver(Graph graph, string name) => graph.Nodes.Any(node => node.Name == name) ? $"node {name}" : name;

    /// <summary>A tensor as the page shows it.</summary>
    /// <param name="Tensor">Under the letter of the equation.</param>
    /// <param name="Says">What it is, in words.</param>
    /// <param name="IsQuiet">Whether it is shown only where an equation names it.</param>
    private sealed record Shown(Tensor Tensor, string Says, bool IsQuiet = false)
    {
        public bool IsParameter { get; init; }

        public void Write(Utf8JsonWriter json, Numbers numbers)
        {
            Shape shape = Tensor.Shape;
            json.WriteStartObject();
            json.WriteString("letter", Tensor.Name);
            json.WriteString("says", Says);
            json.WriteString("shape", shape.Rank == 0 ? "[1]" : shape.ToString().Replace(", ", "×", StringComparison.Ordinal));
            json.WriteBoolean("quiet", IsQuiet);
            json.WriteBoolean("isParameter", IsParameter);
            json.WriteNumber("rank", shape.Rank);
            json.WriteNumber("rows", shape.Rank < 2 ? 1 : shape.Rows);      // a vector is a row: one bias a column
            json.WriteNumber("columns", shape.Rank < 2 ? shape.Length : shape.Columns);
            json.WriteNumber("numbers", numbers.Add(Tensor));
            json.WriteEndObject();
        }
    }

    private sealed record Equation(string Text, bool IsElementwise, Shown Left, IReadOnlyList<Shown> From, string? To = null, Tensor? Sum = null)
    {
        public void Write(Utf8JsonWriter json, Numbers numbers)
        {
            json.WriteStartObject();
            json.WriteString("text", Text);
            json.WriteString("to", To);
            json.WriteBoolean("elementwise", IsElementwise);
            json.WritePropertyName("left");
            Left.Write(json, numbers);
            json.WriteStartArray("from");
            foreach (Shown shown in From)
            {
                shown.Write(json, numbers);
            }

            json.WriteEndArray();
            if (Sum is not null)
            {
                json.WritePropertyName("sum");
                new Shown(Sum, $"all that {To} was sent so far").Write(json, numbers);
            }

            json.WriteEndObject();
        }
    }

    /// <summary>The numbers of all tensors, those of equal tensors once.</summary>
    private sealed class Numbers
    {
        private readonly List<float[]> all = [];
        private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);

        public int Add(Tensor tensor)
        {
            string key = Convert.ToHexString(SHA256.HashData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(tensor.Span)));
            if (places.TryAdd(key, all.Count))
            {
                all.Add([.. tensor.Span]);
            }

            return places[key];
        }

        public void Write(Utf8JsonWriter json)
        {
            json.WriteStartArray("numbers");
            foreach (float[] numbers in all)
            {
                json.WriteStartArray();
                foreach (float number in numbers)
                {
                    if (float.IsFinite(number))
                    {
                        json.WriteNumberValue(number);      // the fewest digits that read back as the same float
                    }
                    else
                    {
                        json.WriteStringValue(float.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
                    }
                }

                json.WriteEndArray();
            }

            json.WriteEndArray();
        }
    }
}
