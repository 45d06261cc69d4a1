using System.Text.Json;
using System.Text.Json.Nodes;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Tensors;

namespace MiniNet.Files;

/// <summary>
/// Converts a graph to JSON and back: the name, kind and sources of each node, and the hyperparameters of its layer. A layer shared by
/// several nodes is written once; the other nodes refer to it with <c>layerOf</c>. Nodes that need targets are left out, because a model
/// only predicts.
/// </summary>
internal static class Architecture
{
    private const string InputKind = "Input";
    private static readonly Lock Registration = new();

    // All layers that a model file can hold. A new layer needs one line here. Registering a custom layer replaces the array, so reading it
    // needs no lock.
    private static LayerFormat[] formats =
    [
        Of<Linear>(
            layer => new() { ["inputs"] = layer.Inputs, ["outputs"] = layer.Outputs, ["bias"] = layer.Bias is not null }, ReadLinear),
        Of<ReLU>(), Of<Sigmoid>(), Of<Tanh>(),
        Of<LeakyReLU>(
            layer => new() { ["negativeSlope"] = layer.NegativeSlope },
            (json, _) => new LeakyReLU(Value<float>(json, "negativeSlope"))),
        Of<ELU>(layer => new() { ["alpha"] = layer.Alpha }, (json, _) => new ELU(Value<float>(json, "alpha"))),
        Of<GELU>(
            layer => new() { ["tanhApproximation"] = layer.TanhApproximation },
            (json, _) => new GELU(Value<bool>(json, "tanhApproximation"))),
        Of<SiLU>(),
        Of<Softplus>(
            layer => new() { ["beta"] = layer.Beta, ["threshold"] = layer.Threshold },
            (json, _) => new Softplus(Value<float>(json, "beta"), Value<float>(json, "threshold"))),
        Of<Softmax>(), Of<LogSoftmax>(),
        Of<Dropout>(layer => new() { ["probability"] = layer.Probability }, (json, _) => new Dropout(Value<float>(json, "probability"))),
        Of<BatchNorm1d>(WriteBatchNorm, (json, numbers) => new BatchNorm1d(
            ReadFeatures(json, numbers), Value<float>(json, "epsilon"), Value<float>(json, "momentum"), Value<bool>(json, "affine"))),
        Of<BatchNorm2d>(WriteBatchNorm, (json, numbers) => new BatchNorm2d(
            ReadFeatures(json, numbers), Value<float>(json, "epsilon"), Value<float>(json, "momentum"), Value<bool>(json, "affine"))),
        Of<LayerNorm>(
            layer => new()
            {
                ["shape"] = Numbers(layer.NormalizedShape),
                ["epsilon"] = layer.Epsilon,
                ["affine"] = layer.Weight is not null,
            },
            ReadLayerNorm),
        Of<Embedding>(layer => new() { ["count"] = layer.Count, ["dimensions"] = layer.Dimensions }, ReadEmbedding),
        Of<Conv2d>(WriteConv2d, ReadConv2d),
        Of<MaxPool2d>(
            WriteWindow,
            (json, _) => new MaxPool2d(ReadSize(json, "kernelSize"), ReadSize(json, "stride"), ReadSize(json, "padding"))),
        Of<AveragePool2d>(
            WriteWindow,
            (json, _) => new AveragePool2d(ReadSize(json, "kernelSize"), ReadSize(json, "stride"), ReadSize(json, "padding"))),
        Of<Flatten>(),
        Of<Unflatten>(layer => new() { ["shape"] = Numbers(layer.RowShape) }, (json, _) => new Unflatten(Integers(json, "shape"))),
        Of<Add>(), Of<Subtract>(), Of<Multiply>(), Of<Divide>(), Of<Concat>(), Of<MatMul>(),
        Of<Exp>(), Of<Log>(), Of<Sin>(), Of<Cos>(), Of<Sum>(), Of<Mean>(),
        Of<Power>(layer => new() { ["exponent"] = layer.Exponent }, (json, _) => new Power(Value<float>(json, "exponent"))),
        Of<Affine>(
            layer => new() { ["scale"] = layer.Scale, ["shift"] = layer.Shift },
            (json, _) => new Affine(Value<float>(json, "scale"), Value<float>(json, "shift"))),
    ];

    /// <summary>Gets the layers of MiniNet that a model file can hold.</summary>
    public static IEnumerable<Type> Kinds => formats.Where(format => !format.IsCustom).Select(format => format.Type);

    /// <summary>Adds a kind of layer, or replaces the format of this type.</summary>
    /// <exception cref="ArgumentException">Another type has this name.</exception>
    public static void Register<T>(string name, Func<T, JsonObject> write, Func<JsonObject, T> read)
        where T : Operation
    {
        lock (Registration)
        {
            if (name == InputKind || Array.Find(formats, format => format.Name == name && format.Type != typeof(T)) is { })
            {
                throw new ArgumentException($"There is another layer with the name '{name}' already.", nameof(name));
            }

            formats =
            [
                .. formats.Where(format => format.Type != typeof(T)),
                new LayerFormat(typeof(T), name, operation => write((T)operation), (json, _) => read(json), IsCustom: true),
            ];
        }
    }

