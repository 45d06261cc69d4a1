using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Optimizers;
using MiniNet.Stepping;
using MiniNet.Tensors;

namespace MiniNet.Tests.Stepping;

/// <summary>Checks that the equations shown by a step, evaluated on the numbers it shows, give the results it shows.</summary>
public class EquationsTests
{
    private const double Eta = 0.05, Beta1 = 0.8, Beta2 = 0.9, Epsilon = 1e-8, Lambda = 0.3, Mu = 0.7, Alpha = 0.6;

    private static readonly Dictionary<string, Func<IReadOnlyList<Parameter>, Optimizer>> Makers = new(StringComparer.Ordinal)
    {
        ["w −= ηg"] = p => new SGD(p, (float)Eta),
        ["decay"] = p => new SGD(p, (float)Eta, weightDecay: (float)Lambda),
        ["v = μv + g;  w −= ηv"] = p => new SGD(p, (float)Eta, momentum: (float)Mu),
        ["Nesterov, decay"] = p => new SGD(p, (float)Eta, momentum: (float)Mu, nesterov: true, weightDecay: (float)Lambda),
        ["RMSProp"] = p => new RMSProp(p, (float)Eta, Alpha),
        ["RMSProp, decay, momentum"] = p => new RMSProp(p, (float)Eta, Alpha, weightDecay: (float)Lambda, momentum: (float)Mu),
        ["RMSProp, centered"] = p => new RMSProp(p, (float)Eta, Alpha, centered: true),
        ["RMSProp, all of them"] = p => new RMSProp(p, (float)Eta, Alpha, weightDecay: (float)Lambda, momentum: (float)Mu, centered: true),
        ["Adam"] = p => new Adam(p, (float)Eta, Beta1, Beta2),
        ["Adam, decay"] = p => new Adam(p, (float)Eta, Beta1, Beta2, weightDecay: (float)Lambda),
        ["AdamW"] = p => new AdamW(p, (float)Eta, Beta1, Beta2, weightDecay: (float)Lambda),
        ["AdamW, no decay"] = p => new AdamW(p, (float)Eta, Beta1, Beta2, weightDecay: 0),
        ["NAdam"] = p => new NAdam(p, (float)Eta, Beta1, Beta2),
        ["NAdam, decay"] = p => new NAdam(p, (float)Eta, Beta1, Beta2, weightDecay: (float)Lambda),
        ["Adagrad"] = p => new Adagrad(p, (float)Eta),
        ["Adagrad, both decays"] = p => new Adagrad(p, (float)Eta, learningRateDecay: 0.2f, weightDecay: (float)Lambda),
        ["RProp"] = p => new RProp(p, (float)Eta, maxStep: 0.07f),
    };

    private static readonly Dictionary<string, (Layer Layer, Dictionary<string, double> Letters)> Layers = new(StringComparer.Ordinal)
    {
        ["ReLU"] = (new ReLU(), []),
        ["LeakyReLU"] = (new LeakyReLU(0.2f), new() { ["a"] = 0.2f }),
        ["ELU"] = (new ELU(0.7f), new() { ["α"] = 0.7f }),
        ["Sigmoid"] = (new Sigmoid(), []),
        ["Tanh"] = (new Tanh(), []),
        ["Softplus"] = (new Softplus(1.5f), new() { ["β"] = 1.5f }),
        ["Dropout"] = (new Dropout(0.4f), []),
        ["Sin"] = (new Sin(), []),
        ["Cos"] = (new Cos(), []),
        ["Exp"] = (new Exp(), []),
        ["Square"] = (new Power(2), []),
    };

    public static TheoryData<string> Optimizers => [.. Makers.Keys];

