using MiniNet.Optimizers;
using MiniNet.Tensors;

namespace MiniNet.Tests.Optimizers;

/// <summary>
/// Compares each optimizer, with its options, with ten steps in double precision after its paper or PyTorch's documentation, and with
/// closed forms.
/// </summary>
public class OptimizerRulesTests
{
    private const int Steps = 10;

    // Sizes below and above the vector width, so that the remainder loop is tested too.
    private static readonly Shape[] Shapes = [new(3, 5), new(1), new(41)];

    /// <summary>
    /// Computes step t, from 1, of one element in double precision from w, its gradient g and the optimizer's state. Returns the new w.
    /// </summary>
    private delegate double Rule(double w, double g, int t, double[] state);

    [Theory]
    [InlineData(0.9f, false, 0.1f)]
    [InlineData(0.9f, true, 0)]
    [InlineData(0.5f, true, 0.3f)]
    [InlineData(0, false, 0.3f)]
    public void SGD_FollowsTheEquation(float momentum, bool nesterov, float weightDecay) => AssertFollows(
        parameters => new SGD(parameters, 0.1f, momentum, nesterov, weightDecay),
        momentum == 0 ? [] : [0],
        (w, g, t, state) =>
        {
            double d = g + (weightDecay * w);
            if (momentum == 0)
            {
                return w - (0.1f * d);
            }

            state[0] = (momentum * state[0]) + d;
            return w - (0.1f * (nesterov ? d + (momentum * state[0]) : state[0]));
        });

    [Theory]
    [InlineData(0.99, 1e-8f, 0, 0, false)]
    [InlineData(0.9, 1e-8f, 0.3f, 0, false)]
    [InlineData(0.9, 0.1f, 0, 0.9f, false)]
    [InlineData(0.99, 1e-8f, 0, 0, true)]
    [InlineData(0.95, 0.1f, 0.3f, 0.9f, true)]
    public void RMSProp_FollowsTheEquation(double alpha, float epsilon, float weightDecay, float momentum, bool centered) => AssertFollows(
        parameters => new RMSProp(parameters, 0.01f, alpha, epsilon, weightDecay, momentum, centered),
        [0, 0, 0],
        (w, g, t, state) =>
        {
            double d = g + (weightDecay * w);
            state[0] = (alpha * state[0]) + ((1 - alpha) * d * d);
            state[1] = (alpha * state[1]) + ((1 - alpha) * d);
            double root = Math.Sqrt(state[0] - (centered ? state[1] * state[1] : 0));
            state[2] = (momentum * state[2]) + (d / (root + epsilon));
            return w - (0.01f * state[2]);
        });

    [Theory]
    [InlineData(0, 0, 1e-10f)]
    [InlineData(0.3f, 0, 1e-10f)]
    [InlineData(0.3f, 0.2f, 0.1f)]
    public void Adagrad_FollowsTheEquation(float learningRateDecay, float weightDecay, float epsilon) => AssertFollows(
        parameters => new Adagrad(parameters, 0.1f, learningRateDecay, weightDecay, epsilon),
        [0],
        (w, g, t, state) =>
        {
            double d = g + (weightDecay * w);
            state[0] += d * d;
            return w - (0.1f / (1 + ((t - 1) * learningRateDecay)) * d / (Math.Sqrt(state[0]) + epsilon));
        });

    [Theory]
    [InlineData(0.9, 0.999, 1e-8f, 0.3f)]
    [InlineData(0.5, 0.9, 0.1f, 0.1f)]
    public void Adam_WithWeightDecay_FollowsTheEquation(double beta1, double beta2, float epsilon, float weightDecay) => AssertFollows(
        parameters => new Adam(parameters, 0.01f, beta1, beta2, epsilon, weightDecay),
        [0, 0],
        (w, g, t, state) => w - (0.01f * AdamDirection(g + (weightDecay * w), t, state, beta1, beta2, epsilon)));

