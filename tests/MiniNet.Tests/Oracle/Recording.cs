using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MiniNet.Graphs;

namespace MiniNet.Tests.Oracle;

/// <summary>Represents an array of numbers in PyTorch's layout.</summary>
internal sealed record Numbers(int[] Shape, double[] Data);

/// <summary>Represents a case with a name and PyTorch's results.</summary>
internal abstract record OracleCase(string Name, Dictionary<string, Numbers> Expected);

/// <summary>
/// Represents the case of a layer, a loss or a whole graph: the state before the pass, and its results. tests/oracle/torch_side.py
/// documents the parts.
/// </summary>
internal sealed record GraphCase(
    string Name,
    JsonObject Architecture,
    Phase Phase,
    Dictionary<string, Numbers> Inputs,
    string[] Differentiate,
    Dictionary<string, Numbers> Tensors,
    JsonObject? Loss,
    Numbers? Targets,
    Dictionary<string, Numbers> Expected) : OracleCase(Name, Expected);

/// <summary>Represents steps of an optimizer, or one clipping, with recorded gradients of every parameter for each step.</summary>
internal sealed record OptimizerCase(
    string Name,
    JsonObject Optimizer,
    Numbers[] Parameters,
    Numbers[][] Gradients,
    Dictionary<string, Numbers> Expected) : OracleCase(Name, Expected);

/// <summary>Represents a learning rate schedule, with the losses for a schedule that observes them.</summary>
internal sealed record ScheduleCase(
    string Name,
    JsonObject Schedule,
    Numbers? Observations,
    Dictionary<string, Numbers> Expected) : OracleCase(Name, Expected);

/// <summary>
/// Represents a function at a point, with its other data, such as weights, and the vector that its Hessian is multiplied with.
/// tests/oracle/functions.py documents the parts.
/// </summary>
internal sealed record FunctionCase(
    string Name,
    string Function,
    Numbers At,
    Numbers Direction,
    Dictionary<string, Numbers> Data,
    Dictionary<string, Numbers> Expected) : OracleCase(Name, Expected);

/// <summary>Represents the cases of one file that tests/oracle/record.py wrote.</summary>
internal sealed class Recording<T>(string path)
    where T : OracleCase
{
    private static readonly JsonSerializerOptions Options =
        new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };
    private readonly Dictionary<string, T> cases = JsonSerializer.Deserialize<T[]>(File.ReadAllText(path), Options)!
        .ToDictionary(of => of.Name, StringComparer.Ordinal);

    public IReadOnlyCollection<T> Cases => cases.Values;

    public IEnumerable<string> Names => cases.Keys;

    public T this[string name] => cases[name];
}

/// <summary>Provides the recordings of the repository, one per family.</summary>
internal static class Recordings
{
    public static Recording<GraphCase> Layers { get; } = new(PathOf("layers"));

    public static Recording<GraphCase> Losses { get; } = new(PathOf("losses"));

    /// <summary>Gets the recorded graphs, or new ones from the file that tests/oracle/oracle.sh wrote.</summary>
    public static Recording<GraphCase> Graphs { get; } = new(
        Environment.GetEnvironmentVariable("MININET_ORACLE_GRAPHS") ?? PathOf("graphs"));

    public static Recording<OptimizerCase> Optimizers { get; } = new(PathOf("optimizers"));

    public static Recording<ScheduleCase> Schedules { get; } = new(PathOf("schedules"));

    public static Recording<FunctionCase> Functions { get; } = new(PathOf("functions"));

    private static string PathOf(string family) => Path.Combine(Repository.Root, "tests", "oracle", "recorded", family + ".json");
}
