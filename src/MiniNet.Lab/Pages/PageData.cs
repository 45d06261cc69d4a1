using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MiniNet.Data;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Optimizers;
using MiniNet.Stepping;
using MiniNet.Tensors;

namespace MiniNet.Pages;

/// <summary>Serializes the steps as JSON for the script of a <see cref="BackpropPage"/>.</summary>
internal sealed class PageData(Graph graph, Optimizer? optimizer, Preprocessing? preprocessing)
{
    private readonly NumberTable numbers = new();
    private readonly IReadOnlyDictionary<Parameter, string> names = graph.NamedParameters();
    private readonly IReadOnlyList<string> columns = preprocessing is null ? [] : Reads.NamesOf(preprocessing),
        classes = preprocessing?.Classes ?? [];
    private readonly Node? input = graph.Nodes.Count(node => node.Sources.Count == 0) == 1 ? graph.Nodes[0] : null;
    private readonly Node? scores = graph.Nodes.FirstOrDefault(node => node.Operation is SoftmaxCrossEntropy)?.Sources[0];

    /// <summary>
    /// Serializes the steps. The JSON writer escapes all non-ASCII characters and every character that could end a script element.
    /// </summary>
    /// <param name="steps">The steps.</param>
    /// <returns>A JSON object.</returns>
    /// <exception cref="ArgumentException">The steps hold more than <see cref="BackpropPage.MaxNumbers"/> numbers.</exception>
    public string ToJson(IReadOnlyList<Step> steps)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("steps");
            foreach (Step step in steps)
            {
                Write(json, step);
                if (numbers.Count > BackpropPage.MaxNumbers)
                {
                    throw new ArgumentException(
                        $"The steps hold more than {BackpropPage.MaxNumbers} numbers, the maximum for one page. "
                        + "Draw only some of the steps, such as those of one node, or use a smaller network. "
                        + "graph.Explain explains a single gradient of a network of any size.",
                        nameof(steps));
                }
            }

