using System.Text.Json;
using System.Text.Json.Nodes;
using MiniNet.Data;
using MiniNet.Graphs;
using MiniNet.Models;
using MiniNet.Tensors;

namespace MiniNet.Files;

/// <summary>
/// A classifier in one file: safetensors, with the weights under PyTorch's names and in its layout, and architecture, schema, preprocessing,
/// classes, seed and version as JSON in the file's metadata; or a network alone, without columns and classes. No time and no path goes in: the
/// same training gives the same bytes.
/// </summary>
public static class ModelFile
{
    private const int Version = 1;

    /// <summary>Writes a classifier, whole or not at all.</summary>
    /// <param name="path">The file, usually <c>*.safetensors</c>; an old one is replaced.</param>
    /// <param name="classifier">What to save.</param>
    /// <exception cref="NotSupportedException">The network has a layer that model files do not know.</exception>
    /// <exception cref="IOException">The folder does not exist or the disk refuses.</exception>
    public static void Save(string path, Classifier classifier)
    {
        Graph network = classifier.Network;
        Preprocessing preprocessing = classifier.Preprocessing;
        var schema = new JsonObject
        {
            ["target"] = preprocessing.Target,
            ["columns"] = new JsonArray([.. preprocessing.Columns.Select(column => (JsonNode)new JsonObject
            {
                ["name"] = column.Name,
                ["kind"] = column is StandardScaler ? "numeric" : "categorical",
            })]),
        };
        Save(
            path,
            network,
            ("schema", schema.ToJsonString()),
            ("preprocessing", new JsonArray([.. preprocessing.Columns.Select(WriteFigures)]).ToJsonString()),
            ("classes", JsonSerializer.Serialize(preprocessing.Classes)));
    }

    /// <summary>Writes a network alone, whole or not at all: for what is no classifier of a table, such as a regression, or has several inputs.</summary>
    /// <param name="path">The file, usually <c>*.safetensors</c>; an old one is replaced.</param>
    /// <param name="network">What to save; a loss, and what is made from one, is left out.</param>
    /// <exception cref="NotSupportedException">The network has a layer that model files do not know.</exception>
    /// <exception cref="IOException">The folder does not exist or the disk refuses.</exception>
    public static void SaveNetwork(string path, Graph network) => Save(path, network);

    /// <summary>Reads the network of a file, whether or not it holds a classifier.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The network, which predicts exactly as the saved one did. Gradients of inputs were not asked for.</returns>
    /// <exception cref="ModelFileException">There is no such file, it is damaged, or it is of another version; the message says which.</exception>
    public static Graph LoadNetwork(string path) => Read(path, (network, _) => network);

    /// <summary>Reads a classifier.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The classifier, which predicts exactly as the saved one did.</returns>
    /// <exception cref="ModelFileException">There is no such file, it is damaged, or it is of another version; the message says which.</exception>
    public static Classifier Load(string path) => Read(path, (network, metadata) =>
        metadata.ContainsKey("schema") || metadata.ContainsKey("preprocessing") || metadata.ContainsKey("classes")
            ? new Classifier(network, ReadPreprocessing(metadata))
            : throw new JsonException("it holds a network alone, without columns and classes; read it with ModelFile.LoadNetwork"));

