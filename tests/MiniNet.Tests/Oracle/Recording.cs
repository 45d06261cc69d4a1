using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MiniNet.Graphs;

namespace MiniNet.Tests.Oracle;

/// <summary>Numbers as PyTorch lays them out.</summary>
internal sealed record Numbers(int[] Shape, double[] Data);

/// <summary>A case with a name and what PyTorch's results are.</summary>
internal abstract record OracleCase(string Name, Dictionary<string, Numbers> Expected);

/// <summary>A layer, a loss or a whole graph: what is there before the pass, and the results of it. tests/oracle/torch_side.py says what each part means.</summary>
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

/// <summary>Steps of an optimizer, or one clipping, by recorded gradients: for each step one of every parameter.</summary>
internal sealed record OptimizerCase(
    string Name,
    JsonObject Optimizer,
    Numbers[] Parameters,
    Numbers[][] Gradients,
    Dictionary<string, Numbers> Expected) : OracleCase(Name, Expected);

/// <summary>A schedule of learning rates, and for one that observes a loss the losses.</summary>
internal sealed record ScheduleCase(
    string Name,
    JsonObject Schedule,
    Numbers? Observations,
    Dictionary<string, Numbers> Expected) : OracleCase(Name, Expected);

/// <summary>A function at a point: what else it holds, such as weights, and the vector its Hessian is multiplied with. tests/oracle/functions.py says what each part means.</summary>
internal sealed record FunctionCase(
    string Name,
    string Function,
    Numbers At,
    Numbers Direction,
    Dictionary<string, Numbers> Data,
    Dictionary<string, Numbers> Expected) : OracleCase(Name, Expected);

/// <summary>The cases of one file that tests/oracle/record.py wrote.</summary>
internal sealed class Recording<T>(string path)
    where T : OracleCase
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };
    private readonly Dictionary<string, T> cases = JsonSerializer.Deserialize<T[]>(File.ReadAllText(path), Options)!
        .ToDictionary(of => of.Name, StringComparer.Ordinal);

    public IReadOnlyCollection<T> Cases => cases.Values;

    public IEnumerable<string> Names => cases.Keys;

    public T this[string name] => cases[name];
}

/// <summary>The recordings of the repository, one a family.</summary>
internal static class Recordings
{
    public static Recording<GraphCase> Layers { get; } = new(PathOf("layers"));

    public static Recording<GraphCase> Losses { get; } = new(PathOf("losses"));

    /// <summary>The recorded graphs; or fresh ones, from the file that tests/oracle/oracle.sh has had written.</summary>
    public static Recording<GraphCase> Graphs { get; } = new(Environment.GetEnvironmentVariable("MININET_ORACLE_GRAPHS") ?? PathOf("graphs"));

    public static Recording<OptimizerCase> Optimizers { get; } = new(PathOf("optimizers"));

    public static Recording<ScheduleCase> Schedules { get; } = new(PathOf("schedules"));

    public static Recording<FunctionCase> Functions { get; } = new(PathOf("functions"));

    private static string PathOf(string family) => Path.Combine(Repository.Root, "tests", "oracle", "recorded", family + ".json");
}