    [Theory]
    [InlineData(0.9, 0.999, 1e-8f, 0.01f)]
    [InlineData(0.5, 0.9, 0.1f, 3)]
    public void AdamW_FollowsTheEquation(double beta1, double beta2, float epsilon, float weightDecay) => AssertFollows(
        parameters => new AdamW(parameters, 0.01f, beta1, beta2, epsilon, weightDecay),
        [0, 0],
        (w, g, t, state) => (w * (1 - (0.01f * (double)weightDecay))) - (0.01f * AdamDirection(g, t, state, beta1, beta2, epsilon)));

    [Theory]
    [InlineData(0.9, 0.999, 1e-8f, 0, 4e-3f)]
    [InlineData(0.9, 0.999, 1e-8f, 0.3f, 0.5f)]
    [InlineData(0.99, 0.9999, 0.1f, 0, 3)]
    public void NAdam_FollowsTheEquation(double beta1, double beta2, float epsilon, float weightDecay, float momentumDecay)
    {
        double Mu(int i) => beta1 * (1 - (0.5 * Math.Pow(0.96, i * (double)momentumDecay)));
        double Product(int t) => Enumerable.Range(1, t).Aggregate(1.0, (product, i) => product * Mu(i));
        AssertFollows(
            parameters => new NAdam(parameters, 0.01f, beta1, beta2, epsilon, weightDecay, momentumDecay),
            [0, 0, 1],
            (w, g, t, state) =>
            {
                double d = g + (weightDecay * w);
                state[0] = (beta1 * state[0]) + ((1 - beta1) * d);
                state[1] = (beta2 * state[1]) + ((1 - beta2) * d * d);
                state[2] = Product(t);
                double m = (Mu(t + 1) * state[0] / (1 - Product(t + 1))) + ((1 - Mu(t)) * d / (1 - Product(t)));
                return w - (0.01f * m / (Math.Sqrt(state[1] / (1 - Math.Pow(beta2, t))) + epsilon));
            });
    }

    [Theory]
    [InlineData(0.01f, 0.5f, 1.2f, 1e-6f, 50)]
    [InlineData(0.1f, 0.3f, 1.5f, 0.07f, 0.2f)]
    public void RProp_FollowsTheEquation(float learningRate, float etaMinus, float etaPlus, float minStep, float maxStep) => AssertFollows(
        parameters => new RProp(parameters, learningRate, etaMinus, etaPlus, minStep, maxStep),
        [learningRate, 0],
        (w, g, t, state) =>
        {
            int agreement = Math.Sign(g) * Math.Sign(state[1]);
            state[0] = agreement > 0
                ? Math.Min(state[0] * etaPlus, maxStep)
                : agreement < 0
                ? Math.Max(state[0] * etaMinus, minStep)
                : state[0];
            state[1] = agreement < 0 ? 0 : g;
            return w - (state[0] * Math.Sign(state[1]));
        });

    [Theory]
    [InlineData(1e-6f)]
    [InlineData(1)]
    [InlineData(1e6f)]
    public void FirstStep_AnyGradientSize_HasAKnownSize(float g)
    {
        // RMSProp divides by √(1 − α)|g|, Adagrad by |g|; NAdam's step is (μ₂/10/(1 − P₂) + (1 − μ₁)/(1 − P₁))g by |g|, with P₁ = μ₁, P₂ =
        // μ₁μ₂.
        double mu1 = 0.9 * (1 - (0.5 * Math.Pow(0.96, 0.004))), mu2 = 0.9 * (1 - (0.5 * Math.Pow(0.96, 0.008)));
        AssertFirst(0.01 * 10, parameters => new RMSProp(parameters, 0.01f, alpha: 0.99, epsilon: 1e-20f));
        AssertFirst(0.01, parameters => new Adagrad(parameters, 0.01f, epsilon: 1e-20f));
        AssertFirst(0.01, parameters => new Adam(parameters, 0.01f, epsilon: 1e-20f));
        AssertFirst(0.01 * ((0.1 * mu2 / (1 - (mu1 * mu2))) + 1), parameters => new NAdam(parameters, 0.01f, epsilon: 1e-20f));
        AssertFirst(0.01, parameters => new RProp(parameters, 0.01f));

        void AssertFirst(double length, Func<Parameter[], Optimizer> create)
        {
            Parameter w = new("w", new Shape(2));
            new[] { g, -g }.CopyTo(w.Gradient.Span);
            create([w]).Step();
            Assert.Equal(-length, w.Value.Span[0], length * 20 * Samples.U); // about ten roundings, each relative to the step
            Assert.Equal(length, w.Value.Span[1], length * 20 * Samples.U);
        }
    }