    /// <exception cref="NotSupportedException">A layer has no format.</exception>
    public static void RequireFormats(Graph graph)
    {
        foreach (Node node in graph.Nodes.Where(node => !node.NeedsTargets && node.Operation is not null))
        {
            FormatOf(node);
        }
    }

    private static LayerFormat FormatOf(Node node) => Array.Find(formats, format => format.Type == node.Operation!.GetType())
        ?? throw new NotSupportedException(
            $"{node.Name}: a model file cannot hold the layer {node.Operation!.GetType()}. " +
            "Register it with ModelFile.Register, or save the weights alone with ModelFile.SaveWeights.");

    public static JsonNode Write(Graph graph)
    {
        var nodes = new JsonArray();
        var written = new Dictionary<Operation, string>(ReferenceEqualityComparer.Instance);
        foreach (Node node in graph.Nodes.Where(node => !node.NeedsTargets))
        {
            var json = new JsonObject { ["name"] = node.Name };
            if (node.Operation is not { } operation)
            {
                json["kind"] = InputKind;
                json["shape"] = Numbers(node.Shape);
            }
            else if (written.TryGetValue(operation, out string? first))
            {
                json["layerOf"] = first;
            }
            else
            {
                LayerFormat format = FormatOf(node);
                json["kind"] = format.Name;
                foreach ((string property, JsonNode? value) in format.Write(operation))
                {
                    json[property] = value?.DeepClone();
                }

                written.Add(operation, node.Name);
            }

            json["from"] = new JsonArray([.. node.Sources.Select(source => (JsonNode)source.Name)]);
            nodes.Add(json);
        }

        return new JsonObject { ["nodes"] = nodes };
    }

    /// <summary>Creates a graph from JSON.</summary>
    /// <param name="architecture">The output of <see cref="Write"/>.</param>
    /// <param name="seed">The seed of the graph.</param>
    /// <param name="numbers">
    /// The number of values in the file. A layer that claims more is rejected before memory is allocated for it.
    /// </param>
    /// <exception cref="JsonException">The JSON does not describe a valid graph.</exception>
    public static Graph Read(JsonNode? architecture, ulong seed, long numbers)
    {
        var graph = new Graph(seed);
        foreach (JsonObject? json in Required<JsonArray>(architecture as JsonObject, "nodes").Select(node => node as JsonObject))
        {
            string name = Value<string>(json, "name");
            Node[] sources = [.. Required<JsonArray>(json, "from").Select(source => graph[source?.GetValue<string>() ?? ""])];
            if (json!.TryGetPropertyValue("kind", out JsonNode? kind) && kind?.GetValue<string>() == InputKind)
            {
                graph.Input(name, ReadShape(name, json));
                continue;
            }

            Operation? operation = json.ContainsKey("layerOf")
                ? graph[Value<string>(json, "layerOf")].Operation
                : ReadOperation(name, json, numbers);
            if (sources.Length == 0 || operation is null || (operation.InputCount ?? sources.Length) != sources.Length)
            {
                throw new JsonException($"node '{name}' has {sources.Length} sources, which is the wrong number for its kind");
            }

            operation.AddTo(graph, name, sources);
            numbers -= json.ContainsKey("layerOf")
                ? 0
                : operation.Parameters.Select(parameter => parameter.Value).Concat(operation.State)
                    .Sum(tensor => (long)tensor.Shape.Length);
        }

        return graph;
    }

    private static Operation ReadOperation(string name, JsonObject json, long numbers)
    {
        string kind = Value<string>(json, "kind");
        LayerFormat format = Array.Find(formats, format => format.Name == kind)
            ?? throw new JsonException(
                $"node '{name}' is of kind '{kind}', which this version of MiniNet does not support; it supports " +
                $"{string.Join(", ", Kinds.Select(type => type.Name))}; a custom layer must be registered with ModelFile.Register");
        try
        {
            return format.Read(json, numbers);
        }
        catch (ArgumentException e)
        {
            string problem = e.Message.Replace($" (Parameter '{e.ParamName}')", "", StringComparison.Ordinal);
            throw new JsonException($"node '{name}' ({kind}): '{e.ParamName}' is invalid. {problem}", e);
        }
        catch (ShapeException e)
        {
            throw new JsonException($"node '{name}' ({kind}) {e.Message}", e);
        }
        catch (Exception e) when (format.IsCustom && e is not JsonException) // such as NullReferenceException for a missing property
        {
            throw new JsonException($"node '{name}' ({kind}) cannot be read: {e.Message}", e);
        }
    }

    internal static T Value<T>(JsonObject? json, string property) => Required<JsonValue>(json, property).TryGetValue(out T? value)
        ? value
        : throw new JsonException($"'{property}' has the wrong type");

