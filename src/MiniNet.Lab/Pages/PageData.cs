using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MiniNet.Data;
using MiniNet.Graphs;
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
    private readonly IReadOnlyList<string> columns = preprocessing?.InputNames ?? [],
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
        ElementDependencies dependencies = DependenciesOf(step);
        EquationConstant[] constants = [.. step.Equations.Constants, .. dependencies.Constants];
        json.WriteStartObject();
        json.WriteString("kind", step.Kind.ToString());
        json.WriteString("name", step.Name);
        json.WriteString("operation", step.Operation);
        json.WriteString("words", step.Equations.Description);
        json.WriteString("derivative", step.Kind == StepKind.Backward ? step.Equations.Derivative.Text : "");
        json.WriteString("line", step.ToString());
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
        Write(json, dependencies);
        json.WriteStartArray("equations");
        foreach (PageEquation equation in
            step.Kind == StepKind.Backward ? BackwardEquations(step) : step.Output is null ? [] : [ForwardEquation(step)])
        {
            equation.Write(json, step.Equations.Derivative, constants, numbers);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static ElementDependencies DependenciesOf(Step step) =>
        step.Kind == StepKind.Update ? ElementDependencies.SamePosition
        : step is { Node: { Operation: { } operation } node, Inputs: [var x, ..], Output: { } y }
            ? operation.DependenciesFor(x.Shape, y.Shape, node.Context)
            : ElementDependencies.Unknown;

    private static void Write(Utf8JsonWriter json, ElementDependencies dependencies)
    {
        json.WriteStartObject("dependencies");
        json.WriteString("kind", dependencies.Kind);
        foreach ((string name, int[] values) in dependencies.Sizes)
        {
            WriteList(json, name, values);
        }

        json.WriteEndObject();
    }

    private PageEquation ForwardEquation(Step step)
    {
        string description = step.Kind switch
        {
            StepKind.Update => $"{step.Name} after the update",
            StepKind.Clip => "the norm of all gradients before clipping",
            _ => $"value of node {step.Name}",
        };
        return new PageEquation(
            step.Equations.Value,
            new TensorEntry(step.Output!, description) { Columns = NamesOf(step.Node) },
            [.. Inputs(step), .. Cached(step), .. StateAfter(step)]);
    }

    private IEnumerable<PageEquation> BackwardEquations(Step step)
    {
        TensorEntry y = new(step.Output!, $"value of node {step.Name}", IsSecondary: true) { Columns = NamesOf(step.Node) };
        List<TensorEntry> from = [.. Inputs(step), .. Cached(step)];
        TensorEntry incoming = new(step.Incoming!, "the incoming gradient") { Columns = NamesOf(step.Node) };
        TensorEntry? derivative = step.LocalDerivative is { } local ? new TensorEntry(local, "the local derivative") : null;
        if (derivative is not null)
        {
            yield return new PageEquation(step.Equations.Derivative, derivative, [.. from, y]);
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
            yield return new PageEquation(part.Equation, added, from, part.To, sum);
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
        foreach (Tensor tensor in step.Cached)
        {
            bool isTarget = tensor.Name == "t",
                isClass = isOfScores && isTarget && tensor.Shape.Columns == 1 && classes.Count > 0;
            yield return new TensorEntry(tensor, isTarget ? "the target" : "cached by the forward pass", !isTarget)
            {
                Columns = isOfScores && tensor.Shape == step.Inputs[0].Shape ? NamesOf(scores) : [],
                Rows = isClass ? [.. tensor.Span.ToArray().Select(t => t < classes.Count ? classes[(int)t] : "")] : [],
            };
        }
    }

    private IReadOnlyList<string> NamesOf(Node? node)
    {
        IReadOnlyList<string> known = node is null ? [] : node == input ? columns : node == scores ? classes : [];
        return node?.Shape.Columns == known.Count ? known : [];
    }

    // The optimizer's state of the updated parameter, unless there is no optimizer or it has made further updates since.
    private IEnumerable<TensorEntry> StateAfter(Step step)
    {
        for (int i = 0; step.Kind == StepKind.Update && i < optimizer?.Parameters.Count; i++)
        {
            Parameter parameter = optimizer.Parameters[i];
            if (names.GetValueOrDefault(parameter) == step.Name && parameter.Value.Span.SequenceEqual(step.Output!.Span))
            {
                foreach ((string symbol, Tensor state) in optimizer.StateOf(i))
                {
                    yield return new TensorEntry(TensorCopies.Copy(state, symbol), $"{state.Name.Split(" of ")[0]} after the update");
                }
            }
        }
    }

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
            json.WriteString("symbol", Tensor.Name);
            json.WriteString("description", Description);
            json.WriteString("shape", shape.Rank == 0 ? "[1]" : shape.ToString().Replace(", ", "×", StringComparison.Ordinal));
            json.WriteBoolean("isSecondary", IsSecondary);
            json.WriteNumber("rank", shape.Rank);
            json.WriteNumber("rows", shape.Rank < 2 ? 1 : shape.Rows);      // a vector, such as a bias, is shown as one row
            json.WriteNumber("columns", shape.Rank < 2 ? shape.Length : shape.Columns);
            json.WriteNumber("numbers", numbers.Add(Tensor));
            WriteList(json, "columnNames", Columns);
            WriteList(json, "rowNames", Rows);
            json.WriteEndObject();
        }
    }

    private sealed record PageEquation(
        Equation Equation, TensorEntry Left, IReadOnlyList<TensorEntry> From, string? To = null, Tensor? Sum = null)
    {
        public void Write(Utf8JsonWriter json, Equation derivative, IReadOnlyList<EquationConstant> constants, NumberTable numbers)
        {
            bool refersToDerivative = Equation.Text.Contains("∂L/∂", StringComparison.Ordinal);
            Equation whole = refersToDerivative ? $"{Equation}, {derivative}" : Equation;
            json.WriteStartObject();
            json.WriteString("text", Equation.Text);
            json.WriteString("sign", Equation.Sign);
            WriteList(json, "right", Equation.Right.Parts);
            json.WriteString("whole", whole.Text);
            WriteList(json, "symbols", whole.Symbols);
            WriteList(json, "constants", [.. constants.Where(each => whole.Mentions(each.Symbol)).Select(each => each.ToString())]);
            json.WriteString("to", To);
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
