using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Optimizers;
using MiniNet.Stepping;
using MiniNet.Tensors;

namespace MiniNet.Tests.Stepping;

public class BackpropStepperTests
{
    private const int Rows = 8;

    private static readonly Tensor X = Samples.Tensor(new Shape(Rows, 4));
    private static readonly Targets Classes = new([0, 1, 2, 0, 1, 2, 0, 1]);

    private static readonly Dictionary<string, Func<IReadOnlyList<Parameter>, Optimizer>> Makers = new(StringComparer.Ordinal)
    {
        ["SGD"] = parameters => new SGD(parameters, 0.1f),
        ["SGD with momentum"] = parameters => new SGD(parameters, 0.1f, momentum: 0.9f, nesterov: true, weightDecay: 0.01f),
        ["Adam"] = parameters => new Adam(parameters, 0.01f),
        ["AdamW"] = parameters => new AdamW(parameters, 0.01f),
        ["NAdam"] = parameters => new NAdam(parameters, 0.01f),
        ["Adagrad"] = parameters => new Adagrad(parameters, 0.01f),
        ["RMSProp"] = parameters => new RMSProp(parameters, 0.01f, momentum: 0.5f, centered: true),
        ["RProp"] = parameters => new RProp(parameters, 0.01f),
    };

    public static TheoryData<string> Optimizers => [.. Makers.Keys];

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Steps_All_AreBitIdenticalToOneTrainingStep(string optimizer)
    {
        Graph stepped = Network(), trained = Network();
        Optimizer steps = Makers[optimizer](stepped.Parameters), trains = Makers[optimizer](trained.Parameters);
        for (int batch = 0; batch < 3; batch++)
        {
            foreach (Step _ in new BackpropStepper(stepped, X, Classes, steps))
            {
            }

            trained.Forward(X);
            trained.Loss(Classes);
            trained.ZeroGradients();
            trained.Backward();
            trains.Step();
            Assert.Equal(StateOf(trained, trains), StateOf(stepped, steps));
        }
    }