    public static TheoryData<string> LayerNames => [.. Layers.Keys];

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void OptimizerEquations_EvaluatedAtEachStep_GiveWeight(string name)
    {
        var parameter = new Parameter("weight", new Shape(3));
        Optimizer optimizer = Makers[name]([parameter]);
        ((float[])[0.5f, -0.7f, 0.1f]).CopyTo(parameter.Value.Span);
        float[][] gradients = [[0.3f, -2, 0.01f], [0.2f, 1, 0.02f], [-0.4f, 1, 0], [-0.1f, 0.5f, -0.5f], [0.6f, -1, -0.5f]];
        Dictionary<string, double>[] memory =
        [.. parameter.Value.Span.ToArray().Select(w => new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["w"] = w, ["η"] = Eta, ["β₁"] = Beta1, ["β₂"] = Beta2,
            ["ε"] = name.StartsWith("Adagrad", StringComparison.Ordinal) ? 1e-10 : Epsilon,
            ["λ"] = Lambda, ["μ"] = Mu, ["α"] = Alpha, ["κ"] = 0.2,
            ["η₊"] = 1.2, ["η₋"] = 0.5, ["greatest"] = 0.07, ["least"] = 1e-6, ["v"] = 0, ["m"] = 0, ["p"] = 0,
            ["s"] = name == "RProp" ? Eta : 0, ["Pₜ₊₁"] = 1, ["d"] = 0, ["m̂"] = 0, ["v̂"] = 0,
        })];
        Assert.Equal(name.Contains('=', StringComparison.Ordinal) ? name : optimizer.Equations.Value, optimizer.Equations.Value);
        for (int t = 1; t <= gradients.Length; t++)
        {
            gradients[t - 1].CopyTo(parameter.Gradient.Span);
            optimizer.Step();
            for (int i = 0; i < memory.Length; i++)
            {
                Dictionary<string, double> letters = memory[i];
                (letters["g"], letters["t"], letters["β₁ᵗ"], letters["β₂ᵗ"]) =
                    (gradients[t - 1][i], t, Math.Pow(Beta1, t), Math.Pow(Beta2, t));
                (letters["μₜ"], letters["μₜ₊₁"]) = (MomentumAt(t), MomentumAt(t + 1));
                letters["Pₜ"] = Enumerable.Range(1, t).Aggregate(1.0, (product, step) => product * MomentumAt(step));
                letters["Pₜ₊₁"] = letters["Pₜ"] * letters["μₜ₊₁"];
                new EquationEvaluator(letters).Run(optimizer.Equations.Value.Text);
                Assert.Equal(letters["w"], parameter.Value.Span[i], 2e-5);
            }
        }