    private static void Save(string path, Graph network, params ReadOnlySpan<(string, string)> more)
    {
        (string, string)[] metadata =
        [
            ("version", Version.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ("seed", network.Seed.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ("architecture", Architecture.Write(network).ToJsonString()),
            .. more,
        ];
        AtomicFile.Write(path, stream => Safetensors.Write(stream, network.NamedTensors().Select(entry => (entry.Name, Store(entry.Tensor, entry.Transposed))), metadata));
    }

    private static T Read<T>(string path, Func<Graph, Dictionary<string, string>, T> make)
    {
        (Dictionary<string, StoredTensor> tensors, Dictionary<string, string> metadata) = Safetensors.Read(path);
        try
        {
            string version = Text(metadata, "version");
            if (version != Version.ToString(System.Globalization.CultureInfo.InvariantCulture))
            {
                throw new JsonException($"it is of version {version}; this MiniNet reads version {Version}");
            }

            JsonNode? seed = Json(metadata, "seed");
            Graph network = Architecture.Read(Json(metadata, "architecture"), (seed as JsonValue)?.GetValue<ulong>() ?? 0, tensors.Values.Sum(tensor => (long)tensor.Data.Length));
            FillTensors(path, network, tensors);
            return make(network, metadata);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or OverflowException or ArgumentException or KeyNotFoundException or ShapeException)
        {
            throw Safetensors.Bad(path, WithoutParameter(e).ReplaceLineEndings(" ").TrimEnd('.'), e);
        }
    }

    // "(Parameter 'name')" means nothing to whoever holds the file.
    private static string WithoutParameter(Exception e) => e is ArgumentException { ParamName: { } parameter }
        ? e.Message.Replace($" (Parameter '{parameter}')", "", StringComparison.Ordinal)
        : e.Message;

    private static void FillTensors(string path, Graph network, Dictionary<string, StoredTensor> tensors)
    {
        foreach ((string name, Tensor tensor, bool transposed) in network.NamedTensors())
        {
            StoredTensor expected = Store(tensor, transposed);
            if (!tensors.Remove(name, out StoredTensor? stored))
            {
                throw Safetensors.Bad(path, $"tensor '{name}' is missing");
            }

            if (!stored.Shape.SequenceEqual(expected.Shape))
            {
                throw Safetensors.Bad(path, $"tensor '{name}' has shape [{string.Join(", ", stored.Shape)}], but the architecture needs [{string.Join(", ", expected.Shape)}]");
            }

            if (!Array.TrueForAll(stored.Data, float.IsFinite))
            {
                throw Safetensors.Bad(path, $"tensor '{name}' holds NaN or infinity");
            }

            if (name.EndsWith(".running_var", StringComparison.Ordinal) && Array.Exists(stored.Data, value => value < 0))
            {
                throw Safetensors.Bad(path, $"tensor '{name}' holds a variance below 0");
            }

            Copy(stored.Data, tensor, transposed);
        }

        if (tensors.Count > 0)
        {
            throw Safetensors.Bad(path, $"tensor '{tensors.Keys.First()}' belongs to no node of the architecture");
        }
    }

    private static StoredTensor Store(Tensor tensor, bool transposed)
    {
        long[] shape = [.. Enumerable.Range(0, tensor.Shape.Rank).Select(i => (long)tensor.Shape[i])];
        if (!transposed)
        {
            return new StoredTensor(shape, tensor.Span.ToArray());
        }

        var data = new float[tensor.Shape.Length];
        for (int i = 0; i < tensor.Shape.Rows; i++)
        {
            for (int j = 0; j < tensor.Shape.Columns; j++)
            {
                data[(j * tensor.Shape.Rows) + i] = tensor[i, j];
            }
        }

        return new StoredTensor([shape[1], shape[0]], data);
    }

    private static void Copy(float[] data, Tensor tensor, bool transposed)
    {
        for (int i = 0; i < tensor.Shape.Rows; i++)
        {
            for (int j = 0; j < tensor.Shape.Columns; j++)
            {
                tensor[i, j] = transposed ? data[(j * tensor.Shape.Rows) + i] : data[(i * tensor.Shape.Columns) + j];
            }
        }
    }

    private static JsonNode WriteFigures(ColumnEncoder column) => column switch
    {
        StandardScaler scaler => new JsonObject { ["mean"] = scaler.Mean, ["standardDeviation"] = scaler.StandardDeviation },
        OneHotEncoder encoder => new JsonObject { ["categories"] = new JsonArray([.. encoder.Categories.Select(category => (JsonNode)category)]) },
        _ => throw new NotSupportedException($"A model file cannot hold a {column.GetType()}."),
    };

    private static Preprocessing ReadPreprocessing(Dictionary<string, string> metadata)
    {
        var schema = Json(metadata, "schema") as JsonObject;
        JsonArray columns = Architecture.Required<JsonArray>(schema, "columns");
        JsonArray figures = Json(metadata, "preprocessing") as JsonArray ?? [];
        if (figures.Count != columns.Count)
        {
            throw new JsonException($"it has {columns.Count} columns, but the preprocessing of {figures.Count}");
        }

        ColumnEncoder[] encoders = [.. columns.Zip(figures, (column, of) => ReadEncoder(column as JsonObject, of as JsonObject))];
        string[] classes = Names(Json(metadata, "classes") as JsonArray ?? [], "a class");
        if (encoders.DistinctBy(encoder => encoder.Name, StringComparer.Ordinal).Count() < encoders.Length || classes.Distinct(StringComparer.Ordinal).Count() < classes.Length)
        {
            throw new JsonException("two columns, or two classes, have the same name");
        }

        return new Preprocessing(encoders, Architecture.Value<string>(schema, "target"), classes);
    }

    private static ColumnEncoder ReadEncoder(JsonObject? column, JsonObject? figures)
    {
        string name = Architecture.Value<string>(column, "name"), kind = Architecture.Value<string>(column, "kind");
        if (kind == "categorical")
        {
            return new OneHotEncoder(name, Names(Architecture.Required<JsonArray>(figures, "categories"), $"a category of column '{name}'"));
        }

        double mean = Architecture.Value<double>(figures, "mean"), deviation = Architecture.Value<double>(figures, "standardDeviation");
        return kind == "numeric" && double.IsFinite(mean) && double.IsFinite(deviation) && deviation > 0
            ? new StandardScaler(name, mean, deviation)
            : throw new JsonException(string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"column '{name}' is of kind '{kind}' with mean {mean} and standard deviation {deviation}, which cannot be"));
    }

    private static string[] Names(JsonArray names, string what) =>
        [.. names.Select(name => name?.GetValue<string>() ?? throw new JsonException($"{what} has no name"))];

    private static JsonNode? Json(Dictionary<string, string> metadata, string key) => JsonNode.Parse(Text(metadata, key));

    private static string Text(Dictionary<string, string> metadata, string key) => metadata.TryGetValue(key, out string? text)
        ? text
        : throw new JsonException($"its metadata has no '{key}'; was it written by MiniNet?");
}
