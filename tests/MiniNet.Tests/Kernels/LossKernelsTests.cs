using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Tests.Kernels;

/// <summary>
/// Compares the losses of both kernels with sums in double precision: for every length, for a million elements, for extreme values and for
/// NaN.
/// </summary>
public class LossKernelsTests
{
    private const int Rows = 3, Longest = 80;
    private const float Delta = 0.7f;

    // Each term of a loss that is a squared difference is rounded at most three times to float. The sum is in double, and the mean rounds
    // once.
    private const double Loose = 5 * Samples.U;

    private static readonly Dictionary<string, ElementLoss> Table = new(StringComparer.Ordinal)
    {
        ["MeanSquaredError"] = new(
            (p, t, _) => (p - t) * (p - t),
            (p, t, _) => 2 * (p - t),
            (p, t, _) => PlainKernels.MeanSquaredError(p, t),
            (p, t, _, dL, dP) => PlainKernels.MeanSquaredErrorBackward(p, t, dL, dP),
            (p, t, _) => SimdKernels.MeanSquaredError(p, t),
            (p, t, _, dL, dP) => SimdKernels.MeanSquaredErrorBackward(p, t, dL, dP)),
        ["MeanAbsoluteError"] = new(
            (p, t, _) => Math.Abs(p - t),
            (p, t, _) => Math.Sign(p - t),
            (p, t, _) => PlainKernels.MeanAbsoluteError(p, t),
            (p, t, _, dL, dP) => PlainKernels.MeanAbsoluteErrorBackward(p, t, dL, dP),
            (p, t, _) => SimdKernels.MeanAbsoluteError(p, t),
            (p, t, _, dL, dP) => SimdKernels.MeanAbsoluteErrorBackward(p, t, dL, dP)),
        ["Huber"] = new(
            (p, t, _) => Math.Abs(p - t) < Delta ? 0.5 * (p - t) * (p - t) : (Delta * Math.Abs(p - t)) - (0.5 * Delta * Delta),
            (p, t, _) => Math.Abs(p - t) < Delta ? p - t : Delta * Math.Sign(p - t),
            (p, t, _) => PlainKernels.Huber(p, t, Delta),
            (p, t, _, dL, dP) => PlainKernels.HuberBackward(p, t, Delta, dL, dP),
            (p, t, _) => SimdKernels.Huber(p, t, Delta),
            (p, t, _, dL, dP) => SimdKernels.HuberBackward(p, t, Delta, dL, dP)),
        ["BinaryCrossEntropy"] = new(
            (z, t, _) => (-t * LogOfSigmoid(z)) - ((1 - t) * LogOfSigmoid(-z)),
            (z, t, _) => ((1 - t) / (1 + Math.Exp(-z))) - (t / (1 + Math.Exp(z))),
            (z, t, _) => PlainKernels.BinaryCrossEntropy(z, t, []),
            (z, t, _, dL, dZ) => PlainKernels.BinaryCrossEntropyBackward(z, t, [], dL, dZ),
            (z, t, _) => SimdKernels.BinaryCrossEntropy(z, t, []),
            (z, t, _, dL, dZ) => SimdKernels.BinaryCrossEntropyBackward(z, t, [], dL, dZ)),
        ["BinaryCrossEntropy with weights"] = new(
            (z, t, w) => (-w * t * LogOfSigmoid(z)) - ((1 - t) * LogOfSigmoid(-z)),
            (z, t, w) => ((1 - t) / (1 + Math.Exp(-z))) - (w * t / (1 + Math.Exp(z))),
            PlainKernels.BinaryCrossEntropy,
            PlainKernels.BinaryCrossEntropyBackward,
            SimdKernels.BinaryCrossEntropy,
            SimdKernels.BinaryCrossEntropyBackward),
        ["KullbackLeibler"] = new(
            (x, t, _) => t == 0 ? 0 : t * (Math.Log(t) - x),
            (_, t, _) => -t,
            (x, t, _) => PlainKernels.KullbackLeibler(x, t, x.Length),
            (x, t, _, dL, dX) => PlainKernels.KullbackLeiblerBackward(t, x.Length, dL, dX),
            (x, t, _) => SimdKernels.KullbackLeibler(x, t, x.Length),
            (x, t, _, dL, dX) => SimdKernels.KullbackLeiblerBackward(t, x.Length, dL, dX)),
    };

