using MiniNet.GradientChecking;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Tensors;

namespace MiniNet.Tests.GradientChecking;

public class GradientCheckTests
{
    private const string Overwritten = "it overwrites the existing gradient instead of adding to it: is it = where += belongs?";
    private const string Forgotten = "Backward adds nothing: is this gradient missing?";
    private const string Transposed = "it is the transpose of the right gradient: is a transpose missing, or one too many?";

    private const string NotConstant = "it is off by a constant plus a multiple of x";
    private const string NotRepeated = "Forward gives a different result the second time: does it leave elements of y unwritten, "
        + "draw random numbers from anything but context.Random, or keep values in the layer?";

#pragma warning disable MA0051 // a table of cases is long
    public static TheoryData<string, string, string, NamedCheck> FaultyOperations => new()
    {
        { "a factor left out", "x", "every element is 0.5 times what it should be: is a factor missing?", new(() => Square((_, x) => x)) },
        {
            "the sign",
            "x",
            "every element is -1 times what it should be: is a factor missing, the sign?",
            new(() => Square((_, x) => -2 * x))
        },
        { "a forgotten input gradient", "x", Forgotten, new(() => Linear((x, w, dY, dX) => w.Gradient.AddProduct(x.T, dY))) },
        { "a forgotten weight gradient", "weight", Forgotten, new(() => Linear((x, w, dY, dX) => dX.AddProduct(dY, w.Value.T))) },
        {
            "= instead of += in dX",
            "x",
            Overwritten,
            new(() => Linear((x, w, dY, dX) => { w.Gradient.AddProduct(x.T, dY); dX.Clear(); dX.AddProduct(dY, w.Value.T); }))
        },
        {
            "= instead of += in dW",
            "weight",
            Overwritten,
            new(() => Linear((x, w, dY, dX) => { w.Gradient.Clear(); w.Gradient.AddProduct(x.T, dY); dX.AddProduct(dY, w.Value.T); }))
        },
        {
            "W instead of its transpose",
            "x",
            "it is right for the transpose of weight: is a transpose missing, or one too many?",
            new(() => Linear((x, w, dY, dX) => { w.Gradient.AddProduct(x.T, dY); dX.AddProduct(dY, w.Value); }))
        },
        {
            "dY·x instead of x·dY, transposed",
            "weight",
            Transposed,
            new(() => Linear((x, w, dY, dX) => { w.Gradient.AddProduct(dY.T, x); dX.AddProduct(dY, w.Value.T); }))
        },
        {
            "the mean over rows instead of their sum",
            "weight",
            "every element is 0.25 times what it should be: is a factor missing, the number of rows?",
            new(() => Linear((x, w, dY, dX) => { AddScaled(w.Gradient, x, dY, 1f / x.Shape.Rows); dX.AddProduct(dY, w.Value.T); }))
        },
        {
            "the first row left out",
            "x",
            "12 of 16 elements are right, and all wrong ones are in row 0: is a case, a row, a column or one of several uses missing?",
            new(() => Square((i, x) => i < 4 ? 0 : 2 * x))
        },
        {
            "a division by zero",
            "x",
            "Backward gives NaN or infinity: a division by zero, or an exponential that overflows?",
            new(() => Square((i, x) => i == 3 ? float.NaN : 2 * x))
        },
        {
            "a gradient of the wrong input",
            "b",
            "it is what d(a) should be: are the two swapped?",
            new(() => Multiply((a, b, dY, dA, dB) => { AddProducts(dA, dY, b); AddProducts(dB, dY, b); }))
        },
        {
            "the two inputs swapped",
            "a",
            "it is what d(b) should be: are the two swapped?",
            new(() => Multiply((a, b, dY, dA, dB) => { AddProducts(dA, dY, a); AddProducts(dB, dY, b); }))
        },
        {
            "a loss that forgets dL",
            "p",
            "every element is 0.7299 times what it should be: is a factor missing, the incoming dL?",
            new(() => Loss((n, _) => 2f / n))
        },
        {
            "a loss that sums instead of averaging",
            "p",
            "every element is 12 times what it should be: is a factor missing, the number of elements?",
            new(() => Loss((_, dL) => dL * 2))
        },
        {
            "a mean over the batch forgotten",
            "x",
            "it is too large by the same number in each column: is a mean or a sum treated as a constant?",
            new(() => Norm(true, GradientChecking.OmittedTerm.Mean))
        },
        {
            "a variance over the batch forgotten",
            "x",
            NotConstant + " in each column: is a mean or a variance treated as a constant?",
            new(() => Norm(true, GradientChecking.OmittedTerm.Variance))
        },
        {
            "both forgotten",
            "x",
            NotConstant + " in each column: is a mean or a variance treated as a constant?",
            new(() => Norm(true, GradientChecking.OmittedTerm.Both))
        },
        {
            "a factor of each column forgotten",
            "x",
            "it is a multiple of what it should be, with a different factor in each column: is a scale missing or wrong?",
            new(() => Norm(true, GradientChecking.OmittedTerm.Gamma))
        },
        {
            "a mean over the row forgotten",
            "x",
            "it is too large by the same number in each row: is a mean or a sum treated as a constant?",
            new(() => Norm(false, GradientChecking.OmittedTerm.Mean))
        },
        {
            "a variance over the row forgotten",
            "x",
            NotConstant + " in each row: is a mean or a variance treated as a constant?",
            new(() => Norm(false, GradientChecking.OmittedTerm.Variance))
        },
        {
            "the sum in a softmax forgotten",
            "x",
            "it is off by a multiple of exp(x) in each row: is the sum in a softmax treated as a constant?",
            new(Softmax)
        },
        {
            "a skip connection forgotten",
            "x",
            "it is off by a multiple of dY: is a term missing?",
            new(
                () => Whole(
                    (x, y, _) => Each(y, i => x.Span[i] + MathF.Sin(x.Span[i])),
                    (x, y, dY, dX, _) => Each(dX!, i => dX!.Span[i] + (dY.Span[i] * MathF.Cos(x.Span[i])))))
        },
        {
            "a case forgotten",
            "x",
            "12 of 20 elements are right, and all wrong ones are where x is -0.368 or less: is a case, a row, a column or one of "
                + "several uses missing?",
            new(
                () => Whole(
                    (x, y, _) => Each(y, i => MathF.Max(x.Span[i], 0.1f * x.Span[i])),
                    (x, y, dY, dX, _) => Each(dX!, i => dX!.Span[i] + (x.Span[i] > 0 ? dY.Span[i] : 0))))
        },
        {
            "a mask drawn again",
            "x",
            "Backward gives a different result the second time: does it draw new random numbers, or change a tensor that Forward kept?",
            new(
                () => Whole(
                    (x, y, context) => Each(y, i => x.Span[i] * context.Random.NextInt32(2)),
                    (x, y, dY, dX, context) => Each(dX!, i => dX!.Span[i] + (dY.Span[i] * context.Random.NextInt32(2)))))
        },
        {
            "a kept tensor changed by Backward",
            "x",
            "Backward gives a different result the second time: does it draw new random numbers, or change a tensor that Forward kept?",
            new(
                () => Whole(
                    KeepDouble,
                    (x, y, dY, dX, context) =>
                    {
                        Each(context.Cache("k", x.Shape), i => context.Cache("k", x.Shape).Span[i] * dY.Span[i]);
                        dX!.Add(context.Cache("k", x.Shape));
                    }))
        },
        {
            "random numbers from elsewhere",
            "x",
            NotRepeated,
            new(() =>
            {
                var random = new RandomStream(1, "elsewhere");
                return Whole((x, y, _) => Each(y, i => x.Span[i] * random.NextSingle()), (x, y, dY, dX, _) => dX!.Add(dY));
            })
        },
        {
            "y added to instead of overwritten",
            "x",
            NotRepeated,
            new(() => Whole((x, y, _) => y.Add(x), (x, y, dY, dX, _) => dX!.Add(dY)))
        },
        {
            "elements of y not written",
            "x",
            NotRepeated,
            new(
                () => Whole(
                    (x, y, _) => Each(y, i => x.Span[i] > 0 ? x.Span[i] : y.Span[i]),
                    (x, y, dY, dX, _) => Each(dX!, i => dX!.Span[i] + (x.Span[i] > 0 ? dY.Span[i] : 0))))
        },
        {
            "x overwritten",
            "x",
            "Forward or Backward changes x itself",
            new(
                () => Whole(
                    (x, y, _) => { Each(x, i => 2 * x.Span[i]); y.CopyFrom(x); },
                    (x, y, dY, dX, _) => Each(dX!, i => dX!.Span[i] + (2 * dY.Span[i]))))
        },
        {
            "a forward pass that overflows",
            "x",
            "Forward gives NaN or infinity",
            new(() => Whole((x, y, _) => Each(y, i => x.Span[i] / 0), (x, y, dY, dX, _) => dX!.Add(dY)))
        },
        {
            "a return where dX is null, before dW",
            "weight",
            "it changes when d(x) is not needed: does Backward return early?",
            new(
                () => GradientCheck.Check(
                    new FaultyLinear(
                        4,
                        4,
                        (x, w, dY, dX) => { if (dX is not null) { w.Gradient.AddProduct(x.T, dY); dX.AddProduct(dY, w.Value.T); } }),
                    Numbers(4, 4)))
        },
        {
            "a null dX not handled",
            "x",
            "Backward throws when d(x) is not needed and its tensor is null",
            new(() => Linear((x, w, dY, dX) => { w.Gradient.AddProduct(x.T, dY); dX.AddProduct(dY, w.Value.T); }))
        },
        { "a forgotten second input", "b", Forgotten, new(() => Multiply((a, b, dY, dA, dB) => AddProducts(dA, dY, b))) },
        {
            "an assignment when a is b",
            "a = b",
            Overwritten,
            new(
                () => Multiply(
                    (a, b, dY, dA, dB) =>
                    {
                        dB.CopyFrom(ReferenceEquals(dA, dB) ? new Tensor(dB.Shape) : dB);
                        AddProducts(dA, dY, b);
                        AddProducts(dB, dY, a);
                    }))
        },
        {
            "one of two uses when a is b",
            "a = b",
            "every element is 0.5 times what it should be: is a factor missing?",
            new(() => Multiply((a, b, dY, dA, dB) => { AddProducts(dA, dY, b); if (dA != dB) { AddProducts(dB, dY, a); } }))
        },
        {
            "a wrong gradient of a table",
            "weight",
            "every element is 0.5 times what it should be: is a factor missing?",
            new(() => GradientCheck.Check(new FaultyEmbedding(0.5f), new Tensor(new float[,] { { 2 }, { 0 }, { 2 } })))
        },
        {
            "half a percent too large or too small",
            "x",
            "it is off by less than 1 %: is a constant or a sum inaccurate?",
            new(() => Square((i, x) => i % 3 == 0 ? 2.01f * x : 1.99f * x))
        },
        {
            "half a percent too large",
            "x",
            "every element is 1.005 times what it should be: is a factor missing?",
            new(() => Square((_, x) => 2.01f * x))
        },
    };
#pragma warning restore MA0051

