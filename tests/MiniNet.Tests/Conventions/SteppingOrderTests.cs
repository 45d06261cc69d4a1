using System.Diagnostics;
using System.Reflection;
using MiniNet.Graphs;
using MiniNet.Optimizers;
using MiniNet.Stepping;
using MiniNet.Tensors;

namespace MiniNet.Tests.Conventions;

/// <summary>
/// Checks the order in which F11 reaches the math in the three loops that a learner can write. Layers, a loss and an optimizer record their
/// call stack. Between the training loop and the math, only the loops of the graph and the optimizer, and code that is stepped through, are
/// allowed.
/// </summary>
public class SteppingOrderTests
{
    private static readonly string[] InOrder =
    [
        "forward first", "forward second", "forward loss", "backward loss", "backward second", "backward first", "update 0", "update 1",
    ];

    private static readonly Tensor X = new(new float[,] { { 1, 2 } }, "x");
    private static readonly Targets Nothing = new([0]);

    private readonly Record record = new();
    private readonly Graph graph = new();
    private readonly Recorded.Optimizer optimizer;

    public SteppingOrderTests()
    {
        Node x = graph.Input("x", Shape.Batch(2));
        Node first = graph.Add("first", new Recorded.Layer("first", record), x);
        graph.Add("second", new Recorded.Layer("second", record), first);
        graph.AddLoss(new Recorded.Loss(record));
        optimizer = new Recorded.Optimizer(graph.Parameters, record);
    }

    [Fact]
    public void TrainingLoop_StopsInForwardLossBackwardUpdate()
    {
        graph.Forward(X);
        graph.Loss(Nothing);
        graph.ZeroGradients();
        graph.Backward();
        optimizer.Step();
        Assert.Equal(InOrder, record.Order);
    }

    [Fact]
    public void Stepper_StopsInForwardLossBackwardUpdateOnce()
    {
        foreach (Step _ in new BackpropStepper(graph, X, Nothing, optimizer))
        {
        }

        Assert.Equal(InOrder, record.Order);
    }

    private sealed class Record
    {
        public List<string> Order { get; } = [];

        public void Add(string what)
        {
            Order.Add(what);
            foreach (MethodBase method in new StackTrace(2).GetFrames().Select(frame => frame.GetMethod())
                .OfType<MethodBase>().TakeWhile(method => method.DeclaringType != typeof(SteppingOrderTests)))
            {
                bool isLoop = (typeof(Graph).IsAssignableFrom(method.DeclaringType)
                    && method.Name is "Forward" or "Loss" or "Backward" or "ForwardAt" or "BackwardAt")
                    || (method.DeclaringType == typeof(Optimizer) && method.Name is "Step" or "StepAt");
                bool isPlumbing = method.IsDefined(typeof(DebuggerStepThroughAttribute))
                    || method.DeclaringType!.IsDefined(typeof(DebuggerStepThroughAttribute), inherit: false);
                Assert.True(
                    isLoop || isPlumbing, $"{what} is reached through {method.DeclaringType}.{method.Name}, which F11 would stop in");
                Assert.DoesNotContain("<", method.Name + method.DeclaringType!.Name, StringComparison.Ordinal);
            }
        }
    }

    private static class Recorded
    {
        public sealed class Layer(string name, Record record) : MiniNet.Graphs.Layer
        {
            private readonly Parameter parameter = new("weight", new Shape(1));

            public override IReadOnlyList<Parameter> Parameters => [parameter];

            public override Shape OutputShape(Shape input) => input;

            public override void Forward(Tensor x, Tensor y, NodeContext context)
            {
                record.Add("forward " + name);
                y.CopyFrom(x);
            }

            public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
            {
                record.Add("backward " + name);
                dX?.Add(dY);
            }
        }

        public sealed class Loss(Record record) : MiniNet.Graphs.Loss
        {
            public override void Check(Shape prediction, Targets targets)
            {
            }

            public override float Forward(Tensor prediction, Targets targets, NodeContext context)
            {
                record.Add("forward loss");
                return 1;
            }

            public override void Backward(Tensor prediction, Targets targets, float dL, Tensor dPrediction, NodeContext context)
            {
                record.Add("backward loss");
                dPrediction.Span.Fill(dL);
            }
        }

        public sealed class Optimizer(IReadOnlyList<Parameter> parameters, Record record) : MiniNet.Optimizers.Optimizer(parameters, 1)
        {
            public override IReadOnlyList<Tensor> State => [];

            protected override void Update(int index, Tensor w, Tensor g) => record.Add($"update {index}");
        }
    }
}