    [Fact]
    public void Contributions_ValueUsedTwiceByOneNode_AreSeparate()
    {
        var graph = new Graph();
        Node x = graph.Input("x", new Shape(1, 1), needsGradient: true);
        graph.Add("y", new Add(), graph.Add("square", new Multiply(), x, x), x);
        var stepper = new BackpropStepper(graph, new Tensor(new float[,] { { 3 } }));
        Step square = stepper.RunUntil(step => step.Kind == StepKind.Backward && step.Name == "square")!;
        Assert.Equal(["dA += dY ⊙ b", "dB += dY ⊙ a"], square.Contributions.Select(contribution => contribution.Equation.Text));
        Assert.Equal([3f, 3f], square.Contributions.Select(contribution => contribution.Added[0, 0]));
        Assert.All(square.Contributions, contribution => Assert.Equal(7, contribution.Accumulated[0, 0]));
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Back_ThroughAllSteps_RestoresEverything(string name)
    {
        Graph graph = Network();
        Optimizer optimizer = Makers[name](graph.Parameters);
        foreach (Step _ in new BackpropStepper(graph, X, Classes, optimizer)) // so that gradients and state exist
        {
        }

        var stepper = new BackpropStepper(graph, X, Classes, optimizer);
        List<List<int>> states = [StateOf(graph, optimizer)];
        List<string> said = [];
        while (stepper.Next() is { } step)
        {
            states.Add(StateOf(graph, optimizer));
            said.Add(step.ToString());
        }

        int updates = graph.Parameters.Count;
        Assert.Equal(updates, said.Count(line => line.Contains($"· {optimizer.GetType().Name} ·", StringComparison.Ordinal)));
        for (int i = said.Count - 1; i >= 0; i--)
        {
            Assert.Equal(i == 0 ? null : said[i - 1], stepper.Back()?.ToString());
            Assert.Equal(states[i], StateOf(graph, optimizer));
        }

        Assert.Equal(0, stepper.Position);
        Assert.Null(stepper.Back());
        for (int i = 1; stepper.Next() is not null; i++)
        {
            Assert.Equal(states[i], StateOf(graph, optimizer));
        }
    }

    [Theory]
    [InlineData(0.05f)]
    [InlineData(1000f)] // no clipping needed
    public void Clipping_IsASeparateStepThatCanBeUndone(float maxNorm)
    {
        Graph stepped = Network(), trained = Network();
        Optimizer steps = Makers["Adam"](stepped.Parameters), trains = Makers["Adam"](trained.Parameters);
        var stepper = new BackpropStepper(stepped, X, Classes, steps, maxGradientNorm: maxNorm);
        stepper.RunUntil(step => step.Kind == StepKind.Backward && step.Name == "hidden");
        List<int> before = StateOf(stepped, steps);
        Step clip = stepper.Next()!;
        List<int> after = StateOf(stepped, steps);
        stepper.Back();
        Assert.Equal(before, StateOf(stepped, steps));
        stepper.Next();
        Assert.Equal(after, StateOf(stepped, steps));
        Assert.Null(stepper.RunUntil(_ => false));

        trained.Forward(X);
        trained.Loss(Classes);
        trained.ZeroGradients();
        trained.Backward();
        float norm = GradientClipping.ByNorm(trained.Parameters, maxNorm);
        trains.Step();
        Assert.Equal(StateOf(trained, trains), StateOf(stepped, steps));
        Assert.Equal((StepKind.Clip, norm), (clip.Kind, clip.Output!.Span[0]));
        Assert.StartsWith(
            "gradients · GradientClipping · g = g · min(1, maxNorm / (‖g‖ + 10⁻⁶))   ‖g‖ = ", clip.ToString(), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new BackpropStepper(stepped, X, Classes, steps, maxGradientNorm: 0));
    }

    [Theory]
    [InlineData("x", "the value of hidden")]
    [InlineData("hidden.weight", "the value of hidden")]
    [InlineData("scores.bias", "the value of scores")]
    [InlineData("learning rate", "hidden.weight after its update")]
    [InlineData("scale", "the norm of the gradients")] // each is finite, but the norm is not
    [InlineData("gradient", "the gradient of hidden, from tanh")]
    [InlineData("", null)]
    public void NotFinite_NamesFirstNonFiniteResult(string cause, string? expected)
    {
        var graph = new Graph(seed: 1);
        Node hidden = graph.Add("hidden", new Linear(4, 6), graph.Input("x", Shape.Batch(4)));
        Node tanh = graph.Add("tanh", new Tanh(), hidden);
        graph.Add("scores", new Linear(6, 3), tanh);
        graph.AddLoss(new SoftmaxCrossEntropy());
        Tensor x = X.Clone();
        switch (cause)
        {
            case "x":
                x.Span[5] = float.NaN;
                break;
            case "hidden.weight":
                graph.Parameters[0].Value.Span[0] = float.PositiveInfinity;
                break;
            case "scores.bias":
                graph.Parameters[3].Value.Span[0] = float.NaN;
                break;
        }

        var optimizer = new SGD(graph.Parameters, cause == "learning rate" ? float.MaxValue : 0.1f, momentum: 0.9f);
        if (cause == "learning rate")
        {
            foreach (Tensor velocity in optimizer.State)
            {
                velocity.Span.Fill(10);
            }
        }

        var stepper = new BackpropStepper(graph, x, Classes, optimizer, maxGradientNorm: 1);
        if (cause is "gradient" or "scale")
        {
            stepper.RunTo("scores");
            stepper.RunUntil(step => step.Kind == StepKind.Backward && step.Name == (cause == "gradient" ? "scores" : "hidden"));
            (cause == "gradient" ? tanh.Gradient! : graph.Parameters[0].Gradient).Span.Fill(cause == "gradient" ? float.NaN : 3e38f);
        }

        Assert.Equal(expected, stepper.RunUntil(step => step.NotFinite is not null)?.NotFinite);
    }

    [Fact]
    public void Contributions_InOrderOfSteps_AddUpToGradients()
    {
        Graph graph = Network();
        var sums = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (Step step in new BackpropStepper(graph, X, Classes))
        {
            foreach (Contribution contribution in step.Contributions)
            {
                if (!sums.TryGetValue(contribution.To, out Tensor? sum))
                {
                    sums[contribution.To] = sum = new Tensor(contribution.Added.Shape);
                }

                sum.Add(contribution.Added);
                AssertClose(sum, contribution.Accumulated);
            }
        }

        AssertClose(graph["hidden"].Gradient!, sums["hidden"]); // used twice, by relu and by sum
        AssertClose(graph.Parameters[0].Gradient, sums["hidden.weight"]);
    }

    [Fact]
    public void Step_ToString_DescribesStepOnOneLine()
    {
        var graph = new Graph(seed: 1);
        Node x = graph.Input("x", Shape.Batch(4));
        Node hidden = graph.Add("hidden1", new Linear(4, 16), x);
        graph.Add("scores", new Linear(16, 3, bias: false), graph.Add("norm", new BatchNorm1d(16), graph.Add("relu", new ReLU(), hidden)));
        graph.AddLoss(new SoftmaxCrossEntropy());
        List<string> lines = [];
        foreach (Step step in new BackpropStepper(graph, X, Classes, new SGD(graph.Parameters, 0.1f)))
        {
            lines.Add(step.ToString());
        }

        Assert.Equal(
        [
            "hidden1 · Linear · y = x·W + b   [8x16] = [8x4]·[4x16] + [16]",
            "relu · ReLU · y = max(x, 0)   [8x16] = max([8x16], 0)",
            "norm · BatchNorm1d · y = γ·(x − μ)/√(v + ε) + β   [8x16]",
            "scores · Linear · y = x·W   [8x3] = [8x16]·[16x3]",
        ], lines[..4]);
        Assert.StartsWith("loss · SoftmaxCrossEntropy · L = −mean log pₜ   ", lines[4], StringComparison.Ordinal);
        Assert.Equal(
        [
            "gradients · ZeroGradients · dW = 0",
            "loss · SoftmaxCrossEntropy · dZ += dL · (p − 1[t]) / n   [8x3]",
            "scores · Linear · dW += xᵀ·dY   [16x3] = [8x16]ᵀ·[8x3];  dX += dY·Wᵀ   [8x16] = [8x3]·[16x3]ᵀ",
            "norm · BatchNorm1d · dγ += Σ dY·x̂   [16];  dβ += Σ dY   [16] = Σ [8x16];  "
            + "dX += s·(dX̂ − (1/N) Σ dX̂ − x̂·(1/N) Σ dX̂·x̂), dX̂ = γ·dY   [8x16]",
            "relu · ReLU · dX += dY ⊙ ∂y/∂x   [8x16]",
            "hidden1 · Linear · dW += xᵀ·dY   [4x16] = [8x4]ᵀ·[8x16];  db += Σᵢ dYᵢ   [16] = Σᵢ [8x16]ᵢ",
            "hidden1.weight · SGD · w −= ηg   [4x16]",
            "hidden1.bias · SGD · w −= ηg   [16]",
            "norm.weight · SGD · w −= ηg   [16]",
            "norm.bias · SGD · w −= ηg   [16]",
            "scores.weight · SGD · w −= ηg   [16x3]",
        ], lines[5..]);
    }

    [Fact]
    public void Linq_RunsTheRemainingSteps()
    {
        Graph queried = Network(), looped = Network();
        BackpropStepper stepper = new(queried, X, Classes, new SGD(queried.Parameters, 0.1f));
        List<string> expected = [];
        foreach (Step step in new BackpropStepper(looped, X, Classes, new SGD(looped.Parameters, 0.1f)))
        {
            expected.Add(step.ToString());
        }

        Assert.Equal(expected[0], stepper.First().ToString());
        Assert.Equal(1, stepper.Position);
        Step[] rest = [.. stepper];
        Assert.Equal(expected[1..], rest.Select(step => step.ToString()));
        Assert.Empty(stepper);
        Assert.Equal(StateOf(looped, new SGD(looped.Parameters, 0.1f)), StateOf(queried, new SGD(queried.Parameters, 0.1f)));
    }

    [Fact]
    public void RunTo_NodeName_StopsInForwardAndBackwardPass()
    {
        Graph graph = Network();
        var stepper = new BackpropStepper(graph, X, Classes, new SGD(graph.Parameters, 0.1f));
        Assert.Equal(StepKind.Forward, stepper.RunTo("hidden")!.Kind);
        Assert.Equal(StepKind.Backward, stepper.RunTo("hidden")!.Kind);
        Assert.Equal(StepKind.Update, stepper.RunTo("hidden.weight")!.Kind);
        Assert.Null(stepper.RunTo("hidden"));
        Assert.Null(stepper.Next());
        Assert.Equal(stepper.StepCount, stepper.Position);
        Assert.Contains(
            "the steps are hidden, relu, sum, normal, once, dropped, twice, scores, loss, hidden.weight, hidden.bias",
            Assert.Throws<KeyNotFoundException>(() => stepper.RunTo("hiden")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void RunUntil_StopsWhenConditionHolds()
    {
        Graph graph = Network();
        var stepper = new BackpropStepper(graph, X, Classes);
        Step step = stepper.RunUntil(step => step.Contributions.Any(contribution => contribution.To == "hidden"))!;
        Assert.Equal("sum", step.Name);
        Assert.Null(stepper.RunUntil(step => step.Kind == StepKind.Update)); // no update without an optimizer
    }

    [Fact]
    public void LocalDerivative_OfElementwiseOperation_IsSet()
    {
        var graph = new Sequential(seed: 1, new Linear(4, 3), new Tanh());
        graph.AddLoss(new MeanSquaredError());
        var stepper = new BackpropStepper(graph, X, new Targets(new Tensor(new Shape(Rows, 3))));
        Step tanh = stepper.RunUntil(step => step is { Kind: StepKind.Backward, Operation: "Tanh" })!;
        Assert.Equal("∂y/∂x = 1 − y²", tanh.Equations.Derivative);
        Tensor dX = Assert.Single(tanh.Contributions).Added;
        for (int i = 0; i < dX.Span.Length; i++)
        {
            float y = tanh.Output!.Span[i];
            Assert.Equal(1 - (y * y), tanh.LocalDerivative!.Span[i], 1e-6f);
            Assert.Equal(tanh.Incoming!.Span[i] * tanh.LocalDerivative.Span[i], dX.Span[i], 1e-6f);
        }

        Assert.Null(stepper.RunUntil(step => step is { Kind: StepKind.Backward, Operation: "Linear" })!.LocalDerivative);
    }

    [Fact]
    public void LocalDerivative_DoesNotChangeParameterGradients()
    {
        Graph Made()
        {
            var graph = new Sequential(seed: 1, new Linear(4, 3), new Scale());
            graph.AddLoss(new MeanSquaredError());
            return graph;
        }

        Graph stepped = Made(), run = Made();
        var targets = new Targets(new Tensor(new Shape(Rows, 3)));
        Step scale = new BackpropStepper(stepped, X, targets)
            .RunUntil(step => step is { Kind: StepKind.Backward, Operation: nameof(Scale) })!;
        Assert.All(scale.LocalDerivative!.Span.ToArray(), derivative => Assert.Equal(2, derivative));
        run.Forward(X);
        run.Loss(targets);
        run.ZeroGradients();
        run.Backward();
        Assert.Equal(run.Parameters[^1].Gradient.Span, stepped.Parameters[^1].Gradient.Span);
    }

    [Fact]
    public void Steps_WithoutTargets_EndAtPrediction()
    {
        var stepper = new BackpropStepper(Network(), X);
        Assert.Null(stepper.RunUntil(step => step.Kind != StepKind.Forward));
        Assert.Equal("scores", stepper.Current!.Name);
    }

    [Fact]
    public void Next_OutputIsNotScalar_ThrowsAtFirstBackwardStep()
    {
        var stepper = new BackpropStepper(new Sequential(seed: 1, new Linear(4, 3)), X);
        Assert.Equal(StepKind.ZeroGradients, stepper.RunUntil(step => step.Kind == StepKind.ZeroGradients)!.Kind);
        Assert.Contains("add a loss", Assert.Throws<InvalidOperationException>(() => stepper.Next()).Message, StringComparison.Ordinal);
    }

    // Gets everything that a training step can change, bit by bit.
    private static List<int> StateOf(Graph graph, Optimizer optimizer)
    {
        IEnumerable<Tensor?> tensors =
        [
            .. graph.Nodes.Where(node => node.Operation is not null).Select(node => node.Value),
            .. graph.Nodes.Select(node => node.Gradient),
            .. graph.Parameters.Select(parameter => parameter.Value),
            .. graph.Parameters.Select(parameter => parameter.Gradient),
            .. graph.Nodes.SelectMany(node => node.Operation?.State ?? []),
            .. optimizer.State,
        ];
        return
        [
            optimizer.StepCount,
            .. graph.RandomState.Select(state => state.GetHashCode()),
            .. tensors.SelectMany(tensor => tensor?.Span.ToArray() ?? []).Select(BitConverter.SingleToInt32Bits),
        ];
    }

    // One is a single sum, the other is added term by term.
    private static void AssertClose(Tensor a, Tensor b)
    {
        for (int i = 0; i < a.Span.Length; i++)
        {
            Assert.Equal(a.Span[i], b.Span[i], 1e-6f);
        }
    }

    [Fact]
    public void Cached_ContainsOtherTensorsOfTheEquations()
    {
        var stepper = new BackpropStepper(Network(), X, Classes);
        Step dropped = stepper.RunTo("dropped")!, loss = stepper.RunTo("loss")!, back = stepper.RunTo("loss")!;
        Tensor mask = dropped.Cached.Single(tensor => tensor.Name == "m");
        Assert.All(
            Enumerable.Range(0, mask.Shape.Length), i => Assert.Equal(dropped.Output!.Span[i], mask.Span[i] * dropped.Inputs[0].Span[i]));
        foreach (Step step in (Step[])[loss, back])
        {
            Tensor t = step.Cached.Single(tensor => tensor.Name == "t"), p = step.Cached.Single(tensor => tensor.Name == "p");
            Assert.Equal(Classes.Classes.ToArray(), t.Span.ToArray().Select(index => (int)index));
            Assert.All(Enumerable.Range(0, Rows), row => Assert.Equal(1, p.Row(row).ToArray().Sum(), 1e-6f));
        }

        Assert.Equal("x̂ s μ v", string.Join(' ', stepper.RunTo("normal")!.Cached.Select(tensor => tensor.Name)));
    }

    [Fact]
    public void Inference_CachedAndEquations_BelongToThisPass()
    {
        var graph = new Sequential(seed: 1, new Linear(4, 3), new BatchNorm1d(3), new Dropout(0.5f), new Linear(3, 2));
        graph.AddLoss(new SoftmaxCrossEntropy());
        graph.Forward(X); // a mask, and the statistics of another batch
        var norm = (BatchNorm1d)graph.Nodes[2].Operation!;
        var stepper = new BackpropStepper(graph, Samples.Tensor(new Shape(2, 4), seed: 9), new Targets([0, 1]), phase: Phase.Inference);
        Step normal = stepper.RunTo("1")!, dropped = stepper.RunTo("2")!, droppedBack = stepper.RunTo("2")!,
            normalBack = stepper.RunTo("1")!;
        Assert.Equal(
            ("y = x", "∂y/∂x = 1", "dX += dY"), (
                dropped.Equations.Value.Text, droppedBack.Equations.Derivative.Text, droppedBack.Contributions[0].Equation.Text));
        Assert.Empty(dropped.Cached);
        Assert.Equal(dropped.Inputs[0].Span, dropped.Output!.Span);

        Assert.Equal("dX += s·dX̂, dX̂ = γ·dY", normalBack.Contributions[^1].Equation);
        foreach (Step step in (Step[])[normal, normalBack])
        {
            Tensor s = step.Cached.Single(kept => kept.Name == "s");
            Assert.Equal(norm.RunningMean.Span, step.Cached.Single(kept => kept.Name == "μ").Span);
            Assert.Equal(norm.RunningVariance.Span, step.Cached.Single(kept => kept.Name == "v").Span);
            for (int c = 0; c < 3; c++)
            {
                Assert.Equal(1 / Math.Sqrt(norm.RunningVariance.Span[c] + norm.Epsilon), s.Span[c], 1e-5);
            }
        }

        for (int i = 0; i < 6; i++)
        {
            Assert.Equal(
                normalBack.Incoming!.Span[i] * normalBack.Cached.Single(kept => kept.Name == "s").Span[i % 3],
                normalBack.Contributions[^1].Added.Span[i],
                1e-6f);
        }
    }

    [Fact]
    public void Next_ExceptionInStep_RestoresEverything()
    {
        var graph = new Graph(seed: 1);
        Node ids = graph.Input("ids", Shape.Batch(2));
        graph.Add("scores", new Linear(4, 2), graph.Add("flat", new Flatten(), graph.Add("looked up", new Embedding(3, 2), ids)));
        graph.AddLoss(new SoftmaxCrossEntropy());
        var optimizer = new SGD(graph.Parameters, 0.1f);
        var x = new Tensor(new float[,] { { 1, 7 } });
        var stepper = new BackpropStepper(graph, x, new Targets([0]), optimizer);
        List<int> before = StateOf(graph, optimizer);
        for (int i = 0; i < 2; i++)
        {
            Assert.Contains("got 7", Assert.Throws<ShapeException>(() => stepper.Next()).Message, StringComparison.Ordinal);
            Assert.Equal((0, null), (stepper.Position, stepper.Current));
            Assert.Equal(before, StateOf(graph, optimizer));
        }

        x[0, 1] = 2;
        Assert.Equal("looked up", stepper.Next()!.Name);
    }

    [Fact]
    public void Next_ExceptionInUpdate_RestoresOptimizer()
    {
        Graph graph = Network();
        var optimizer = new Failing(graph.Parameters) { At = 2 };
        var stepper = new BackpropStepper(graph, X, Classes, optimizer);
        stepper.RunTo("hidden.bias");
        List<int> before = StateOf(graph, optimizer);
        Assert.Throws<InvalidOperationException>(() => stepper.Next());
        Assert.Equal(before, StateOf(graph, optimizer));
        optimizer.At = -1;
        Assert.Equal("normal.weight", stepper.Next()!.Name);
    }

    [Fact]
    public void Back_FirstBackwardNodesSkipped_RestoresEverything()
    {
        var graph = new Graph(seed: 1);
        Node h = graph.Add("h", new Linear(4, 3), graph.Input("x", Shape.Batch(4)));
        graph.AddLoss(new SoftmaxCrossEntropy());
        graph.Add("side", new ReLU(), h); // not used by the loss
        var optimizer = new SGD(graph.Parameters, 0.1f);
        new BackpropStepper(graph, X, Classes, optimizer).RunUntil(_ => false);
        Assert.Contains(graph["h"].Gradient!.Span.ToArray(), number => number != 0);

        var stepper = new BackpropStepper(graph, X, Classes, optimizer);
        stepper.RunTo("side");
        stepper.RunUntil(step => step.Kind == StepKind.ZeroGradients);
        (List<int> before, int position) = (StateOf(graph, optimizer), stepper.Position);
        Assert.Equal(("loss", StepKind.Backward), (stepper.Next()!.Name, stepper.Current!.Kind));
        stepper.Back();
        Assert.Equal(position, stepper.Position);
        Assert.Equal(before, StateOf(graph, optimizer));
        Assert.Equal("loss", stepper.Next()!.Name);
    }

    [Fact]
    public void Update_SavesOnlyChangedOptimizerState()
    {
        const int Layers = 60;
        var graph = new Sequential(seed: 1, [.. Enumerable.Range(0, Layers).Select(_ => (Layer)new Linear(16, 16, bias: false))]);
        graph.AddLoss(new MeanSquaredError());
        var optimizer = new Adam(graph.Parameters);
        var stepper = new BackpropStepper(graph, Samples.Tensor(new Shape(1, 16)), new Targets(new Tensor(new Shape(1, 16))), optimizer);
        stepper.RunTo("0.weight");
        long before = GC.GetAllocatedBytesForCurrentThread(), state = 2L * Layers * 16 * 16 * sizeof(float);
        stepper.RunUntil(_ => false);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10 * state); // not Layers times
    }

    [Fact]
    public void Cached_ExcludesTensorsNamedAsGradients()
    {
        var stepper = new BackpropStepper(new Sequential(seed: 1, Shape.Batch(4), new CachingLayer()), X);
        Assert.Equal(["d", "distance", "delta", "m̂", "d̂"], stepper.Next()!.Cached.Select(kept => kept.Name));
    }

    // A value used twice, a layer used twice, random numbers and running statistics.
    private static Graph Network()
    {
        var graph = new Graph(seed: 1);
        var shared = new Linear(6, 6);
        Node x = graph.Input("x", Shape.Batch(4));
        Node hidden = graph.Add("hidden", new Linear(4, 6), x);
        Node sum = graph.Add("sum", new Add(), hidden, graph.Add("relu", new ReLU(), hidden));
        Node normal = graph.Add("normal", new BatchNorm1d(6), sum);
        Node dropped = graph.Add("dropped", new Dropout(0.3f), graph.Add("once", shared, normal));
        graph.Add("scores", new Linear(6, 3), graph.Add("twice", shared, dropped));
        graph.AddLoss(new SoftmaxCrossEntropy());
        return graph;
    }

    // y = a·x with one a, which is 2 at first: elementwise, and with a parameter.
    private sealed class Scale : Layer
    {
        private readonly Parameter a = new("a", new Shape(1));

        public override IReadOnlyList<Parameter> Parameters => [a];

        public override Equations Equations =>
            new("scales", "y = a x", "∂y/∂x = a", "da += Σ dY ⊙ x", "dX += a dY") { IsElementwise = true };

        public override Shape OutputShape(Shape input) => input;

        public override void Forward(Tensor x, Tensor y, NodeContext context)
        {
            for (int i = 0; i < x.Span.Length; i++)
            {
                y.Span[i] = a.Value.Span[0] * x.Span[i];
            }
        }

        public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
        {
            for (int i = 0; i < x.Span.Length; i++)
            {
                a.Gradient.Span[0] += dY.Span[i] * x.Span[i];
                if (dX is not null)
                {
                    dX.Span[i] += a.Value.Span[0] * dY.Span[i];
                }
            }
        }

        protected internal override void Initialize(RandomStream random) => a.Value.Span[0] = 2;
    }

    // Caches tensors under various names.
    private sealed class CachingLayer : Layer
    {
        public override Shape OutputShape(Shape input) => input;

        public override void Forward(Tensor x, Tensor y, NodeContext context)
        {
            foreach (string name in (string[])["d", "distance", "dX", "delta", "dX̂", "dγ", "m̂", "d̂"])
            {
                context.Cache(name, x.Shape).CopyFrom(x);
            }

            y.CopyFrom(x);
        }

        public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context) => dX?.Add(dY);
    }

    // Counts updates in its state and throws in the middle of one.
    private sealed class Failing(IReadOnlyList<Parameter> parameters) : Optimizer(parameters, 1)
    {
        private readonly Tensor count = new(new Shape(1), "count");

        public int At { get; set; }

        public override IReadOnlyList<Tensor> State => [count];

        protected override void Update(int index, Tensor w, Tensor g)
        {
            count.Span[0]++;
            w.Span[0]--;
            if (index == At)
            {
                throw new InvalidOperationException("full");
            }
        }
    }
}
