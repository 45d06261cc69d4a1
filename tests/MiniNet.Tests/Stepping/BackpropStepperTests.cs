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
    public void AllSteps_AreOneTrainingStepToTheBit(string optimizer)
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
    public void ValueUsedTwiceByOneNode_EachSideForItself()
    {
        var graph = new Graph();
        Node x = graph.Input("x", new Shape(1, 1), needsGradient: true);
        graph.Add("y", new Add(), graph.Add("square", new Multiply(), x, x), x);
        var stepper = new BackpropStepper(graph, new Tensor(new float[,] { { 3 } }));
        Step square = stepper.RunUntil(step => step.Kind == StepKind.Backward && step.Name == "square")!;
        Assert.Equal(["dA += dY ⊙ b", "dB += dY ⊙ a"], square.Contributions.Select(contribution => contribution.Equation));
        Assert.Equal([3f, 3f], square.Contributions.Select(contribution => contribution.Added[0, 0]));
        Assert.All(square.Contributions, contribution => Assert.Equal(7, contribution.Accumulated[0, 0]));
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Back_ThroughEveryStep_LeavesEverythingAsItWas(string name)
    {
        Graph graph = Network();
        Optimizer optimizer = Makers[name](graph.Parameters);
        foreach (Step _ in new BackpropStepper(graph, X, Classes, optimizer)) // so that there are gradients, and state, before
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
    [InlineData(1000f)] // nothing to shorten
    public void Clipping_IsAStepOfItsOwn_ForthAndBack(float maxNorm)
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
        Assert.StartsWith("gradients · GradientClipping · g = g · min(1, maxNorm / (‖g‖ + 10⁻⁶))   ‖g‖ = ", clip.ToString(), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new BackpropStepper(stepped, X, Classes, steps, maxGradientNorm: 0));
    }

    [Theory]
    [InlineData("x", "the value of hidden")]
    [InlineData("hidden.weight", "the value of hidden")]
    [InlineData("scores.bias", "the value of scores")]
    [InlineData("learning rate", "hidden.weight after its update")]
    [InlineData("scale", "the norm of the gradients")] // none of them is infinite, but all together
    [InlineData("gradient", "the gradient of hidden, from tanh")]
    [InlineData("", null)]
    public void NotFinite_NamesWhatWentWrongFirst(string cause, string? expected)
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
    public void Contributions_InTheOrderOfTheSteps_AddUpToTheGradients()
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
    public void Steps_SayWhatIsDone_OnALineEach()
    {
        var graph = new Graph(seed: 1);
        Node x = graph.Input("x", Shape.Batch(4));
        Node hidden = graph.Add("hidden1", new Linear(4, 16), x);
        graph.Add("scores", new Linear(16, 3, bias: false), graph.Add("relu", new ReLU(), hidden));
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
            "scores · Linear · y = x·W + b",
        ], lines[..3].Select((line, i) => i == 2 ? line.Split("   ")[0] : line));
        Assert.StartsWith("loss · SoftmaxCrossEntropy · L = −mean log pₜ   ", lines[3], StringComparison.Ordinal);
        Assert.Equal(
        [
            "gradients · ZeroGradients · dW = 0",
            "loss · SoftmaxCrossEntropy · dZ += dL · (p − 1[t]) / n   [8x3]",
            "scores · Linear · dW += xᵀ·dY   [16x3] = [8x16]ᵀ·[8x3];  dX += dY·Wᵀ   [8x16] = [8x3]·[16x3]ᵀ",
            "relu · ReLU · dX += dY ⊙ ∂y/∂x   [8x16]",
            "hidden1 · Linear · dW += xᵀ·dY   [4x16] = [8x4]ᵀ·[8x16];  db += Σᵢ dYᵢ   [16] = Σᵢ [8x16]ᵢ",
            "hidden1.weight · SGD · v = μv + g;  w −= ηv   [4x16]",
            "hidden1.bias · SGD · v = μv + g;  w −= ηv   [16]",
            "scores.weight · SGD · v = μv + g;  w −= ηv   [16x3]",
        ], lines[4..]);
    }

    [Fact]
    public void RunTo_StopsOnTheWayForwardAndOnTheWayBack()
    {
        Graph graph = Network();
        var stepper = new BackpropStepper(graph, X, Classes, new SGD(graph.Parameters, 0.1f));
        Assert.Equal(StepKind.Forward, stepper.RunTo("hidden")!.Kind);
        Assert.Equal(StepKind.Backward, stepper.RunTo("hidden")!.Kind);
        Assert.Equal(StepKind.Update, stepper.RunTo("hidden.weight")!.Kind);
        Assert.Null(stepper.RunTo("hidden"));
        Assert.Null(stepper.Next());
        Assert.Equal(stepper.Count, stepper.Position);
        Assert.Contains("there are x, hidden", Assert.Throws<KeyNotFoundException>(() => stepper.RunTo("hiden")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RunUntil_IsAConditionalBreakpoint()
    {
        Graph graph = Network();
        var stepper = new BackpropStepper(graph, X, Classes);
        Step step = stepper.RunUntil(step => step.Contributions.Any(contribution => contribution.To == "hidden"))!;
        Assert.Equal("sum", step.Name);
        Assert.Null(stepper.RunUntil(step => step.Kind == StepKind.Update)); // no optimizer, no update
    }

    [Fact]
    public void ABackwardStep_HasTheLocalDerivative_WhereThereIsOneNumberForEach()
    {
        var graph = new Sequential(seed: 1, new Linear(4, 3), new Tanh());
        graph.AddLoss(new MeanSquaredError());
        var stepper = new BackpropStepper(graph, X, new Targets(new Tensor(new Shape(Rows, 3))));
        Step tanh = stepper.RunUntil(step => step is { Kind: StepKind.Backward, Operation: "Tanh" })!;
        Assert.Equal("∂y/∂x = 1 − y²", tanh.Rule.Derivative);
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
    public void ALocalDerivative_LeavesTheGradientsOfParametersAsTheyWere()
    {
        Graph Made()
        {
            var graph = new Sequential(seed: 1, new Linear(4, 3), new Scale());
            graph.AddLoss(new MeanSquaredError());
            return graph;
        }

        Graph stepped = Made(), run = Made();
        var targets = new Targets(new Tensor(new Shape(Rows, 3)));
        Step scale = new BackpropStepper(stepped, X, targets).RunUntil(step => step is { Kind: StepKind.Backward, Operation: nameof(Scale) })!;
        Assert.All(scale.LocalDerivative!.Span.ToArray(), derivative => Assert.Equal(2, derivative));
        run.Forward(X);
        run.Loss(targets);
        run.ZeroGradients();
        run.Backward();
        Assert.Equal(run.Parameters[^1].Gradient.Span, stepped.Parameters[^1].Gradient.Span);
    }

    [Fact]
    public void WithoutTargets_TheStepsEndAtThePrediction()
    {
        var stepper = new BackpropStepper(Network(), X);
        Assert.Null(stepper.RunUntil(step => step.Kind != StepKind.Forward));
        Assert.Equal("scores", stepper.Current!.Name);
    }

    [Fact]
    public void AGraphThatEndsInNoOneNumber_SaysSoWhereTheWayBackWouldStart()
    {
        var stepper = new BackpropStepper(new Sequential(seed: 1, new Linear(4, 3)), X);
        Assert.Equal(StepKind.ZeroGradients, stepper.RunUntil(step => step.Kind == StepKind.ZeroGradients)!.Kind);
        Assert.Contains("add a loss", Assert.Throws<InvalidOperationException>(() => stepper.Next()).Message, StringComparison.Ordinal);
    }

    // Everything that a training step may change, bit by bit.
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

    // Added as a whole here, and term by term there.
    private static void AssertClose(Tensor a, Tensor b)
    {
        for (int i = 0; i < a.Span.Length; i++)
        {
            Assert.Equal(a.Span[i], b.Span[i], 1e-6f);
        }
    }

    // Something used twice, a layer used twice, random numbers and running figures.
    [Fact]
    public void Kept_IsWhatElseTheRuleReads()
    {
        var stepper = new BackpropStepper(Network(), X, Classes);
        Step dropped = stepper.RunTo("dropped")!, loss = stepper.RunTo("loss")!, back = stepper.RunTo("loss")!;
        Tensor mask = dropped.Kept.Single(tensor => tensor.Name == "m");
        Assert.All(Enumerable.Range(0, mask.Shape.Length), i => Assert.Equal(dropped.Output!.Span[i], mask.Span[i] * dropped.Inputs[0].Span[i]));
        foreach (Step step in (Step[])[loss, back])
        {
            Tensor t = step.Kept.Single(tensor => tensor.Name == "t"), p = step.Kept.Single(tensor => tensor.Name == "p");
            Assert.Equal(Classes.Classes.ToArray(), t.Span.ToArray().Select(index => (int)index));
            Assert.All(Enumerable.Range(0, Rows), row => Assert.Equal(1, p.Row(row).ToArray().Sum(), 1e-6f));
        }

        Assert.Equal("x̂ s μ v", string.Join(' ', stepper.RunTo("normal")!.Kept.Select(tensor => tensor.Name)));
    }

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

    // y = a·x with one a, which begins as 2: number by number, and with a parameter.
    private sealed class Scale : Layer
    {
        private readonly Parameter a = new("a", new Shape(1));

        public override IReadOnlyList<Parameter> Parameters => [a];

        public override Rule Rule => new("scales", "y = a x", "∂y/∂x = a", "da += Σ dY ⊙ x", "dX += a dY") { IsElementwise = true };

        public override Shape OutputShape(Shape input) => input;

        public override void Forward(Tensor x, Tensor y, Pass pass)
        {
            for (int i = 0; i < x.Span.Length; i++)
            {
                y.Span[i] = a.Value.Span[0] * x.Span[i];
            }
        }

        public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, Pass pass)
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
}