    private readonly RandomStream random = new(11, "kernels");

    private delegate float Forward(ReadOnlySpan<float> p, ReadOnlySpan<float> t, ReadOnlySpan<float> w);

    private delegate void Backward(ReadOnlySpan<float> p, ReadOnlySpan<float> t, ReadOnlySpan<float> w, float dL, Span<float> dP);

    public static TheoryData<string> Names => [.. Table.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void ElementLoss_EveryWidth_MatchesDoublePrecision(string name)
    {
        for (int columns = 1; columns <= Longest; columns++)
        {
            Check(Table[name], Samples.Normal(Rows * columns, random), Probabilities(Rows * columns), Weights(columns));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ElementLoss_MillionElements_KeepsPrecision(string name) =>
        Check(Table[name], Samples.Normal(1_000_002, random), Probabilities(1_000_002), Weights(3));

    [Theory]
    [MemberData(nameof(Names))]
    public void ElementLoss_ExtremeInputs_MatchesDoublePrecision(string name)
    {
        // Each number with each target, separately, so that a small loss does not vanish beside a large one; then all together.
        float[] numbers = [1e4f, -1e4f, 200, -200, 60, -60, 30, -30, 15, -15, 0], targets = [0, 1, 0.5f];
        foreach (float number in numbers)
        {
            foreach (float target in targets)
            {
                Check(Table[name], [number], [target], [3]);
            }
        }

        float[] all = [.. numbers, .. numbers, .. numbers];
        Check(Table[name], all, [.. all.Select((_, i) => targets[i / numbers.Length])], [3]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ElementLoss_NaN_Propagates(string name)
    {
        for (int n = 1; n <= 20; n++)
        {
            for (int at = 0; at < n; at++)
            {
                float[] p = Samples.Normal(n, random), t = Probabilities(n), w = Weights(n), plain = new float[n], simd = new float[n];
                p[at] = float.NaN;
                t[at] = at % 2; // 0 · NaN must not become 0
                Assert.True(float.IsNaN(Table[name].PlainForward(p, t, w)), "plain");
                Assert.True(float.IsNaN(Table[name].SimdForward(p, t, w)), "simd");
                if (name != "KullbackLeibler") // its derivative is −t, whatever x is
                {
                    Table[name].PlainBackward(p, t, w, 1, plain);
                    Table[name].SimdBackward(p, t, w, 1, simd);
                    Assert.All(Enumerable.Range(0, n), i => Assert.Equal(i == at, float.IsNaN(plain[i])));
                    Assert.All(Enumerable.Range(0, n), i => Assert.Equal(i == at, float.IsNaN(simd[i])));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ElementLoss_NoElements_IsNaN(string name)
    {
        Assert.True(float.IsNaN(Table[name].PlainForward([], [], [])));
        Assert.True(float.IsNaN(Table[name].SimdForward([], [], [])));
        Table[name].PlainBackward([], [], [], 1, []);
        Table[name].SimdBackward([], [], [], 1, []);
    }

    [Fact]
    public void MeanAbsoluteErrorAndHuber_AtKinks_MatchPyTorch()
    {
        // The derivative of |r| at 0 is defined as 0, and that of Huber at δ is δ from both sides.
        float[] p = [0, -0f, 2, 1.5f, -1.5f, 1, 1, 1, 1], t = [0, 0, 2, 1, -1, 1, 1, 1, 1];
        foreach (Backward backward in new[] { Table["MeanAbsoluteError"].PlainBackward, Table["MeanAbsoluteError"].SimdBackward })
        {
            var dP = new float[9];
            backward(p, t, [], 9, dP);
            Assert.Equal([0, 0, 0, 1, -1, 0, 0, 0, 0], dP);
        }

        float[] plain = new float[9], simd = new float[9];
        PlainKernels.HuberBackward(p, t, 0.5f, 9, plain);
        SimdKernels.HuberBackward(p, t, 0.5f, 9, simd);
        Assert.Equal([0, 0, 0, 0.5f, -0.5f, 0, 0, 0, 0], plain);
        Assert.Equal(plain, simd);
        Assert.Equal(0.25f / 9, PlainKernels.Huber(p, t, 0.5f), 2 * Samples.U); // 2 · 0.5²/2
    }

    [Fact]
    public void KullbackLeibler_ZeroTargetProbability_ContributesZero()
    {
        float[] x = [float.NegativeInfinity, 0, -1], none = [0, 1, 0], some = [0.5f, 0.5f, 0];
        Assert.Equal(0, PlainKernels.KullbackLeibler(x, none, 1));
        Assert.Equal(0, SimdKernels.KullbackLeibler(x, none, 1));
        Assert.Equal(float.PositiveInfinity, PlainKernels.KullbackLeibler(x, some, 1));
        Assert.Equal(float.PositiveInfinity, SimdKernels.KullbackLeibler(x, some, 1));
    }

    [Fact]
    public void CrossEntropy_EveryWidth_MatchesDoublePrecision()
    {
        for (int columns = 1; columns <= Longest; columns++)
        {
            MatrixView z = Samples.Matrix(Rows, columns, random), a = new(Probabilities(Rows * columns), Rows, columns),
                p = Samples.Matrix(Rows, columns, random);
            a[0, columns - 1] = 0;

            // In the SIMD kernel, z − max, at most 10, rounds to 5u of a relative error of e^, which adds 3u; the sum adds columns/8 and
            // the quotient 1; then the two products, a difference and dL: 20 and columns/8 in all. An error of the probabilities causes an
            // equal error of the logarithm.
            double relative = (20 + (columns / 8)) * Samples.U;
            double expected = 0, size = 0;
            double[] dZ = new double[Rows * columns], sizes = new double[Rows * columns];
            for (int i = 0; i < Rows; i++)
            {
                double[] probabilities = Softmax(z, i);
                for (int k = 0; k < columns; k++)
                {
                    expected -= a[i, k] * Math.Log(probabilities[k]);
                    size += a[i, k] * (1 - Math.Log(probabilities[k]));
                    for (int j = 0; j < columns; j++)
                    {
                        // a log p of every class k, with respect to the score of every class j
                        dZ[(i * columns) + j] += a[i, k] * (probabilities[j] - (j == k ? 1 : 0));
                        sizes[(i * columns) + j] += a[i, k] * (probabilities[j] + (j == k ? 1 : 0));
                    }
                }
            }

            foreach (bool simd in new[] { false, true })
            {
                float loss = simd ? SimdKernels.CrossEntropy(z, a, p) : PlainKernels.CrossEntropy(z, a, p);
                Assert.Equal(expected, loss, relative * size);
                MatrixView before = Samples.Matrix(Rows, columns, random), after = new([.. before.Data], Rows, columns);
                if (simd)
                {
                    SimdKernels.CrossEntropyBackward(p, a, 0.7f, after);
                }
                else
                {
                    PlainKernels.CrossEntropyBackward(p, a, 0.7f, after);
                }

                for (int i = 0; i < dZ.Length; i++)
                {
                    Assert.Equal(
                        before.Data[i] + (0.7f * dZ[i]), after.Data[i], (relative * sizes[i]) + (2 * Samples.U * Math.Abs(before.Data[i])));
                }
            }
        }
    }

    public static TheoryData<float, int> Leads => new()
    {
        { 1, 3 }, { 10, 3 }, { 30, 3 }, { 60, 3 }, { 80, 3 }, { 10, 17 }, { 30, 17 }, { 30, 80 },
    };

    [Theory]
    [MemberData(nameof(Leads))]
    public void CrossEntropy_ConfidentRow_KeepsPrecision(float lead, int columns)
    {
        // One class leads all others by this much: L = log(1 + rest), 1 − p = rest / (1 + rest), rest = (columns − 1) e^−lead. The
        // tolerance is the rounding of an exponential, a sum, a quotient and the factors, in units of the result and not of 1.
        double rest = (columns - 1) * Math.Exp(-lead), notP = rest / (1 + rest), relative = (12 + (columns / 8)) * Samples.U;
        for (int top = 0; top < columns; top += columns - 1)
        {
            var scores = new float[columns];
            scores[top] = lead;
            MatrixView z = new(scores, 1, columns), p = new(new float[columns], 1, columns), a = new(new float[columns], 1, columns);
            MatrixView[] gradients = [.. Enumerable.Range(0, 4).Select(_ => new MatrixView(new float[columns], 1, columns))];
            a[0, top] = 2;
            float[] losses = [PlainKernels.SoftmaxCrossEntropy(z, [top], p), SimdKernels.SoftmaxCrossEntropy(z, [top], p)];
            PlainKernels.SoftmaxCrossEntropyBackward(p, [top], 1, gradients[0]);
            SimdKernels.SoftmaxCrossEntropyBackward(p, [top], 1, gradients[1]);
            float[] weighted = [PlainKernels.CrossEntropy(z, a, p), SimdKernels.CrossEntropy(z, a, p)];
            PlainKernels.CrossEntropyBackward(p, a, 0.5f, gradients[2]);
            SimdKernels.CrossEntropyBackward(p, a, 0.5f, gradients[3]);

            Assert.All(losses, loss => Assert.Equal(LogP1(rest), loss, relative * LogP1(rest)));
            Assert.All(weighted, loss => Assert.Equal(2 * LogP1(rest), loss, relative * 2 * LogP1(rest)));
            Assert.All(gradients, dZ => Assert.Equal(-notP, dZ[0, top], relative * notP));
            Assert.All(gradients, dZ => Assert.Equal(notP / (columns - 1), dZ[0, columns - 1 - top], relative * notP / (columns - 1)));
        }
    }

    [Fact]
    public void SoftmaxCrossEntropy_ManyRows_KeepsPrecision()
    {
        // 300,000 losses near 1.1 summed in float would differ by far more than the few roundings of one of them.
        const int Many = 300_000;
        MatrixView z = Samples.Matrix(Many, 3, random), p = new(new float[3 * Many], Many, 3);
        int[] classes = Samples.Classes(Many, 3, random);
        double expected = 0;
        for (int i = 0; i < Many; i++)
        {
            expected -= Math.Log(Softmax(z, i)[classes[i]]) / Many;
        }

        Assert.Equal(expected, PlainKernels.SoftmaxCrossEntropy(z, classes, p), 2 * Samples.U * expected);
        Assert.Equal(expected, SimdKernels.SoftmaxCrossEntropy(z, classes, p), 4 * Samples.U * expected);
    }

    [Fact]
    public void CrossEntropy_ZeroTargetProbability_ContributesZero()
    {
        MatrixView z = new([0, float.NegativeInfinity, 0], 1, 3), p = new(new float[3], 1, 3), none = new([0.5f, 0, 0.5f], 1, 3),
            some = new([0.5f, 0.25f, 0.25f], 1, 3);
        Assert.Equal(Math.Log(2), PlainKernels.CrossEntropy(z, none, p), 2 * Samples.U);
        Assert.Equal(Math.Log(2), SimdKernels.CrossEntropy(z, none, p), 4 * Samples.U);
        Assert.Equal(float.PositiveInfinity, PlainKernels.CrossEntropy(z, some, p));
        Assert.Equal(float.PositiveInfinity, SimdKernels.CrossEntropy(z, some, p));
    }

    [Fact]
    public void CrossEntropy_NaN_Propagates()
    {
        for (int columns = 1; columns <= 20; columns++)
        {
            for (int at = 0; at < columns; at++)
            {
                MatrixView z = Samples.Matrix(1, columns, random), a = new(Probabilities(columns), 1, columns),
                    p = new(new float[columns], 1, columns);
                z[0, at] = float.NaN;
                a[0, at] = 0;
                MatrixView[] gradients = [.. Enumerable.Range(0, 4).Select(_ => new MatrixView(new float[columns], 1, columns))];
                Assert.True(float.IsNaN(PlainKernels.SoftmaxCrossEntropy(z, [0], p)));
                PlainKernels.SoftmaxCrossEntropyBackward(p, [0], 1, gradients[0]);
                Assert.True(float.IsNaN(PlainKernels.CrossEntropy(z, a, p)));
                PlainKernels.CrossEntropyBackward(p, a, 1, gradients[1]);
                Assert.True(float.IsNaN(SimdKernels.SoftmaxCrossEntropy(z, [0], p)));
                SimdKernels.SoftmaxCrossEntropyBackward(p, [0], 1, gradients[2]);
                Assert.True(float.IsNaN(SimdKernels.CrossEntropy(z, a, p)));
                SimdKernels.CrossEntropyBackward(p, a, 1, gradients[3]);
                Assert.All(gradients, dZ => Assert.True(columns == 1 || dZ.Data.All(float.IsNaN)));
            }
        }
    }

    private static void Check(ElementLoss loss, float[] p, float[] t, float[] w)
    {
        double expected = 0, size = 0;
        for (int i = 0; i < p.Length; i++)
        {
            double term = loss.Term(p[i], t[i], w[i % w.Length]) / p.Length;
            (expected, size) = (expected + term, size + Math.Abs(term));
        }

        // Values below the smallest normal float may be 0.
        Assert.Equal(expected, loss.PlainForward(p, t, w), (Loose * size) + 1.2e-38);
        Assert.Equal(expected, loss.SimdForward(p, t, w), (Loose * size) + 1.2e-38);

        const float DL = 0.7f;
        float[] before = [.. p.Select((_, i) => i % 3 == 0 ? 0 : 0.01f * i)], plain = [.. before], simd = [.. before];
        loss.PlainBackward(p, t, w, DL, plain);
        loss.SimdBackward(p, t, w, DL, simd);
        for (int i = 0; i < p.Length; i++)
        {
            // The two terms of the binary derivative can cancel. Each has an exponential (3u), a sum, a quotient, and three factors. dP
            // rounds once.
            double slope = loss.Slope(p[i], t[i], w[i % w.Length]),
                terms = Math.Abs(slope) + (2 * Math.Abs(Math.Min(loss.Slope(p[i], 1, w[i % w.Length]), 0) * t[i]));
            double bound = (DL * 10 * Samples.U * terms / p.Length) + (2 * Samples.U * before[i]) + 1.2e-38;
            if (!(Math.Abs(before[i] + (DL * slope / p.Length) - plain[i]) <= bound))
            {
                Assert.Fail($"plain, element {i} of {p.Length}: {plain[i]:R}, p {p[i]}, t {t[i]}");
            }

            if (!(Math.Abs(before[i] + (DL * slope / p.Length) - simd[i]) <= bound))
            {
                Assert.Fail($"simd, element {i} of {p.Length}: {simd[i]:R}, p {p[i]}, t {t[i]}");
            }
        }
    }

    private float[] Probabilities(int n)
    {
        var t = new float[n];
        for (int i = 0; i < n; i++)
        {
            t[i] = i % 4 == 0 ? i / 4 % 2 : random.NextUniform(0, 1); // includes 0 and 1
        }

        return t;
    }

    private float[] Weights(int n) => [.. Samples.Normal(n, random).Select(value => value * value)];

    private static double[] Softmax(MatrixView z, int i)
    {
        double[] e = [.. z.Row(i).ToArray().Select(score => Math.Exp(score))];
        return [.. e.Select(value => value / e.Sum())];
    }

    private static double LogOfSigmoid(double z) => Math.Min(z, 0) - LogP1(Math.Exp(-Math.Abs(z)));

    // Uses its series where 1 + x would round: the first omitted term is 10⁻¹⁶ of the sum.
    private static double LogP1(double x) => x < 1e-4 ? x * (1 - (x / 2) + (x * x / 3) - (x * x * x / 4)) : Math.Log(1 + x);

    private sealed record ElementLoss(
        Func<double, double, double, double> Term,
        Func<double, double, double, double> Slope,
        Forward PlainForward,
        Backward PlainBackward,
        Forward SimdForward,
        Backward SimdBackward);
}