        static double MomentumAt(int t) => Beta1 * (1 - (0.5 * Math.Pow(0.96, t * 4e-3)));
    }

    [Theory]
    [MemberData(nameof(LayerNames))]
    public void ElementwiseEquations_EvaluatedAtEachStep_GiveValueAndGradient(string name)
    {
        foreach (Phase phase in (Phase[])[Phase.Training, Phase.Inference])
        {
            var graph = new Graph(seed: 1);
            (Layer layer, Dictionary<string, double> constants) = Layers[name];
            graph.Add("layer", layer, graph.Input("x", Shape.Batch(4), needsGradient: true));
            graph.AddLoss(new MeanSquaredError());
            graph.Forward(Samples.Tensor(new Shape(5, 4))); // an earlier training pass, which must not affect the result
            var stepper = new BackpropStepper(
                graph, Samples.Tensor(new Shape(3, 4)), new Targets(new Tensor(new Shape(3, 4))), phase: phase);
            AssertHolds(stepper.RunTo("layer")!, constants);
            AssertHolds(stepper.RunTo("layer")!, constants);
        }
    }

    [Fact]
    public void MergeEquations_EvaluatedAtEachStep_GiveValueAndGradients()
    {
        foreach (MergeLayer layer in (MergeLayer[])[new Add(), new Subtract(), new Multiply(), new Divide()])
        {
            var graph = new Graph(seed: 1);
            Node a = graph.Input("a", Shape.Batch(4), needsGradient: true), b = graph.Input("b", Shape.Batch(4), needsGradient: true);
            graph.Add("layer", layer, a, b);
            graph.AddLoss(new MeanSquaredError());
            var stepper = new BackpropStepper(
                graph,
                [Samples.Tensor(new Shape(3, 4)), Samples.Tensor(new Shape(3, 4), new RandomStream(3, "b"))],
                new Targets(new Tensor(new Shape(3, 4))));
            AssertHolds(stepper.RunTo("layer")!, []);
            AssertHolds(stepper.RunTo("layer")!, []);
        }
    }

    [Fact]
    public void LossEquations_EvaluatedAtStep_GiveGradient()
    {
        (Loss Loss, Dictionary<string, double> Letters)[] losses =
        [
            (new MeanSquaredError(), []), (new MeanAbsoluteError(), []), (new BinaryCrossEntropyWithLogits(), []),
            (new BinaryCrossEntropyWithLogits([3, 3]), new() { ["w"] = 3 }),
        ];
        foreach ((Loss loss, Dictionary<string, double> constants) in losses)
        {
            var graph = new Graph();
            graph.AddLoss(loss, graph.Input("p", Shape.Batch(2), needsGradient: true));
            var targets = new Tensor(new float[,] { { 0, 1 }, { 0.25f, 0.5f }, { 1, 0 } });
            var stepper = new BackpropStepper(graph, Samples.Tensor(new Shape(3, 2)), new Targets(targets));
            Step step = stepper.RunUntil(each => each.Kind == StepKind.Backward)!;
            Tensor added = step.Contributions[0].Added;
            for (int i = 0; i < added.Span.Length; i++)
            {
                Dictionary<string, double> letters = new(constants, StringComparer.Ordinal)
                {
                    [step.Inputs[0].Name] = step.Inputs[0].Span[i],
                    ["t"] = step.Cached[0].Span[i],
                    ["N"] = 6
                };
                new EquationEvaluator(letters).Run(step.Equations.Derivative.Text);
                Assert.Equal(letters[step.Equations.Derivative.Text.Split(" = ")[0]], added.Span[i], 1e-6);
            }

            Assert.Equal(
                constants.Count > 0,
                step.Equations.Value.Text.Contains("w t", StringComparison.Ordinal)
                    || step.Equations.Derivative.Text.Contains("w t", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("plain", "L = −mean log pₜ")]
    [InlineData("smoothing", "L = −Σ a log p, a = ((1 − s) t + s/classes) / n")]
    [InlineData("weights", "L = −Σ a log p, a = w t / D")]
    [InlineData("both", "L = −Σ a log p, a = w ((1 − s) t + s/classes) / D")]
    [InlineData("probabilities", "L = −Σ a log p, a = t / n")]
    public void SoftmaxCrossEntropyEquations_DependOnOptionsAndTargets(string kind, string value)
    {
        var graph = new Graph();
        float[]? weights = kind is "weights" or "both" ? [1, 2, 3] : null;
        graph.AddLoss(
            new SoftmaxCrossEntropy(weights, kind is "smoothing" or "both" ? 0.3f : 0),
            graph.Input("z", Shape.Batch(3), needsGradient: true));
        Targets targets = kind == "probabilities"
            ? new Targets(new Tensor(new float[,] { { 0.5f, 0.5f, 0 }, { 0, 0, 1 } }))
            : new Targets([0, 2]);
        var stepper = new BackpropStepper(graph, Samples.Tensor(new Shape(2, 3)), targets);
        Assert.Equal(value, stepper.RunTo("loss")!.Equations.Value.Text);
        Step back = stepper.RunTo("loss")!;
        Tensor p = back.Cached.Single(kept => kept.Name == "p"), dZ = back.Contributions[0].Added;
        Tensor? a = back.Cached.SingleOrDefault(kept => kept.Name == "a");
        Assert.Equal(kind == "plain", a is null);
        Assert.Equal(kind == "plain" ? "dZ += dL · (p − 1[t]) / n" : "dZ += dL · (p Σₖ aₖ − a)", back.Contributions[0].Equation.Text);
        for (int i = 0; i < 2; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                float expected = a is null
                    ? (p[i, j] - (targets.Classes[i] == j ? 1 : 0)) / 2
                    : (p[i, j] * (a[i, 0] + a[i, 1] + a[i, 2])) - a[i, j];
                Assert.Equal(expected, dZ[i, j], 1e-6f);
            }
        }
    }

    // Checks the value of a forward step, and the local derivative and all gradients of a backward step.
    private static void AssertHolds(Step step, Dictionary<string, double> constants)
    {
        for (int i = 0; i < step.Output!.Span.Length; i++)
        {
            Dictionary<string, double> letters = new(constants, StringComparer.Ordinal);
            foreach (Tensor? tensor in (Tensor?[])
                [.. step.Inputs, .. step.Cached, step.Kind == StepKind.Backward ? step.Output : null, step.Incoming])
            {
                if (tensor is not null)
                {
                    letters[tensor.Name] = tensor.Span[i];
                }
            }

            var formula = new EquationEvaluator(letters);
            if (step.Kind == StepKind.Forward)
            {
                formula.Run(step.Equations.Value.Text);
                AssertClose(letters["y"], step.Output.Span[i]);
                continue;
            }

            foreach (string derivative in step.Equations.Derivative.Text.Split(",  ").Where(_ => step.LocalDerivative is not null))
            {
                formula.Run(derivative);
                AssertClose(letters["∂y/∂x"], step.LocalDerivative!.Span[i]);
            }

            foreach (Contribution part in step.Contributions)
            {
                letters[part.Added.Name] = 0;
                formula.Run(part.Equation.Text);
                AssertClose(letters[part.Added.Name], part.Added.Span[i]);
            }
        }
    }

    private static void AssertClose(double expected, float actual) =>
        Assert.Equal(expected, actual, 1e-5 * Math.Max(1, Math.Abs(expected)));
}