    [Theory]
    [MemberData(nameof(FaultyOperations))]
    public void Check_PlantedMistake_ReportsCause(string mistake, string gradient, string cause, NamedCheck planted)
    {
        GradientReport report = planted.Check();
        GradientFinding finding = report.Gradients.Single(finding => finding.Name == gradient);
        Assert.False(report.Passed, mistake);
        Assert.Equal(cause, finding.LikelyCause);
        Assert.Contains(cause, report.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("channel", 2, 3, 2, 2)]
    [InlineData("last dimension", 2, 3, 4)]
    public void Check_MeanForgottenOverPartOfRow_NamesThatPart(string part, params int[] dimensions)
    {
        Tensor values = Samples.Tensor(new Shape(dimensions), 1);
        int Group(int i) => part == "channel" ? i / 4 % 3 : i / 4;
        float Mean(Tensor x, int i) => Enumerable.Range(0, x.Span.Length).Where(j => Group(j) == Group(i)).Average(j => x.Span[j]);
        var layer = new FaultyLayer(
            (x, y, _) => Each(y, i => x.Span[i] - Mean(x, i)),
            (x, y, dY, dX, _) => dX!.Add(dY));
        string cause = $"it is too large by the same number in each {part}: is a mean or a sum treated as a constant?";
        Assert.Equal(cause, GradientCheck.Check(layer, values).Gradients[0].LikelyCause);
    }

    [Fact]
    public void Check_OneWrongElement_ReportsItAsWorst()
    {
        GradientFinding finding = Square((i, x) => i == 6 ? x : 2 * x).Gradients[0];
        float x = Numbers(4, 4)[1, 2];
        Assert.Equal((1, 2), (finding.Row, finding.Column));
        Assert.Equal(0.5, finding.Analytic / finding.Numeric, 1e-3);
        Assert.Equal(2 * Math.Abs(x), Math.Abs(finding.Numeric) / Weight(1, 2), 1e-3);
    }

    [Fact]
    public void Check_EveryLayerOfTheLibrary_Passes()
    {
        GradientReport[] reports =
        [
            GradientCheck.Check(new Linear(4, 3), Numbers(5, 4)),
            GradientCheck.Check(new Linear(1, 1, bias: false), Numbers(1, 1)),
            GradientCheck.Check(new ReLU(), Numbers(5, 4)),
            GradientCheck.Check(new Sigmoid(), Numbers(5, 4)),
            GradientCheck.Check(new Tanh(), Numbers(5, 4)),
            GradientCheck.Check(new Add(), Numbers(5, 4), Numbers(5, 4, seed: 2)),
            GradientCheck.Check(new SoftmaxCrossEntropy(), Numbers(5, 3), new int[] { 0, 2, 1, 1, 0 }),
            GradientCheck.Check(new MeanSquaredError(), Numbers(5, 3), Numbers(5, 3, seed: 2)),
        ];
        Assert.All(reports, report => Assert.True(report.Passed, report.ToString()));
        Assert.All(reports, report => Assert.All(report.Gradients, gradient => Assert.InRange(gradient.RelativeError, 0, 1e-3)));
    }

    [Fact]
    public void Check_AtKink_CountsElementAsSkipped()
    {
        Tensor x = Numbers(2, 3);
        x[0, 1] = 0;
        x[1, 2] = 1e-8f; // closer to the kink than the smallest step
        GradientFinding finding = GradientCheck.Check(new ReLU(), x).Gradients[0];
        Assert.Equal((true, 2), (finding.Passed, finding.KinksSkipped));
    }

    [Fact]
    public void Check_NearKink_UsesSmallerStep()
    {
        var x = new Tensor(new float[,] { { 0.01f, -0.01f, 2 } });
        GradientFinding finding = GradientCheck.Check(new ReLU(), x).Gradients[0];
        Assert.Equal((true, 0), (finding.Passed, finding.KinksSkipped));
    }

    [Fact]
    public void Check_SmallElement_UsesErrorRelativeToRootMeanSquare()
    {
        var x = new Tensor(new float[,] { { 1e-4f }, { 2 }, { 1 } });

        // The error is 2e-6, while the other elements are about 1.
        Assert.True(GradientCheck.Check(new FaultyFunction(v => v * v, (i, v) => (i == 0 ? 2.02f : 2) * v), x).Passed);
        Assert.False(GradientCheck.Check(new FaultyFunction(v => v * v, (i, v) => (i == 2 ? 2.02f : 2) * v), x).Passed);
    }

    [Fact]
    public void Check_LayerWithRandomNumbersAndState_RepeatsAndRestoresBoth()
    {
        var layer = new RandomLayer();
        layer.State[0].Span[0] = 5;
        GradientReport report = GradientCheck.Check(layer, Numbers(3, 4));
        Assert.True(report.Passed, report.ToString());
        Assert.Equal(5, layer.State[0].Span[0]);
    }

    [Fact]
    public void Check_Layer_RestoresInputWeightsAndGradients()
    {
        var linear = new Linear(4, 3);
        _ = new Sequential(seed: 3, linear);
        Tensor x = Numbers(2, 4), before = x.Clone(), weight = linear.Weight.Value.Clone();
        linear.Weight.Gradient.Span.Fill(7);
        GradientCheck.Check(linear, x);
        Assert.Equal(before.Span, x.Span);
        Assert.Equal(weight.Span, linear.Weight.Value.Span);
        Assert.All(linear.Weight.Gradient.Span.ToArray(), g => Assert.Equal(7, g));
    }

    private static GradientReport Square(Func<int, float, float> derivative) =>
        GradientCheck.Check(new FaultyFunction(x => x * x, derivative), Numbers(4, 4));

    private static GradientReport Whole(
        Action<Tensor, Tensor, NodeContext> forward, Action<Tensor, Tensor, Tensor, Tensor?, NodeContext> backward) =>
        GradientCheck.Check(new FaultyLayer(forward, backward), Numbers(5, 4));

    private static GradientReport Norm(bool overRows, OmittedTerm omitted) =>
        GradientCheck.Check(new FaultyNorm(4, overRows, omitted), Numbers(5, 4));

    private static GradientReport Softmax() => Whole(
        (x, y, _) => y.CopyFrom(SoftmaxCrossEntropy.Softmax(x)),
        (x, y, dY, dX, _) => Each(dX!, i => dX!.Span[i] + (y.Span[i] * dY.Span[i])));

    private static void KeepDouble(Tensor x, Tensor y, NodeContext context)
    {
        context.Cache("k", x.Shape).Span.Fill(2);
        Each(y, i => 2 * x.Span[i]);
    }

    private static void Each(Tensor tensor, Func<int, float> value)
    {
        for (int i = 0; i < tensor.Span.Length; i++)
        {
            tensor.Span[i] = value(i);
        }
    }

    private static GradientReport Linear(FaultyBackward backward) => GradientCheck.Check(new FaultyLinear(4, 4, backward), Numbers(4, 4));

    private static GradientReport Multiply(Action<Tensor, Tensor, Tensor, Tensor, Tensor> backward) =>
        GradientCheck.Check(new FaultyMultiply(backward), Numbers(4, 3), Numbers(4, 3, seed: 2));

    private static GradientReport Loss(Func<int, float, float> factor) =>
        GradientCheck.Check(new FaultyLoss(factor), Numbers(4, 3), Numbers(4, 3, seed: 2));

    private static void AddScaled(Tensor dW, Tensor x, Tensor dY, float scale)
    {
        var product = new Tensor(dW.Shape);
        product.AddProduct(x.T, dY);
        for (int i = 0; i < dW.Span.Length; i++)
        {
            dW.Span[i] += scale * product.Span[i];
        }
    }

    internal static void AddProducts(Tensor sum, Tensor dY, Tensor factor)
    {
        for (int i = 0; i < sum.Span.Length; i++)
        {
            sum.Span[i] += dY.Span[i] * factor.Span[i];
        }
    }

    /// <summary>
    /// Gets the absolute value of the random weight r of an element of a 4 by 4 output, from a layer whose derivative is known.
    /// </summary>
    private static double Weight(int row, int column)
    {
        var ones = new Tensor(new Shape(4, 4));
        ones.Span.Fill(1);
        Tensor seen = new(new Shape(4, 4));
        GradientCheck.Check(new Spy(seen), ones);
        return Math.Abs(seen[row, column]);
    }

    private static Tensor Numbers(int rows, int columns, ulong seed = 1)
    {
        var random = new RandomStream(seed, "numbers");
        var numbers = new Tensor(new Shape(rows, columns));
        foreach (ref float number in numbers.Span)
        {
            number = random.NextUniform(0.3f, 2) * (random.NextInt32(2) == 0 ? 1 : -1);
        }

        return numbers;
    }

    /// <summary>Represents a check to run, with a name for the test list.</summary>
    public sealed class NamedCheck(Func<GradientReport> check)
    {
        public Func<GradientReport> Check { get; } = check;
    }

    private sealed class Spy(Tensor seen) : Layer
    {
        public override Shape OutputShape(Shape input) => input;

        public override void Forward(Tensor x, Tensor y, NodeContext context) => y.CopyFrom(x);

        public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
        {
            seen.CopyFrom(dY);
            dX!.Add(dY);
        }
    }

    [Fact]
    public void Check_NoElementCanBeChecked_DoesNotPass()
    {
        // At 0 a rectifier has a kink, so finite differences cannot check any slope that Backward gives it. Below 0, y is constant and a
        // gradient of 0 is right.
        GradientReport atTheKink = GradientCheck.Check(new SteepRectifier(), new Tensor(new Shape(2, 3)));
        Assert.False(atTheKink.Passed);
        Assert.Contains("finite differences cannot check any element", atTheKink.ToString(), StringComparison.Ordinal);
        var below = new Tensor(new Shape(2, 3));
        below.Span.Fill(-3);
        Assert.True(GradientCheck.Check(new SteepRectifier(), below).Passed);
    }

    private sealed class SteepRectifier : Layer
    {
        public override Shape OutputShape(Shape input) => input;

        public override void Forward(Tensor x, Tensor y, NodeContext context)
        {
            for (int i = 0; i < x.Span.Length; i++)
            {
                y.Span[i] = Math.Max(x.Span[i], 0);
            }
        }

        public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
        {
            for (int i = 0; i < x.Span.Length; i++)
            {
                dX!.Span[i] += x.Span[i] >= 0 ? 7 * dY.Span[i] : 0;
            }
        }
    }
}
