using System.Text.Json;
using System.Text.Json.Nodes;
using MiniNet.Data;
using MiniNet.Graphs;
using MiniNet.Models;
using MiniNet.Tensors;

namespace MiniNet.Files;

/// <summary>
/// Saves and loads classifiers, or networks without preprocessing, as safetensors files. The weights have the names and the layout of
/// PyTorch. The metadata of the file holds architecture, schema, preprocessing, classes, seed and version as JSON.
/// </summary>
/// <remarks>The file contains no time and no path, so the same training gives the same bytes.</remarks>
public static class ModelFile
{
    private const int Version = 1;

    /// <summary>Saves a classifier. The file is written completely or not at all.</summary>
    /// <param name="path">The path of the file, usually <c>*.safetensors</c>. An existing file is replaced.</param>
    /// <param name="classifier">The classifier.</param>
    /// <exception cref="NotSupportedException">
    /// The network has a layer that a model file cannot hold; see <see cref="Register"/> and <see cref="SaveWeights"/>.
    /// </exception>
    /// <exception cref="IOException">The folder does not exist, or the file cannot be written.</exception>
    public static void Save(string path, Classifier classifier)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(classifier);
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
            ("preprocessing", new JsonArray([.. preprocessing.Columns.Select(WriteEncoder)]).ToJsonString()),
            ("classes", JsonSerializer.Serialize(preprocessing.Classes)));
    }

    /// <summary>
    /// Saves a network without preprocessing, such as a regression or a network with several inputs. The file is written completely or not
    /// at all.
    /// </summary>
    /// <param name="path">The path of the file, usually <c>*.safetensors</c>. An existing file is replaced.</param>
    /// <param name="network">The network. Losses, and nodes that depend on them, are not saved.</param>
    /// <exception cref="NotSupportedException">
    /// The network has a layer that a model file cannot hold; see <see cref="Register"/> and <see cref="SaveWeights"/>.
    /// </exception>
    /// <exception cref="IOException">The folder does not exist, or the file cannot be written.</exception>
    public static void SaveNetwork(string path, Graph network) =>
        Save(Require.NotNull(path), Require.NotNull(network));

    /// <summary>
    /// Saves the parameters and the state tensors of a network, such as running means, without its architecture. It works for any graph,
    /// including one with custom layers. The file is written completely or not at all.
    /// </summary>
    /// <param name="path">The path of the file, usually <c>*.safetensors</c>. An existing file is replaced.</param>
    /// <param name="network">The network.</param>
    /// <exception cref="IOException">The folder does not exist, or the file cannot be written.</exception>
    public static void SaveWeights(string path, Graph network) =>
        Write(
            Require.NotNull(path),
            Require.NotNull(network),
            [("version", Version.ToString(System.Globalization.CultureInfo.InvariantCulture))]);

    /// <summary>
    /// Loads weights into a network that was built by the same code as the saved one. The file can also be a complete model file, or one
    /// that PyTorch wrote, because the tensors have the names and the layout of PyTorch's state dictionary.
    /// </summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="network">The network. If the file does not fit, it stays unchanged.</param>
    /// <exception cref="ModelFileException">
    /// The file does not exist or is damaged, or its tensors differ in name or shape from those of the network; the message says which.
    /// </exception>
    public static void LoadWeights(string path, Graph network) =>
        FillTensors(path, Require.NotNull(network), Safetensors.Read(Require.NotNull(path)).Tensors, "network");

    /// <summary>
    /// Registers a custom layer, so that model files can hold it. Call it once, before the first file is saved or loaded. The parameters
    /// and the state tensors of the layer are saved automatically.
    /// </summary>
    /// <typeparam name="T">The type of the layer.</typeparam>
    /// <param name="name">The kind of layer in the file, such as <c>PReLU</c>.</param>
    /// <param name="write">Returns the arguments of the constructor as JSON.</param>
    /// <param name="read">Creates the layer from this JSON.</param>
    /// <exception cref="ArgumentException">Another layer has this name.</exception>
    /// <example>
    /// <code>
    /// ModelFile.Register("PReLU", layer => new JsonObject { ["columns"] = layer.Columns }, json => new PReLU((int)json["columns"]!));
    /// </code>
    /// </example>
    public static void Register<T>(string name, Func<T, JsonObject> write, Func<JsonObject, T> read)
        where T : Operation
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(write);
        ArgumentNullException.ThrowIfNull(read);
        Architecture.Register(name, write, read);
    }

    /// <summary>Throws if a model file cannot hold the network. Call it before a long training whose result will be saved.</summary>
    /// <param name="network">The network. Losses, and nodes that depend on them, are not saved.</param>
    /// <exception cref="NotSupportedException">The network has a layer that a model file cannot hold.</exception>
    public static void ThrowIfNotSupported(Graph network) => Architecture.RequireFormats(Require.NotNull(network));

    /// <summary>Loads the network of a file, which may hold a classifier or a network only.</summary>
    /// <param name="path">The path of the file.</param>
    /// <returns>The network. It predicts exactly as the saved one did, and computes no gradients of its inputs.</returns>
    /// <exception cref="ModelFileException">The file does not exist, is damaged or has another version; the message says which.</exception>
    public static Graph LoadNetwork(string path) => Read(Require.NotNull(path), (network, _) => network);

    /// <summary>Loads a classifier.</summary>
    /// <param name="path">The path of the file.</param>
    /// <returns>The classifier. It predicts exactly as the saved one did.</returns>
    /// <exception cref="ModelFileException">
    /// The file does not exist, is damaged, has another version or holds a network only; the message says which.
    /// </exception>
    public static Classifier Load(string path) => Read(Require.NotNull(path), (network, metadata) =>
        metadata.ContainsKey("schema") || metadata.ContainsKey("preprocessing") || metadata.ContainsKey("classes")
            ? new Classifier(network, ReadPreprocessing(metadata))
            : throw new JsonException("it holds only a network, without columns and classes; load it with ModelFile.LoadNetwork"));

    private static void Save(string path, Graph network, params ReadOnlySpan<(string, string)> more)
    {
        (string, string)[] metadata =
        [
            ("version", Version.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ("seed", network.Seed.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ("architecture", Architecture.Write(network).ToJsonString()),
            .. more,
        ];
        Write(path, network, metadata);
    }

    private static void Write(string path, Graph network, (string, string)[] metadata) => AtomicFile.Write(
        path,
        stream => Safetensors.Write(
            stream, network.NamedTensors().Select(entry => (entry.Name, Store(entry.Tensor, entry.Transposed))), metadata));

    private static T Read<T>(string path, Func<Graph, Dictionary<string, string>, T> make)
    {
        (Dictionary<string, StoredTensor> tensors, Dictionary<string, string> metadata) = Safetensors.Read(path);
        try
        {
            string version = Text(metadata, "version");
            if (version != Version.ToString(System.Globalization.CultureInfo.InvariantCulture))
            {
                throw new JsonException($"its format is version {version}, but this version of MiniNet reads version {Version}");
            }

            if (!metadata.ContainsKey("architecture") && !metadata.ContainsKey("seed"))
            {
                throw new JsonException("it holds only weights; create the network and load them with ModelFile.LoadWeights");
            }

            JsonNode? seed = Json(metadata, "seed");
            Graph network = Architecture.Read(
                Json(metadata, "architecture"),
                (seed as JsonValue)?.GetValue<ulong>() ?? 0,
                tensors.Values.Sum(tensor => (long)tensor.Data.Length));
            FillTensors(path, network, tensors, "architecture");
            return make(network, metadata);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or OverflowException
            or ArgumentException or KeyNotFoundException or ShapeException)
        {
            throw Safetensors.InvalidFile(path, WithoutParameter(e).ReplaceLineEndings(" ").TrimEnd('.'), e);
        }
    }

    // The user of the file does not know what "(Parameter 'name')" means.
    private static string WithoutParameter(Exception e) => e is ArgumentException { ParamName: { } parameter }
        ? e.Message.Replace($" (Parameter '{parameter}')", "", StringComparison.Ordinal)
        : e.Message;

    // Checks all tensors before it changes one, so that a file that does not fit leaves the network unchanged.
    private static void FillTensors(string path, Graph network, Dictionary<string, StoredTensor> stored, string owner)
    {
        (string Name, Tensor Tensor, bool Transposed)[] needed = [.. network.NamedTensors()];
        string[] missing = [.. needed.Select(entry => entry.Name).Where(name => !stored.ContainsKey(name))];
        string[] unknown = [.. stored.Keys.Except(needed.Select(entry => entry.Name), StringComparer.Ordinal)];
        if (missing.Length + unknown.Length > 0)
        {
            string[] problems =
            [
                .. missing.Select(name => $"tensor '{name}' is missing"),
                .. unknown.Select(name => $"tensor '{name}' belongs to no node of the {owner}"),
            ];
            throw Safetensors.InvalidFile(path, string.Join("; ", problems));
        }

        foreach ((string name, Tensor tensor, bool transposed) in needed)
        {
            RequireValid(path, name, stored[name], Store(tensor, transposed).Shape, owner);
        }

        foreach ((string name, Tensor tensor, bool transposed) in needed)
        {
            Copy(stored[name].Data, tensor, transposed);
        }
    }

    private static void RequireValid(string path, string name, StoredTensor stored, long[] shape, string owner)
    {
        if (!stored.Shape.SequenceEqual(shape))
        {
            throw Safetensors.InvalidFile(
                path,
                $"tensor '{name}' has shape [{string.Join(", ", stored.Shape)}], " +
                $"but the {owner} needs [{string.Join(", ", shape)}]");
        }

        if (!Array.TrueForAll(stored.Data, float.IsFinite))
        {
            throw Safetensors.InvalidFile(path, $"tensor '{name}' contains NaN or infinity");
        }

        if (name.EndsWith(".running_var", StringComparison.Ordinal) && Array.Exists(stored.Data, value => value < 0))
        {
            throw Safetensors.InvalidFile(path, $"tensor '{name}' contains a variance below 0");
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

    private static JsonNode WriteEncoder(ColumnEncoder column) => column switch
    {
        StandardScaler scaler => new JsonObject { ["mean"] = scaler.Mean, ["standardDeviation"] = scaler.StandardDeviation },
        OneHotEncoder encoder => new JsonObject
        {
            ["categories"] = new JsonArray([.. encoder.Categories.Select(category => (JsonNode)category)]),
        },
        _ => throw new NotSupportedException($"A model file cannot hold a {column.GetType()}."),
    };

    private static Preprocessing ReadPreprocessing(Dictionary<string, string> metadata)
    {
        var schema = Json(metadata, "schema") as JsonObject;
        JsonArray columns = Architecture.Required<JsonArray>(schema, "columns");
        JsonArray encoding = Json(metadata, "preprocessing") as JsonArray ?? [];
        if (encoding.Count != columns.Count)
        {
            throw new JsonException($"it has {columns.Count} columns, but preprocessing for {encoding.Count}");
        }

        ColumnEncoder[] encoders = [.. columns.Zip(encoding, (column, of) => ReadEncoder(column as JsonObject, of as JsonObject))];
        string[] classes = Names(Json(metadata, "classes") as JsonArray ?? [], "a class");
        if (encoders.DistinctBy(encoder => encoder.Name, StringComparer.Ordinal).Count() < encoders.Length
            || classes.Distinct(StringComparer.Ordinal).Count() < classes.Length)
        {
            throw new JsonException("two columns, or two classes, have the same name");
        }

        return new Preprocessing(encoders, Architecture.Value<string>(schema, "target"), classes);
    }

    private static ColumnEncoder ReadEncoder(JsonObject? column, JsonObject? encoding)
    {
        string name = Architecture.Value<string>(column, "name"), kind = Architecture.Value<string>(column, "kind");
        if (kind == "categorical")
        {
            return new OneHotEncoder(
                name, Names(Architecture.Required<JsonArray>(encoding, "categories"), $"a category of column '{name}'"));
        }

        double mean = Architecture.Value<double>(encoding, "mean"), deviation = Architecture.Value<double>(encoding, "standardDeviation");
        return kind == "numeric" && double.IsFinite(mean) && double.IsFinite(deviation) && deviation > 0
            ? new StandardScaler(name, mean, deviation)
            : throw new JsonException(string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"column '{name}' is of kind '{kind}' with mean {mean} and standard deviation {deviation}, which is invalid"));
    }

    private static string[] Names(JsonArray names, string what) =>
        [.. names.Select(name => name?.GetValue<string>() ?? throw new JsonException($"{what} has no name"))];

    private static JsonNode? Json(Dictionary<string, string> metadata, string key) => JsonNode.Parse(Text(metadata, key));

    private static string Text(Dictionary<string, string> metadata, string key) => metadata.TryGetValue(key, out string? text)
        ? text
        : throw new JsonException($"its metadata has no '{key}'; was it written by MiniNet?");
}
