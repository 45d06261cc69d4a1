using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Optimizers;
using MiniNet.Tensors;

namespace MiniNet.Tests.Optimizers;

/// <summary>Tests what holds for every optimizer, and compares SGD and Adam with ten steps in double precision.</summary>
public class OptimizerTests
{
    private const int Steps = 10;

    // Sizes below and above the vector width, so that the remainder loop is tested too.
    private static readonly Shape[] Shapes = [new(3, 5), new(1), new(41)];

    public static TheoryData<string> Rules =>
        ["SGD", "SGD with momentum", "SGD of Nesterov", "RMSProp", "RMSProp, centered", "Adagrad", "Adam", "AdamW", "NAdam", "RProp"];

    [Theory]
    [InlineData(0)]
    [InlineData(0.5f)]
    [InlineData(0.9f)]
    public void SGD_TenSteps_EqualTheEquation(float momentum)
    {
        Parameter[] parameters = RandomParameters(seed: 1);
        double[][] w = Values(parameters), v = Zeros(parameters);
        var optimizer = new SGD(parameters, 0.1f, momentum);
        var random = new RandomStream(2, "gradients");
        for (int step = 1; step <= Steps; step++)
        {
            NewGradients(parameters, random);
            optimizer.Step();
            for (int k = 0; k < parameters.Length; k++)
            {
                for (int i = 0; i < w[k].Length; i++)
                {
                    v[k][i] = (momentum * v[k][i]) + parameters[k].Gradient.Span[i];
                    w[k][i] -= 0.1f * v[k][i];
                }
            }
        }

        // A step rounds v twice and w twice. |v| stays below 20 and |w| below 30 here, and 0.1 of the error of v goes into w, ten times.
        AssertClose(w, Values(parameters), 2 * Steps * 30 * Samples.U);
        AssertClose(momentum == 0 ? [] : v, optimizer.State, 2 * Steps * 20 * Samples.U); // no state without momentum
        Assert.Equal(Steps, optimizer.StepCount);
    }

    [Theory]
    [InlineData(0.9f, 0.999f, 1e-8f)]
    [InlineData(0.5f, 0.9f, 0.1f)]
    [InlineData(0, 0, 1e-8f)]
    public void Adam_TenSteps_EqualTheEquation(float beta1, float beta2, float epsilon)
    {
        Parameter[] parameters = RandomParameters(seed: 3);
        double[][] w = Values(parameters), m = Zeros(parameters), v = Zeros(parameters);
        var optimizer = new Adam(parameters, 0.01f, beta1, beta2, epsilon);
        var random = new RandomStream(4, "gradients");
        for (int t = 1; t <= Steps; t++)
        {
            NewGradients(parameters, random);
            optimizer.Step();
            for (int k = 0; k < parameters.Length; k++)
            {
                for (int i = 0; i < w[k].Length; i++)
                {
                    double g = parameters[k].Gradient.Span[i];
                    m[k][i] = (beta1 * m[k][i]) + ((1.0 - beta1) * g);
                    v[k][i] = (beta2 * v[k][i]) + ((1.0 - beta2) * g * g);
                    double unbiasedM = m[k][i] / (1 - Math.Pow(beta1, t));
                    double unbiasedV = v[k][i] / (1 - Math.Pow(beta2, t));
                    w[k][i] -= 0.01f * unbiasedM / (Math.Sqrt(unbiasedV) + epsilon);
                }
            }
        }

        // w, below 5, rounds once per step, by at most 5u/2. The update of about η = 0.01 has about ten roundings, which are negligible.
        AssertClose(w, Values(parameters), Steps * 5 * Samples.U);
        AssertClose([.. m, .. v], optimizer.State, Steps * 10 * Samples.U); // m and v stay below 10
        Assert.Equal(Steps, optimizer.StepCount);
    }

