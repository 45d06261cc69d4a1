using MiniNet.Calculus;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Tensors;

namespace MiniNet.Tests.Calculus;

public class GradientCheckTests
{
    private const string Overwritten = "a gradient that was there before is lost: is it = where += belongs?";
    private const string Forgotten = "Backward adds nothing: is this gradient forgotten?";
    private const string Transposed = "it is right with rows and columns exchanged: is a transpose missing, or one too many?";

    public static TheoryData<string, string, string, PlantedCase> Planted => new()
    {
        { "a factor left out", "x", "every element is 0.5 times what it should be: is a factor missing?", new(() => Square((_, x) => x)) },
        { "the sign", "x", "every element is -1 times what it should be: is a factor missing, the sign?", new(() => Square((_, x) => -2 * x)) },
        { "a forgotten input gradient", "x", Forgotten, new(() => Linear((x, w, dY, dX) => w.Gradient.AddProduct(x.T, dY))) },
        { "a forgotten weight gradient", "weight", Forgotten, new(() => Linear((x, w, dY, dX) => dX.AddProduct(dY, w.Value.T))) },
        { "= for += in dX", "x", Overwritten, new(() => Linear((x, w, dY, dX) => { w.Gradient.AddProduct(x.T, dY); dX.Clear(); dX.AddProduct(dY, w.Value.T); })) },
        { "= for += in dW", "weight", Overwritten, new(() => Linear((x, w, dY, dX) => { w.Gradient.Clear(); w.Gradient.AddProduct(x.T, dY); dX.AddProduct(dY, w.Value.T); })) },
        { "W for its transpose", "x", "no simple mistake fits: work the derivative out again, term by term", new(() => Linear((x, w, dY, dX) => { w.Gradient.AddProduct(x.T, dY); dX.AddProduct(dY, w.Value); })) },
        { "dY·x for x·dY, transposed", "weight", Transposed, new(() => Linear((x, w, dY, dX) => { w.Gradient.AddProduct(dY.T, x); dX.AddProduct(dY, w.Value.T); })) },
        { "the mean over rows for their sum", "weight", "every element is 0.25 times what it should be: is a factor missing, the number of rows?", new(() => Linear((x, w, dY, dX) => { AddScaled(w.Gradient, x, dY, 1f / x.Shape.Rows); dX.AddProduct(dY, w.Value.T); })) },
        { "the first row left out", "x", "12 of 16 elements are right: is a case, a row or a column left out?", new(() => Square((i, x) => i < 4 ? 0 : 2 * x)) },
        { "a division by zero", "x", "Backward gives NaN or infinity: a division by zero, or an exponential that overflows?", new(() => Square((i, x) => i == 3 ? float.NaN : 2 * x)) },
        { "a gradient of the wrong input", "b", "no simple mistake fits: work the derivative out again, term by term", new(() => Multiply((a, b, dY, dA, dB) => { AddProducts(dA, dY, b); AddProducts(dB, dY, b); })) },
        { "the two inputs exchanged", "a", "no simple mistake fits: work the derivative out again, term by term", new(() => Multiply((a, b, dY, dA, dB) => { AddProducts(dA, dY, a); AddProducts(dB, dY, b); })) },
        { "a loss that forgets dL", "p", "every element is 0.6667 times what it should be: is a factor missing?", new(() => Loss((n, _) => 2f / n)) },
        { "a loss that sums in place of averaging", "p", "every element is 12 times what it should be: is a factor missing, the number of elements?", new(() => Loss((_, dL) => dL * 2)) },
        { "half a percent too much", "x", "every element is 1.005 times what it should be: is a factor missing?", new(() => Square((_, x) => 2.01f * x)) },
    };