    [Fact]
    public void Adagrad_ConstantGradient_StepsByInverseSquareRoot()
    {
        // s = t g², so each step is η/√t.
        double expected = -Enumerable.Range(1, 100).Sum(t => 0.1 / Math.Sqrt(t));
        Assert.Equal(expected, After(100, _ => 3, parameters => new Adagrad(parameters, 0.1f)), 100 * 4 * Samples.U * -expected);
    }

    [Fact]
    public void Nesterov_ConstantGradient_IsOneStepOfMomentumAhead()
    {
        // v = (1 − μᵗ)/(1 − μ) g, and g + μv is the v of step t + 1. With constant gradients, Nesterov momentum is where plain momentum is
        // one step later, except for the first step.
        float ahead = After(20, _ => 1, parameters => new SGD(parameters, 0.1f, 0.9f, nesterov: true));
        float momentum = After(21, _ => 1, parameters => new SGD(parameters, 0.1f, 0.9f));
        Assert.Equal(momentum + 0.1, ahead, 21 * 4 * 20 * Samples.U); // |w| stays below 20
        Assert.InRange(ahead, -20, -10);
    }

    [Fact]
    public void WeightDecay_ZeroGradient_IsAStepInAdamAndAShareInAdamWAndSGD()
    {
        // In Adam λ cancels: d = λw, and the first step is η · sign(w). Decoupled weight decay removes ηλw.
        Assert.Equal(2 - 0.1, After(1, _ => 0, parameters => new Adam(parameters, 0.1f, weightDecay: 0.3f), from: 2), 4 * Samples.U);
        Assert.Equal(
            2 * Math.Pow(1 - 0.03, 8),
            After(8, _ => 0, parameters => new AdamW(parameters, 0.1f, weightDecay: 0.3f), from: 2),
            8 * 2 * 2 * Samples.U);
        Assert.Equal(
            2 * Math.Pow(1 - 0.03, 8),
            After(8, _ => 0, parameters => new SGD(parameters, 0.1f, weightDecay: 0.3f), from: 2),
            8 * 3 * 2 * Samples.U);
        Assert.Equal(2, After(8, _ => 0, parameters => new Adam(parameters, 0.1f), from: 2));
    }

    [Fact]
    public void RProp_SignChanges_ShrinksTheStepAndSkipsOne()
    {
        // Three gradients of one sign: steps η, 1.5η, 2.25η. The sign changes: the step size shrinks to 1.125η and the weight stays. Then,
        // without a stored sign: 1.125η in the other direction.
        float[] g = [1, 5, 0.1f, -2, -7], moves = [1, 1.5f, 2.25f, 0, -1.125f];
        for (int t = 1; t <= g.Length; t++)
        {
            Assert.Equal(-0.5f * moves[..t].Sum(), After(t, step => g[step], parameters => new RProp(parameters, 0.5f, 0.5f, 1.5f)));
        }

        // Steps 1 and 1.5, then the limit of 2.
        Assert.Equal(-(1 + 1.5f + 2 + 2), After(4, _ => 1, parameters => new RProp(parameters, 1, etaPlus: 1.5f, maxStep: 2)));
    }

    [Fact]
    public void Rules_TinyGradients_StayFinite()
    {
        // Gradients of 0, and gradients whose squares underflow.
        foreach (float size in (float[])[0, 1e-30f])
        {
            Assert.All(
                OptimizerTests.Rules,
                rule => Assert.True(
                    float.IsFinite(After(5, t => t % 2 == 0 ? size : -size, parameters => OptimizerTests.New(rule, parameters)))));
        }
    }