    [Theory]
    [InlineData(1e-6f)]
    [InlineData(1)]
    [InlineData(1e6f)]
    public void Adam_FirstStepWithAnyGradient_IsTheLearningRate(float size)
    {
        // m̂ = g and v̂ = g², so w −= η g/(|g| + ε). With ε = 10⁻⁸ that is at most 1 % less than η, at g = 10⁻⁶.
        Parameter w = new("w", new Shape(2));
        new[] { size, -size }.CopyTo(w.Gradient.Span);
        new Adam([w], learningRate: 0.01f).Step();
        Assert.Equal(-0.01 * size / (size + 1e-8), w.Value.Span[0], 0.01 * 20 * Samples.U);
        Assert.Equal(0.01 * size / (size + 1e-8), w.Value.Span[1], 0.01 * 20 * Samples.U);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void StepCountAndState_Restored_RepeatTheSameSteps(string rule)
    {
        Parameter[] parameters = RandomParameters(seed: 5);
        Optimizer optimizer = New(rule, parameters);
        var random = new RandomStream(6, "gradients");
        Take(3, optimizer, random);
        int stepCount = optimizer.StepCount;
        ulong randomState = random.State;
        Tensor[] state = [.. optimizer.State.Select(tensor => tensor.Clone())];
        Tensor[] values = [.. parameters.Select(parameter => parameter.Value.Clone())];

        Take(3, optimizer, random);
        Tensor[] expected = [.. parameters.Select(parameter => parameter.Value.Clone())];

        // Use a new optimizer, as after loading a file.
        Optimizer another = New(rule, parameters);
        for (int i = 0; i < parameters.Length; i++)
        {
            parameters[i].Value.CopyFrom(values[i]);
        }

        for (int i = 0; i < state.Length; i++)
        {
            another.State[i].CopyFrom(state[i]);
        }

        (another.StepCount, random.State) = (stepCount, randomState);
        Take(3, another, random);
        for (int i = 0; i < parameters.Length; i++)
        {
            Assert.Equal(expected[i].Span, parameters[i].Value.Span);
        }

        Assert.Equal(6, another.StepCount);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Step_AfterAddingLayers_UpdatesOnlyTheOriginalParameters(string rule)
    {
        var graph = new Graph(seed: 1);
        Node hidden = graph.Add("hidden", new Linear(4, 4), graph.Input("x", Shape.Batch(4)));
        Optimizer optimizer = New(rule, graph.Parameters);
        graph.Add("late", new Linear(4, 4), hidden);
        NewGradients(graph.Parameters, new RandomStream(2, "gradients"));
        float[][] before = [.. graph.Parameters.Select(parameter => parameter.Value.Span.ToArray())];
        optimizer.Step();
        optimizer.Step();
        float[][] after = [.. graph.Parameters.Select(parameter => parameter.Value.Span.ToArray())];
        Assert.Equal((2, 4), (optimizer.Parameters.Count, before.Length));
        Assert.All([0, 1], i => Assert.All(before[i].Zip(after[i]), pair => Assert.NotEqual(pair.First, pair.Second)));
        Assert.All([2, 3], i => Assert.Equal(before[i], after[i]));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void StepAt_ForEachParameter_EqualsStep(string rule)
    {
        Parameter[] whole = RandomParameters(seed: 9), apart = RandomParameters(seed: 9);
        Optimizer step = New(rule, whole), stepAt = New(rule, apart);
        RandomStream random = new(10, "gradients"), again = new(10, "gradients");
        for (int t = 0; t < 3; t++)
        {
            NewGradients(whole, random);
            NewGradients(apart, again);
            step.Step();
            stepAt.StepCount++;
            for (int i = apart.Length - 1; i >= 0; i--) // in any order
            {
                stepAt.StepAt(i);
            }
        }

        Assert.Equal(3, stepAt.StepCount);
        Assert.Equal(Values(whole), Values(apart));
        Assert.Equal(step.State.Select(Doubles), stepAt.State.Select(Doubles));
    }

    [Theory]
    [InlineData("SGD", "velocity")]
    [InlineData("RMSProp", "square", "mean", "velocity")]
    [InlineData("Adagrad", "sum of squares")]
    [InlineData("Adam", "mean", "square")]
    [InlineData("AdamW", "mean", "square")]
    [InlineData("NAdam", "mean", "square", "momentum product")]
    [InlineData("RProp", "step", "previous gradient")]
    public void State_Names_ContainTheKindAndTheParameter(string rule, params string[] names)
    {
        Optimizer optimizer = New(rule, [new Parameter("weight", new Shape(2, 3)), new Parameter("bias", new Shape(3))]);
        Assert.Equal(
            names.SelectMany(name => (string[])[$"{name} of weight", $"{name} of bias"]), optimizer.State.Select(tensor => tensor.Name));
    }

    [Fact]
    public void StepAt_OneParameter_ChangesNoOtherParameterAndNoCount()
    {
        Parameter[] parameters = RandomParameters(seed: 9);
        NewGradients(parameters, new RandomStream(10, "gradients"));
        double[][] before = Values(parameters);
        var optimizer = new SGD(parameters, 0.5f);
        optimizer.StepAt(2);
        Assert.Equal(before[..2], Values(parameters)[..2]);
        Assert.Equal(
            parameters[2].Gradient.Span.ToArray().Select((g, i) => (double)((float)before[2][i] - (0.5f * g))),
            Doubles(parameters[2].Value));
        Assert.Equal(0, optimizer.StepCount);
    }

    [Fact]
    public void CustomOptimizer_Step_UpdatesTheParameters()
    {
        Parameter[] parameters = RandomParameters(seed: 11);
        double[][] before = Values(parameters);
        NewGradients(parameters, new RandomStream(12, "gradients"));
        var optimizer = new SignDescent(parameters, 0.25f);
        optimizer.Step();
        optimizer.StepAt(1);
        Assert.Equal("0 at 1, 1 at 1, 2 at 1, 1 at 1", string.Join(", ", optimizer.Calls));
        for (int k = 0; k < parameters.Length; k++)
        {
            for (int i = 0; i < before[k].Length; i++)
            {
                double expected = before[k][i] - ((k == 1 ? 2 : 1) * 0.25 * Math.Sign(parameters[k].Gradient.Span[i]));
                Assert.Equal(expected, parameters[k].Value.Span[i], 4 * 4 * Samples.U); // two roundings of numbers below 8
            }
        }
    }

    [Fact]
    public void Step_Always_KeepsTheGradients()
    {
        Parameter[] parameters = RandomParameters(seed: 7);
        NewGradients(parameters, new RandomStream(8, "gradients"));
        float[] before = parameters[0].Gradient.Span.ToArray();
        new SGD(parameters, 0.1f, 0.9f).Step();
        new Adam(parameters).Step();
        Assert.Equal(before, parameters[0].Gradient.Span);
    }

    [Fact]
    public void LearningRate_ChangedBetweenSteps_IsUsed()
    {
        Parameter w = new("w", new Shape(1));
        w.Gradient.Span[0] = 1;
        var optimizer = new SGD([w], 0.5f);
        optimizer.Step();
        optimizer.LearningRate = 0.25f;
        optimizer.Step();
        Assert.Equal(-0.75f, w.Value.Span[0]);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void LearningRate_Zero_ChangesNothing(string rule)
    {
        Parameter[] parameters = RandomParameters(seed: 5);
        double[][] before = Values(parameters);
        Optimizer optimizer = New(rule, parameters);
        optimizer.LearningRate = 0;
        Take(2, optimizer, new RandomStream(6, "gradients"));
        // RProp still moves, because its step sizes have started at 0.1.
        Assert.Equal(rule == "RProp", !before.Zip(Values(parameters)).All(pair => pair.First.SequenceEqual(pair.Second)));
    }

    [Theory]
    [InlineData(-0.1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void LearningRate_OutOfRange_Throws(float learningRate)
    {
        Assert.All<Func<Optimizer>>(
            [
                () => new SGD([], learningRate),
                () => new RMSProp([], learningRate),
                () => new Adagrad([], learningRate),
                () => new Adam([], learningRate),
                () => new AdamW([], learningRate),
                () => new NAdam([], learningRate),
                () => new RProp([], learningRate),
            ],
            create => Assert.Equal("LearningRate", Assert.Throws<ArgumentOutOfRangeException>(create).ParamName));
        var optimizer = new SGD([], 0.5f);
        Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.LearningRate = learningRate);
        Assert.Equal(0.5f, optimizer.LearningRate);
    }

    [Theory]
    [InlineData(-0.1f)]
    [InlineData(1)]
    [InlineData(float.NaN)]
    public void Fractions_OutOfRange_ThrowWithTheName(float value)
    {
        AssertRefused("momentum", () => new SGD([], 0.1f, value), () => new RMSProp([], momentum: value));
        AssertRefused("alpha", () => new RMSProp([], alpha: value));
        AssertRefused("beta1", () => new Adam([], beta1: value), () => new AdamW([], beta1: value), () => new NAdam([], beta1: value));
        AssertRefused("beta2", () => new Adam([], beta2: value), () => new AdamW([], beta2: value), () => new NAdam([], beta2: value));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1e-8f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Epsilon_OutOfRange_Throws(float epsilon) => AssertRefused(
        "epsilon",
        () => new RMSProp([], epsilon: epsilon),
        () => new Adagrad([], epsilon: epsilon),
        () => new Adam([], epsilon: epsilon),
        () => new AdamW([], epsilon: epsilon),
        () => new NAdam([], epsilon: epsilon));

    [Theory]
    [InlineData(-1e-8f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Decays_OutOfRange_ThrowWithTheName(float decay)
    {
        AssertRefused(
            "weightDecay",
            () => new SGD([], 0.1f, weightDecay: decay),
            () => new RMSProp([], weightDecay: decay),
            () => new Adagrad([], weightDecay: decay),
            () => new Adam([], weightDecay: decay),
            () => new AdamW([], weightDecay: decay),
            () => new NAdam([], weightDecay: decay));
        AssertRefused("learningRateDecay", () => new Adagrad([], learningRateDecay: decay));
        AssertRefused("momentumDecay", () => new NAdam([], momentumDecay: decay));
    }

    [Theory]
    [InlineData("etaMinus", 0, 1.2f, 0, 1)]
    [InlineData("etaMinus", 1, 1.2f, 0, 1)]
    [InlineData("etaMinus", float.NaN, 1.2f, 0, 1)]
    [InlineData("etaPlus", .5f, 1, 0, 1)]
    [InlineData("etaPlus", .5f, float.PositiveInfinity, 0, 1)]
    [InlineData("minStep", .5f, 1.2f, -1, 1)]
    [InlineData("minStep", .5f, 1.2f, float.NaN, 1)]
    [InlineData("maxStep", .5f, 1.2f, 2, 1)]
    [InlineData("maxStep", .5f, 1.2f, 0, float.NaN)]
    public void RProp_OutOfRange_ThrowsWithTheName(string name, float etaMinus, float etaPlus, float minStep, float maxStep) =>
        AssertRefused(name, () => new RProp([], 0.1f, etaMinus, etaPlus, minStep, maxStep));

    [Fact]
    public void Nesterov_WithoutMomentum_Throws()
    {
        var e = Assert.Throws<ArgumentException>(() => new SGD([], 0.1f, nesterov: true));
        Assert.StartsWith("Nesterov momentum requires a momentum above 0.", e.Message, StringComparison.Ordinal);
        Assert.Equal("nesterov", e.ParamName);
    }

    private static void AssertRefused(string name, params Func<Optimizer>[] creations) =>
        Assert.All(creations, create => Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(create).ParamName));

    // With options that use all of the state, such as momentum and decay.
    internal static Optimizer New(string rule, IReadOnlyList<Parameter> parameters) => rule switch
    {
        "SGD" => new SGD(parameters, 0.1f, momentum: 0.9f),
        "SGD with momentum" => new SGD(parameters, 0.1f, 0.9f),
        "SGD of Nesterov" => new SGD(parameters, 0.1f, 0.9f, nesterov: true, weightDecay: 0.1f),
        "RMSProp" => new RMSProp(parameters, 0.01f, momentum: 0.9f, weightDecay: 0.1f),
        "RMSProp, centered" => new RMSProp(parameters, 0.01f, momentum: 0.9f, centered: true),
        "Adagrad" => new Adagrad(parameters, 0.1f, learningRateDecay: 0.3f, weightDecay: 0.1f),
        "Adam" => new Adam(parameters, 0.1f, weightDecay: 0.1f),
        "AdamW" => new AdamW(parameters, 0.1f, weightDecay: 0.1f),
        "NAdam" => new NAdam(parameters, 0.1f, weightDecay: 0.1f),
        _ => new RProp(parameters, 0.1f),
    };

    private static void Take(int steps, Optimizer optimizer, RandomStream random)
    {
        for (int i = 0; i < steps; i++)
        {
            NewGradients(optimizer.Parameters, random);
            optimizer.Step();
        }
    }

    private static Parameter[] RandomParameters(ulong seed)
    {
        var random = new RandomStream(seed, "parameters");
        Parameter[] parameters = [.. Shapes.Select(shape => new Parameter("w", shape))];
        Array.ForEach(parameters, parameter => Samples.Normal(parameter.Value.Shape.Length, random).CopyTo(parameter.Value.Span));
        return parameters;
    }

    private static void NewGradients(IReadOnlyList<Parameter> parameters, RandomStream random)
    {
        foreach (Parameter parameter in parameters)
        {
            Samples.Normal(parameter.Gradient.Shape.Length, random).CopyTo(parameter.Gradient.Span);
        }
    }

    private static double[][] Values(Parameter[] parameters) => [.. parameters.Select(parameter => Doubles(parameter.Value))];

    private static double[][] Zeros(Parameter[] parameters) =>
        [.. parameters.Select(parameter => new double[parameter.Value.Shape.Length])];

    private static double[] Doubles(Tensor tensor) => Array.ConvertAll(tensor.Span.ToArray(), value => (double)value);

    private static void AssertClose(double[][] expected, IReadOnlyList<Tensor> actual, double tolerance) =>
        AssertClose(expected, [.. actual.Select(Doubles)], tolerance);

    private static void AssertClose(double[][] expected, double[][] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int k = 0; k < expected.Length; k++)
        {
            for (int i = 0; i < expected[k].Length; i++)
            {
                Assert.Equal(expected[k][i], actual[k][i], tolerance);
            }
        }
    }

    /// <summary>Represents a custom optimizer that uses only the public API: w −= η sign(g).</summary>
    private sealed class SignDescent(IReadOnlyList<Parameter> parameters, float learningRate) : Optimizer(parameters, learningRate)
    {
        public List<string> Calls { get; } = [];

        public override IReadOnlyList<Tensor> State => [];

        protected override void Update(int index, Tensor w, Tensor g)
        {
            Calls.Add($"{index} at {StepCount}");
            for (int i = 0; i < w.Span.Length; i++)
            {
                w.Span[i] -= LearningRate * Math.Sign(g.Span[i]);
            }
        }
    }
}