    internal static T Required<T>(JsonObject? json, string property)
        where T : JsonNode => json?[property] as T ?? throw new JsonException($"'{property}' is missing or has the wrong type");

    private static Linear ReadLinear(JsonObject json, long numbers)
    {
        int inputs = Value<int>(json, "inputs"), outputs = Value<int>(json, "outputs");
        RequireFits($"a Linear of {inputs} -> {outputs}", numbers, inputs, outputs);
        return new Linear(inputs, outputs, Value<bool>(json, "bias"));
    }

    private static JsonObject WriteBatchNorm(BatchNorm layer) => new()
    {
        ["features"] = layer.Features,
        ["epsilon"] = layer.Epsilon,
        ["momentum"] = layer.Momentum,
        ["affine"] = layer.Weight is not null,
    };

    private static int ReadFeatures(JsonObject json, long numbers)
    {
        int features = Value<int>(json, "features");
        RequireFits($"a BatchNorm of {features} features", numbers, features);
        return features;
    }

    private static LayerNorm ReadLayerNorm(JsonObject json, long numbers)
    {
        int[] shape = Integers(json, "shape");
        bool affine = Value<bool>(json, "affine");
        if (affine)
        {
            RequireFits($"a LayerNorm of [{string.Join(", ", shape)}]", numbers, shape);
        }

        return new LayerNorm(new Shape(shape), Value<float>(json, "epsilon"), affine);
    }

    private static Embedding ReadEmbedding(JsonObject json, long numbers)
    {
        int count = Value<int>(json, "count"), dimensions = Value<int>(json, "dimensions");
        RequireFits($"an Embedding of {count} x {dimensions}", numbers, count, dimensions);
        return new Embedding(count, dimensions);
    }

    private static JsonObject WriteWindow(WindowLayer layer) => new()
    {
        ["kernelSize"] = new JsonArray(layer.KernelSize.Height, layer.KernelSize.Width),
        ["stride"] = new JsonArray(layer.Stride.Height, layer.Stride.Width),
        ["padding"] = new JsonArray(layer.Padding.Height, layer.Padding.Width),
    };

    private static JsonObject WriteConv2d(Conv2d layer)
    {
        JsonObject json = WriteWindow(layer);
        (json["inChannels"], json["outChannels"], json["bias"]) = (layer.InChannels, layer.OutChannels, layer.Bias is not null);
        return json;
    }

    private static Conv2d ReadConv2d(JsonObject json, long numbers)
    {
        int inChannels = Value<int>(json, "inChannels"), outChannels = Value<int>(json, "outChannels");
        Size2d kernelSize = ReadSize(json, "kernelSize");
        RequireFits(
            $"a Conv2d of {inChannels} -> {outChannels}, {kernelSize},",
            numbers,
            outChannels,
            inChannels,
            kernelSize.Height,
            kernelSize.Width);
        return new Conv2d(
            inChannels, outChannels, kernelSize, ReadSize(json, "stride"), ReadSize(json, "padding"), Value<bool>(json, "bias"));
    }

    private static Size2d ReadSize(JsonObject json, string property) => Integers(json, property) is [var height, var width]
        ? (height, width)
        : throw new JsonException($"'{property}' must be a height and a width");

    private static JsonArray Numbers(Shape shape) => new([.. Enumerable.Range(0, shape.Rank).Select(i => (JsonNode)shape[i])]);

    private static int[] Integers(JsonObject? json, string property) =>
        [.. Required<JsonArray>(json, property).Select(
            number => number?.GetValue<int>() ?? throw new JsonException($"'{property}' must contain only numbers"))];

    /// <summary>
    /// Throws if the largest parameter of a layer is larger than the rest of the file, before memory is allocated for it.
    /// </summary>
    private static void RequireFits(string layer, long numbers, params ReadOnlySpan<int> sizes)
    {
        long room = numbers;
        foreach (int size in sizes)
        {
            room = size >= 1 ? room / size : 0;
        }

        if (room < 1)
        {
            throw new JsonException($"{layer} needs more than the {numbers} values left in the file");
        }
    }

    // An input whose number of rows is open allocates no memory yet, whatever else the file claims.
    private static Shape ReadShape(string name, JsonObject? json)
    {
        var shape = new Shape(Integers(json, "shape"));
        return shape.Rows == Shape.Any
            ? shape
            : throw new JsonException(
                $"node '{name}' has the shape {shape}, but the number of rows of a model's input must be open, {Shape.Any}");
    }

    private static LayerFormat Of<T>()
        where T : Operation, new() => new(typeof(T), typeof(T).Name, _ => [], (_, _) => new T());

    private static LayerFormat Of<T>(Func<T, JsonObject> write, Func<JsonObject, long, T> read)
        where T : Operation => new(typeof(T), typeof(T).Name, operation => write((T)operation), read);

    private sealed record LayerFormat(
        Type Type, string Name, Func<Operation, JsonObject> Write, Func<JsonObject, long, Operation> Read, bool IsCustom = false);
}