    [Theory]
    [MemberData(nameof(Planted))]
    public void Check_PlantedMistake_IsCaughtAndNamed(string mistake, string gradient, string cause, PlantedCase planted)
    {
        GradientReport report = planted.Check();
        GradientFinding finding = report.Gradients.Single(finding => finding.Name == gradient);
        Assert.False(report.Passed, mistake);
        Assert.Equal(cause, finding.LikelyCause);
        Assert.Contains(cause, report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Check_WrongElement_IsTheWorst()
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
            GradientCheck.Check(new LeakyReLU(0.2f), Numbers(5, 4)),
            GradientCheck.Check(new ELU(1.5f), Numbers(5, 4)),
            GradientCheck.Check(new GELU(), Numbers(5, 4)),
            GradientCheck.Check(new GELU(tanhApproximation: true), Numbers(5, 4)),
            GradientCheck.Check(new SiLU(), Numbers(5, 4)),
            GradientCheck.Check(new Softplus(beta: 2), Numbers(5, 4)),
            GradientCheck.Check(new Softmax(), Numbers(5, 4)),
            GradientCheck.Check(new LogSoftmax(), Numbers(5, 4)),
            GradientCheck.Check(new Dropout(0.3f), Numbers(5, 4)),
            GradientCheck.Check(new Add(), Numbers(5, 4), Numbers(5, 4, seed: 2)),
            GradientCheck.Check(new Multiply(), Numbers(5, 4), Numbers(5, 4, seed: 2)),
            GradientCheck.Check(new SoftmaxCrossEntropy(), Numbers(5, 3), new int[] { 0, 2, 1, 1, 0 }),
            GradientCheck.Check(new MeanSquaredError(), Numbers(5, 3), Numbers(5, 3, seed: 2)),
        ];
        Assert.All(reports, report => Assert.True(report.Passed, report.ToString()));
        Assert.All(reports, report => Assert.All(report.Gradients, gradient => Assert.InRange(gradient.RelativeError, 0, 1e-3)));
    }

    [Fact]
    public void Check_AtAKink_SkipsTheElementAndSaysSo()
    {
        Tensor x = Numbers(2, 3);
        x[0, 1] = 0;
        x[1, 2] = 1e-4f; // nearer to the kink than the shortest step
        GradientFinding finding = GradientCheck.Check(new ReLU(), x).Gradients[0];
        Assert.Equal((true, 2), (finding.Passed, finding.KinksSkipped));
    }

    [Fact]
    public void Check_NearAKink_TakesAShorterStep()
    {
        var x = new Tensor(new float[,] { { 0.01f, -0.01f, 2 } });
        GradientFinding finding = GradientCheck.Check(new ReLU(), x).Gradients[0];
        Assert.Equal((true, 0), (finding.Passed, finding.KinksSkipped));
    }

    [Fact]
    public void Check_LayerThatDrawsAndRemembers_HoldsBothStillAndPutsThemBack()
    {
        var layer = new DrawingLayer();
        layer.State[0].Span[0] = 5;
        GradientReport report = GradientCheck.Check(layer, Numbers(3, 4));
        Assert.True(report.Passed, report.ToString());
        Assert.Equal(5, layer.State[0].Span[0]);
    }

    [Fact]
    public void Check_LeavesInputWeightsAndGradientsAsTheyWere()
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

    private static GradientReport Square(Func<int, float, float> derivative) => GradientCheck.Check(new PlantedFunction(x => x * x, derivative), Numbers(4, 4));

    private static GradientReport Linear(PlantedBackward backward) => GradientCheck.Check(new PlantedLinear(4, 4, backward), Numbers(4, 4));

    private static GradientReport Multiply(Action<Tensor, Tensor, Tensor, Tensor, Tensor> backward) =>
        GradientCheck.Check(new PlantedMultiply(backward), Numbers(4, 3), Numbers(4, 3, seed: 2));

    private static GradientReport Loss(Func<int, float, float> factor) => GradientCheck.Check(new PlantedLoss(factor), Numbers(4, 3), Numbers(4, 3, seed: 2));

    private static void AddScaled(Tensor dW, Tensor x, Tensor dY, float scale)
    {
        var product = new Tensor(dW.Shape);
        product.AddProduct(x.T, dY);
        for (int i = 0; i < dW.Span.Length; i++)
        {
            dW.Span[i] += scale * product.Span[i];
        }
    }

    private static void AddProducts(Tensor sum, Tensor dY, Tensor factor)
    {
        for (int i = 0; i < sum.Span.Length; i++)
        {
            sum.Span[i] += dY.Span[i] * factor.Span[i];
        }
    }

    /// <summary>The size of the random weight r of an element of a 4 by 4 result, found from a layer whose derivative is known.</summary>
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

    /// <summary>A check to run, under a name that the test list can show.</summary>
    public sealed class PlantedCase(Func<GradientReport> check)
    {
        public Func<GradientReport> Check { get; } = check;
    }

    private sealed class Spy(Tensor seen) : Layer
    {
        public override Shape OutputShape(Shape input) => input;

        public override void Forward(Tensor x, Tensor y, Pass pass) => y.CopyFrom(x);

        public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, Pass pass)
        {
            seen.CopyFrom(dY);
            dX!.Add(dY);
        }
    }
}