    private static double AdamDirection(double d, int t, double[] state, double beta1, double beta2, double epsilon)
    {
        state[0] = (beta1 * state[0]) + ((1 - beta1) * d);
        state[1] = (beta2 * state[1]) + ((1 - beta2) * d * d);
        return state[0] / (1 - Math.Pow(beta1, t)) / (Math.Sqrt(state[1] / (1 - Math.Pow(beta2, t))) + epsilon);
    }

    /// <summary>Returns the value of a weight after a number of steps, given the gradient of each step, numbered from 0.</summary>
    private static float After(int steps, Func<int, float> gradient, Func<Parameter[], Optimizer> create, float from = 0)
    {
        Parameter w = new("w", new Shape(1));
        w.Value.Span[0] = from;
        Optimizer optimizer = create([w]);
        for (int t = 0; t < steps; t++)
        {
            w.Gradient.Span[0] = gradient(t);
            optimizer.Step();
        }

        return w.Value.Span[0];
    }

    private static void AssertFollows(Func<Parameter[], Optimizer> create, double[] start, Rule rule)
    {
        var random = new RandomStream(1, "rules");
        Parameter[] parameters = [.. Shapes.Select(shape => new Parameter("w", shape))];
        Array.ForEach(parameters, parameter => Samples.Normal(parameter.Value.Shape.Length, random).CopyTo(parameter.Value.Span));
        double[][] w = [.. parameters.Select(parameter => Array.ConvertAll(parameter.Value.Span.ToArray(), value => (double)value))];
        double[][][] states = [.. w.Select(values => values.Select(_ => (double[])[.. start]).ToArray())];
        double[][] path = [.. w.Select(values => new double[values.Length])], greatest = [.. w.Select(values => new double[values.Length])];
        Optimizer optimizer = create(parameters);
        for (int t = 1; t <= Steps; t++)
        {
            Array.ForEach(parameters, parameter => Samples.Normal(parameter.Gradient.Shape.Length, random).CopyTo(parameter.Gradient.Span));
            optimizer.Step();
            for (int k = 0; k < w.Length; k++)
            {
                for (int i = 0; i < w[k].Length; i++)
                {
                    double before = w[k][i];
                    w[k][i] = rule(before, parameters[k].Gradient.Span[i], t, states[k][i]);
                    path[k][i] += Math.Abs(w[k][i] - before);
                    greatest[k][i] = Math.Max(greatest[k][i], Math.Max(Math.Abs(before), Math.Abs(w[k][i])));
                }
            }
        }

        Assert.Equal(start.Length * parameters.Length, optimizer.State.Count);
        for (int k = 0; k < w.Length; k++)
        {
            for (int i = 0; i < w[k].Length; i++)
            {
                // Each step rounds w once or twice, and its update about ten to twenty times. The path is the sum of the updates. It omits
                // what cancelled in a velocity or mean; the factor 3 accounts for that.
                AssertClose(
                    w[k][i],
                    parameters[k].Value.Span[i],
                    Samples.U * ((2 * Steps * greatest[k][i]) + (3 * 20 * path[k][i])),
                    $"w {k}, {i}");
                for (int j = 0; j < start.Length; j++)
                {
                    // The state is a sum of at most ten numbers below 5, or of their squares, with a few roundings each.
                    ReadOnlySpan<float> state = optimizer.State[(j * parameters.Length) + k].Span;
                    AssertClose(
                        states[k][i][j],
                        state[Math.Min(i, state.Length - 1)],
                        Samples.U * Steps * 5 * (1 + Math.Abs(states[k][i][j])),
                        $"state {j} of {k}, {i}");
                }
            }
        }
    }

    private static void AssertClose(double expected, double actual, double tolerance, string what) =>
        Assert.True(
            Math.Abs(expected - actual) <= tolerance,
            $"{what}: expected {expected:R}, got {actual:R}, off by {Math.Abs(expected - actual) / tolerance:F2} tolerances");
}
