using System.Text.RegularExpressions;
using System.Xml.Linq;
using MiniNet.Files;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Optimizers;
using MiniNet.Tensors;
using MiniNet.Tests.Oracle;

namespace MiniNet.Tests.Conventions;

/// <summary>
/// Checks that every public layer, loss and optimizer has cases recorded from PyTorch, finite-difference tests, support in model files, and
/// equation, derivatives and source in its documentation.
/// </summary>
public class EveryOperationTests
{
    private static readonly Dictionary<string, XElement> Documentation =
        XDocument.Load(Path.ChangeExtension(typeof(Graph).Assembly.Location, "xml"))
            .Descendants("member").ToDictionary(member => member.Attribute("name")!.Value, StringComparer.Ordinal);

    private static readonly HashSet<string> Recorded =
    [
        .. Recordings.Layers.Cases.SelectMany(of => of.Architecture["nodes"]!.AsArray()).Select(node => node!["kind"])
        .Concat(Recordings.Losses.Cases.Select(of => of.Loss!["kind"]))
        .Concat(Recordings.Optimizers.Cases.Select(of => of.Optimizer["kind"]))
        .Select(kind => kind!.GetValue<string>())];

    [Fact]
    public void Operations_OfLibrary_AreComplete()
    {
        Type[] types = [.. typeof(Graph).Assembly.GetExportedTypes()
            .Where(type => !type.IsAbstract && (type.IsSubclassOf(typeof(Operation)) || type.IsSubclassOf(typeof(Optimizer))))];
        Assert.Superset(new HashSet<Type> { typeof(Linear), typeof(Add), typeof(SoftmaxCrossEntropy), typeof(Adam) }, types.ToHashSet());
        Assert.Empty(types.SelectMany(Lacking));
    }

    [Fact]
    public void IncompleteLayer_LacksEverything() => Assert.Equal(
        ["recorded case", "finite differences", "model file", "equation", "derivative", "source"],
        Lacking(typeof(MadeUpLayer)).Select(WithoutName));

    [Fact]
    public void IncompleteLoss_LacksEverything() => Assert.Equal(
        ["recorded case", "finite differences", "equation", "derivative", "source"], Lacking(typeof(MadeUpLoss)).Select(WithoutName));

    [Fact]
    public void IncompleteOptimizer_LacksEverything() => Assert.Equal(
        ["recorded case", "equation", "source"], Lacking(typeof(MadeUpOptimizer)).Select(WithoutName));

    /// <summary>Gets what a type lacks.</summary>
    private static IEnumerable<string> Lacking(Type type)
    {
        bool isOperation = type.IsSubclassOf(typeof(Operation));
        string equation = string.Join('\n', DocumentationOf(type, "code")), remarks = string.Join('\n', DocumentationOf(type, "remarks"));
        (string What, bool IsThere)[] needs =
        [
            ("recorded case", Recorded.Contains(type.Name)),
            ("finite differences", !isOperation || FiniteDifferencesTests.Operations.Contains(type)),
            ("model file", !isOperation || type.IsSubclassOf(typeof(Loss)) || Architecture.Kinds.Contains(type)),
            ("equation", equation.Contains('=')),
            ("derivative", !isOperation || equation.Contains('∂') || equation.Contains(" += ", StringComparison.Ordinal)),
            // The year of a paper or a book. Operations that only move numbers name PyTorch.
            ("source", Regex.IsMatch(remarks, @"\b(19|20)\d\d\b|PyTorch", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)),
        ];
        return needs.Where(need => !need.IsThere).Select(need => $"{type.Name}: {need.What}");
    }

    // Base classes can document what several layers have in common.
    private static IEnumerable<string> DocumentationOf(Type? type, string part)
    {
        for (; type is not null; type = type.BaseType)
        {
            foreach (XElement of in Documentation.GetValueOrDefault($"T:{type.FullName}")?.Descendants(part)
                .Where(of => of.Parent!.Name != "example") ?? [])
            {
                yield return of.Value;
            }
        }
    }

    private static string WithoutName(string lack) => lack.Split(": ")[1];

    private sealed class MadeUpLayer : Layer
    {
        public override Shape OutputShape(Shape input) => input;

        public override void Forward(Tensor x, Tensor y, NodeContext context) => y.CopyFrom(x);

        public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context) => dX?.Add(dY);
    }

    private sealed class MadeUpLoss : Loss
    {
        public override void Check(Shape prediction, Targets targets)
        {
        }

        public override float Forward(Tensor prediction, Targets targets, NodeContext context) => 0;

        public override void Backward(Tensor prediction, Targets targets, float dL, Tensor dPrediction, NodeContext context)
        {
        }
    }

    private sealed class MadeUpOptimizer() : Optimizer([], 1)
    {
        public override IReadOnlyList<Tensor> State => [];

        protected override void Update(int index, Tensor w, Tensor g)
        {
        }
    }
}