            json.WriteEndArray();
            numbers.Write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private void Write(Utf8JsonWriter json, Step step)
    {
        IReadOnlyList<(string Says, string Holds)> differences = Reads.Differences(step);
        string Held(string text) =>
            differences.Aggregate(text, (held, each) => held.Replace(each.Says, each.Holds, StringComparison.Ordinal));

        json.WriteStartObject();
        json.WriteString("kind", step.Kind.ToString());
        json.WriteString("name", step.Name);
        json.WriteString("operation", step.Operation);
        json.WriteString("words", Held(step.Equations.Description));
        json.WriteString("derivative", step.Kind == StepKind.Backward ? Held(step.Equations.Derivative) : "");
        json.WriteString("line", Held(step.ToString()));
        WriteList(
            json,
            "nodes",
            graph.Nodes.Where(node => node == step.Node || (step.Node is null && Owns(node, step))).Select(node => node.Index));
        WriteList(
            json,
            "sources",
            step.Node?.Sources
                .Where(source => step.Kind != StepKind.Backward || step.Contributions.Any(part => part.To == source.Name))
                .Select(source => source.Index) ?? []);
        Reads.Write(json, step);
        Parameter? updated = Updated(step);
        WriteList(json, "constants", updated is null ? Reads.Constants(step) : ConstantsOf(step.Equations));
        json.WriteStartArray("equations");
        foreach (Equation equation in step.Kind == StepKind.Backward ? BackwardEquations(step) : step.Output is null ? [] : [ForwardEquation(step, updated)])
        {
            (equation with { Text = Held(equation.Text) }).Write(json, numbers);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private Equation ForwardEquation(Step step, Parameter? updated)
    {
        string says = step.Kind switch
        {
            StepKind.Update => $"{step.Name} after the update",
            StepKind.Clip => "the norm of all gradients before clipping",
            _ => $"value of node {step.Name}",
        };
        return new Equation(
            step.Equations.Value,
            Reads.IsElementwise(step),
            new TensorEntry(step.Output!, says) { Columns = NamesOf(step.Node) },
            [.. Inputs(step), .. Cached(step), .. Remembered(updated)]);
    }

    private IEnumerable<Equation> BackwardEquations(Step step)
    {
        bool elementwise = Reads.IsElementwise(step);
        TensorEntry y = new(step.Output!, $"value of node {step.Name}", IsSecondary: true) { Columns = NamesOf(step.Node) };
        List<TensorEntry> from = [.. Inputs(step), .. Cached(step)];
        TensorEntry incoming = new(step.Incoming!, "the incoming gradient") { Columns = NamesOf(step.Node) };
        TensorEntry? derivative = step.LocalDerivative is { } local ? new TensorEntry(local, "the local derivative") : null;
        if (derivative is not null)
        {
            yield return new Equation(step.Equations.Derivative, elementwise, derivative, [.. from, y]);
        }

        from = derivative is null ? [.. from, incoming, y] : [.. from, incoming, derivative, y];
        foreach (Contribution part in step.Contributions)
        {
            Node? receiver = graph.Nodes.FirstOrDefault(node => node.Name == part.To);
            Tensor? sum = part.Accumulated.Span.SequenceEqual(part.Added.Span) ? null : part.Accumulated;
            var added = new TensorEntry(part.Added, $"added to the gradient of {(receiver is null ? part.To : $"node {part.To}")}")
            {
                Columns = NamesOf(receiver),
            };
            yield return new Equation(part.Equation, elementwise, added, from, part.To, sum);
        }
    }

    private bool Owns(Node node, Step step) =>
        node.Operation?.Parameters.Any(parameter => step.Kind != StepKind.Update || names[parameter] == step.Name) == true;

    // The sources come first, then the parameters.
    private IEnumerable<TensorEntry> Inputs(Step step) =>
        step.Inputs.Select((tensor, i) => new TensorEntry(tensor, step.Node is not { } node
        ? i == 0 ? $"{step.Name} before the update" : "its gradient"
        : i < node.Sources.Count ? $"value of node {node.Sources[i].Name}" : names[node.Operation!.Parameters[i - node.Sources.Count]])
        {
            Columns = NamesOf(step.Node?.Sources.ElementAtOrDefault(i)),
        });

    private IEnumerable<TensorEntry> Cached(Step step)
    {
        bool isOfScores = step.Node?.Sources[0] == scores;
        (Tensor Mean, Tensor Variance)? running = step.Node is { Operation: BatchNorm norm, Context.Phase: Phase.Inference }
            ? (norm.RunningMean, norm.RunningVariance)
            : null;
        foreach (Tensor tensor in step.Cached)
        {
            bool isTarget = tensor.Name == "t",
                isClass = isOfScores && isTarget && tensor.Shape.Columns == 1 && classes.Count > 0;
            if (running is null || tensor.Name is not ("μ" or "v"))
            {
                yield return new TensorEntry(tensor, isTarget ? "the target" : "cached by the forward pass", !isTarget)
                {
                    Columns = isOfScores && tensor.Shape == step.Inputs[0].Shape ? NamesOf(scores) : [],
                    Rows = isClass ? [.. tensor.Span.ToArray().Select(t => t < classes.Count ? classes[(int)t] : "")] : [],
                };
            }
        }

        if (running is { } figures)
        {
            yield return new TensorEntry(WithName(figures.Mean, "μ"), "the running mean");
            yield return new TensorEntry(WithName(figures.Variance, "v"), "the running variance");
        }
    }

    private static Tensor WithName(Tensor tensor, string letter)
    {
        var copy = new Tensor(tensor.Shape, letter);
        copy.CopyFrom(tensor);
        return copy;
    }

    private IReadOnlyList<string> NamesOf(Node? node)
    {
        IReadOnlyList<string> known = node is null ? [] : node == input ? columns : node == scores ? classes : [];
        return node?.Shape.Columns == known.Count ? known : [];
    }

    // The parameter that the step changed, or null if there is no optimizer or it has made further updates since.
    private Parameter? Updated(Step step)
    {
        Parameter? parameter = step.Kind != StepKind.Update || optimizer is null ? null
            : names.FirstOrDefault(each => each.Value == step.Name).Key;
        return parameter is not null
            && optimizer!.Parameters.Contains(parameter)
            && parameter.Value.Span.SequenceEqual(step.Output!.Span) ? parameter : null;
    }

    // The optimizer state of the parameter after the update. All tensors of the first symbol come before those of the second.
    private IEnumerable<TensorEntry> Remembered(Parameter? parameter)
    {
        string[] letters = parameter is null ? [] : optimizer switch
        {
            SGD => ["v"],
            Adam or NAdam => ["m", "v"],
            RMSProp => ["s", "m", "v"],
            Adagrad => ["s"],
            RProp => ["s", "p"],
            _ => [],
        };
        for (int i = 0; i < letters.Length && i * optimizer!.Parameters.Count < optimizer.State.Count; i++)
        {
            if (optimizer.Equations.Value.Contains(letters[i], StringComparison.Ordinal))
            {
                int index = Enumerable.Range(0, optimizer.Parameters.Count).First(each => optimizer.Parameters[each] == parameter);
                Tensor kept = optimizer.State[(i * optimizer.Parameters.Count) + index];
                yield return new TensorEntry(WithName(kept, letters[i]), $"{kept.Name.Split(" of ")[0]} after the update");
            }
        }
    }

    // Leaves out constants that are 0, and η if the update rule does not use it.
    private IReadOnlyList<string> ConstantsOf(Equations equations) =>
        [
            .. optimizer!.Hyperparameters.Where(each => equations.Value.Contains(each.Split(" = ")[0], StringComparison.Ordinal)
                || !(each.StartsWith('η') || each.EndsWith(" = 0", StringComparison.Ordinal))),
        ];

    private static void WriteList(Utf8JsonWriter json, string name, IEnumerable<int> items)
    {
        json.WriteStartArray(name);
        foreach (int item in items)
        {
            json.WriteNumberValue(item);
        }

        json.WriteEndArray();
    }

    private static void WriteList(Utf8JsonWriter json, string name, IReadOnlyList<string> items)
    {
        json.WriteStartArray(name);
        foreach (string item in items)
        {
            json.WriteStringValue(item);
        }

        json.WriteEndArray();
    }

    /// <summary>Represents a tensor as shown on the page.</summary>
    /// <param name="Tensor">The tensor; its name is its symbol in the equation.</param>
    /// <param name="Description">A description in words.</param>
    /// <param name="IsSecondary">Whether the tensor is shown only if an equation names it.</param>
    private sealed record TensorEntry(Tensor Tensor, string Description, bool IsSecondary = false)
    {
        public IReadOnlyList<string> Columns { get; init; } = [];

        public IReadOnlyList<string> Rows { get; init; } = [];

        public void Write(Utf8JsonWriter json, NumberTable numbers)
        {
            Shape shape = Tensor.Shape;
            json.WriteStartObject();
            json.WriteString("letter", Tensor.Name);
            json.WriteString("says", Description);
            json.WriteString("shape", shape.Rank == 0 ? "[1]" : shape.ToString().Replace(", ", "×", StringComparison.Ordinal));
            json.WriteBoolean("quiet", IsSecondary);
            json.WriteNumber("rank", shape.Rank);
            json.WriteNumber("rows", shape.Rank < 2 ? 1 : shape.Rows);      // a vector, such as a bias, is shown as one row
            json.WriteNumber("columns", shape.Rank < 2 ? shape.Length : shape.Columns);
            json.WriteNumber("numbers", numbers.Add(Tensor));
            WriteList(json, "columnNames", Columns);
            WriteList(json, "rowNames", Rows);
            json.WriteEndObject();
        }
    }

    private sealed record Equation(
        string Text, bool IsElementwise, TensorEntry Left, IReadOnlyList<TensorEntry> From, string? To = null, Tensor? Sum = null)
    {
        public void Write(Utf8JsonWriter json, NumberTable numbers)
        {
            json.WriteStartObject();
            json.WriteString("text", Text);
            json.WriteString("to", To);
            json.WriteBoolean("elementwise", IsElementwise);
            json.WritePropertyName("left");
            Left.Write(json, numbers);
            json.WriteStartArray("from");
            foreach (TensorEntry shown in From)
            {
                shown.Write(json, numbers);
            }

            json.WriteEndArray();
            if (Sum is not null)
            {
                json.WritePropertyName("sum");
                new TensorEntry(Sum, $"the accumulated gradient of {To}").Write(json, numbers);
            }

            json.WriteEndObject();
        }
    }

    /// <summary>Collects the numbers of all tensors; equal tensors are stored once.</summary>
    private sealed class NumberTable
    {
        private readonly List<Tensor> all = [];
        private readonly Dictionary<string, int> indices = new(StringComparer.Ordinal);

        public long Count { get; private set; }

        public int Add(Tensor tensor)
        {
            string key = Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(tensor.Span)));
            if (indices.TryAdd(key, all.Count))
            {
                Count += tensor.Shape.Length;
                all.Add(tensor);
            }

            return indices[key];
        }

        public void Write(Utf8JsonWriter json)
        {
            json.WriteStartArray("numbers");
            foreach (Tensor tensor in all)
            {
                json.WriteStartArray();
                foreach (float number in tensor.Span)
                {
                    PageParts.Write(json, number);
                }

                json.WriteEndArray();
            }

            json.WriteEndArray();
        }
    }
}
