using System.Diagnostics;
using System.Reflection;
using MiniNet.Data;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Optimizers;
using MiniNet.Stepping;
using MiniNet.Tensors;

namespace MiniNet.Tests.Debugging;

public class DisplayTests
{
    private static readonly Tensor Numbers = new(new float[,] { { -0.31f, 0.25f }, { 0.27f, 0 } }, "dW");

    [Fact]
    public void Tensor_Display_ShowsNameShapeAndRange() => Assert.Equal("dW [2x2] -0.31..0.27", DisplayString.Of(Numbers));

    [Fact]
    public void Tensor_WithNaN_ShowsCountBeforeRange() =>
        Assert.Equal(
            "y [1x3] 2 NaN or infinite 4..4", DisplayString.Of(new Tensor(new float[,] { { float.NaN, 4, float.PositiveInfinity } }, "y")));

    [Fact]
    public void Tensor_EmptyWithoutName_ShowsShape() => Assert.Equal("[0x3]", DisplayString.Of(new Tensor(new Shape(0, 3))));

    [Fact]
    public void Shape_OfBatch_ShowsRowsAsN() => Assert.Equal("[nx1x8x8]", DisplayString.Of(Shape.Batch(1, 8, 8)));

    [Fact]
    public void Parameter_Display_ShowsValueAndGradient()
    {
        var parameter = new Parameter("weight", new Shape(2, 2), "W");
        parameter.Gradient.CopyFrom(Numbers);
        Assert.Equal("weight: W [2x2] 0..0, dW [2x2] -0.31..0.27", DisplayString.Of(parameter));
    }

    [Fact]
    public void Nodes_Display_ShowsNameOperationAndValue()
    {
        Graph graph = Network();
        Assert.Equal(
            ["input (Input) [0x2]", "0 (Linear 2 -> 3) [0x3]", "loss (SoftmaxCrossEntropy) [] 0..0"], graph.Nodes.Select(DisplayString.Of));
        graph.Forward(Numbers);
        Assert.Equal("input (Input) [2x2] -0.31..0.27", DisplayString.Of(graph.Nodes[0]));
        Assert.StartsWith("0 (Linear 2 -> 3) [2x3] ", DisplayString.Of(graph.Nodes[1]), StringComparison.Ordinal);
    }

    [Fact]
    public void Graph_Display_ShowsNodeAndParameterCounts() => Assert.Equal("3 nodes, 2 parameters", DisplayString.Of(Network()));

    [Fact]
    public void Batch_Display_ShowsNumberInputsAndTargets()
    {
        foreach (Batch batch in new DataLoader(new Dataset(Numbers, new Targets([0, 0])), batchSize: 2, seed: 1))
        {
            Assert.Equal($"batch 1: {DisplayString.Of(batch.Inputs)}, 2 classes: 0, 0", DisplayString.Of(batch));
            Assert.EndsWith("[2x2] -0.31..0.27", DisplayString.Of(batch.Inputs), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Steps_Display_ShowsOperationAndEquationWithShapes()
    {
        Graph graph = Network();
        var stepper = new BackpropStepper(graph, Numbers, new Targets([0, 1]), new SGD(graph.Parameters, 0.1f));
        Assert.Equal("0 of 7: null", DisplayString.Of(stepper));
        List<string> shown = [];
        foreach (Step step in stepper)
        {
            shown.Add(DisplayString.Of(step));
            Assert.Equal(step.Contributions.Select(contribution => contribution.ToString()), step.Contributions.Select(DisplayString.Of));
        }

        Assert.Equal("0 · Linear · y = x·W + b   [2x3] = [2x2]·[2x3] + [3]", shown[0]);
        Assert.Equal("0 · Linear · dW += xᵀ·dY   [2x3] = [2x2]ᵀ·[2x3];  db += Σᵢ dYᵢ   [3] = Σᵢ [2x3]ᵢ", shown[4]);
        Assert.Equal(7, shown.Count);
    }

    [Fact]
    public void DebuggerDisplays_OfLibrary_UseExistingMembers()
    {
        Type[] shown = [.. typeof(Graph).Assembly.GetTypes().Concat(typeof(MiniNet.Stepping.BackpropStepper).Assembly.GetTypes())
            .Where(type => type.GetCustomAttribute<DebuggerDisplayAttribute>(inherit: false) is not null)];
        Assert.True(shown.Length >= 12, "too few types with a display to mean anything");
        Assert.All(
            shown, type => Assert.All(DisplayString.Members(type), member => Assert.True(member.Exists, $"{type.Name}: {member.Path}")));
    }

    private static Sequential Network()
    {
        var graph = new Sequential(seed: 1, new Linear(2, 3));
        graph.AddLoss(new SoftmaxCrossEntropy());
        return graph;
    }
}
