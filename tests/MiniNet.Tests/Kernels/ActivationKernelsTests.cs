using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Tests.Kernels;

/// <summary>
/// Compares the activations of both kernels with closed forms in double precision over the whole range of floats. The closed forms are
/// written differently than in the kernels. Also compares the SIMD kernels with the plain ones for every length.
/// </summary>
public class ActivationKernelsTests
{
    private const double Root = 0.79788456080286536; // √(2/π)

    private delegate void Forward(ReadOnlySpan<float> x, Span<float> y);

    private delegate void Backward(ReadOnlySpan<float> x, ReadOnlySpan<float> dY, Span<float> dX);

    private static readonly Dictionary<string, Activation> Table = new(StringComparer.Ordinal)
    {
        ["LeakyReLU"] = new(
            x => x > 0 ? x : 0.3f * x,
            x => x > 0 ? 1 : 0.3f,
            (x, y) => PlainKernels.LeakyReLU(x, 0.3f, y),
            (x, dY, dX) => PlainKernels.LeakyReLUBackward(x, 0.3f, dY, dX),
            (x, y) => SimdKernels.LeakyReLU(x, 0.3f, y),
            (x, dY, dX) => SimdKernels.LeakyReLUBackward(x, 0.3f, dY, dX)),
        ["ELU"] = new(
            x => x > 0 ? x : 1.5f * ExpM1(x),
            x => x > 0 ? 1 : 1.5f * Math.Exp(x),
            (x, y) => PlainKernels.ELU(x, 1.5f, y),
            (x, dY, dX) => PlainKernels.ELUBackward(x, 1.5f, dY, dX),
            (x, y) => SimdKernels.ELU(x, 1.5f, y),
            (x, dY, dX) => SimdKernels.ELUBackward(x, 1.5f, dY, dX)),
        ["GELU"] = new(
            x => x * NormalDistribution(x),
            x => NormalDistribution(x) + (x * NormalDensity(x)),
            PlainKernels.GELU,
            PlainKernels.GELUBackward,
            SimdKernels.GELU,
            SimdKernels.GELUBackward),
        ["GELU by tanh"] = new(
            x => x * Logistic(2 * Root * (x + (0.044715 * x * x * x))),
            x =>
            {
                double s = Logistic(2 * Root * (x + (0.044715 * x * x * x)));
                return s + (x * s * (1 - s) * 2 * Root * (1 + (0.134145 * x * x)));
            },
            PlainKernels.GELUTanh,
            PlainKernels.GELUTanhBackward,
            SimdKernels.GELUTanh,
            SimdKernels.GELUTanhBackward),
        ["SiLU"] = new(
            x => x * Logistic(x),
            x => Logistic(x) * (1 + (x * Logistic(-x))),
            PlainKernels.SiLU,
            PlainKernels.SiLUBackward,
            SimdKernels.SiLU,
            SimdKernels.SiLUBackward),
        ["Softplus"] = new(
            x => 2.5f * x > 20 ? x : LogP1(Math.Exp(2.5f * x)) / 2.5f,
            x => 2.5f * x > 20 ? 1 : Logistic(2.5f * x),
            (x, y) => PlainKernels.Softplus(x, 2.5f, 20, y),
            (x, dY, dX) => PlainKernels.SoftplusBackward(x, 2.5f, 20, dY, dX),
            (x, y) => SimdKernels.Softplus(x, 2.5f, 20, y),
            (x, dY, dX) => SimdKernels.SoftplusBackward(x, 2.5f, 20, dY, dX)),
        ["Softplus without end"] = new(
            x => Math.Max(x, 0) + LogP1(Math.Exp(-Math.Abs(x))),
            Logistic,
            (x, y) => PlainKernels.Softplus(x, 1, float.MaxValue, y),
            (x, dY, dX) => PlainKernels.SoftplusBackward(x, 1, float.MaxValue, dY, dX),
            (x, y) => SimdKernels.Softplus(x, 1, float.MaxValue, y),
            (x, dY, dX) => SimdKernels.SoftplusBackward(x, 1, float.MaxValue, dY, dX)),
        ["Softplus turned round"] = new(
            x => -x > 20 ? x : -LogP1(Math.Exp(-x)),
            x => -x > 20 ? 1 : Logistic(-x),
            (x, y) => PlainKernels.Softplus(x, -1, 20, y),
            (x, dY, dX) => PlainKernels.SoftplusBackward(x, -1, 20, dY, dX),
            (x, y) => SimdKernels.Softplus(x, -1, 20, y),
            (x, dY, dX) => SimdKernels.SoftplusBackward(x, -1, 20, dY, dX)),
        ["Sigmoid"] = new(Logistic, null, PlainKernels.Sigmoid, null, SimdKernels.Sigmoid, null),
        ["Tanh"] = new(
            x => ExpM1(-2 * Math.Abs(x)) / (ExpM1(-2 * Math.Abs(x)) + 2) * -Math.Sign(x),
            null,
            PlainKernels.Tanh,
            null,
            SimdKernels.Tanh,
            null),
    };

    private readonly RandomStream random = new(4, "kernels");

    public static TheoryData<string> Names => [.. Table.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Forward_AllFloatMagnitudes_MatchesDoublePrecision(string name)
    {
        float[] x = Line(), plain = new float[x.Length], simd = new float[x.Length];
        Table[name].Plain(x, plain);
        Table[name].Simd(x, simd);
        for (int i = 0; i < x.Length; i++)
        {
            // Values below the range of normal float32 numbers, 10⁻³⁷, may be 0.
            double expected = Table[name].Value(x[i]), nothing = 1e-37 * (1 + Math.Abs(x[i]));
            Assert.Equal(expected, plain[i], PlainBound(name, expected) + nothing);
            Assert.Equal(expected, simd[i], SimdBound(name, x[i], expected) + nothing);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Backward_AllFloatMagnitudes_MatchesDoublePrecision(string name)
    {
        if (Table[name] is not { Slope: { } slope, PlainBackward: { } plainBackward, SimdBackward: { } simdBackward })
        {
            return; // a derivative of y, not of x
        }

        float[] x = Line(), dY = new float[x.Length], plain = new float[x.Length], simd = new float[x.Length];
        Array.Fill(dY, -2);
        Array.Fill(plain, 0.5f);
        Array.Fill(simd, 0.5f);
        plainBackward(x, dY, plain);
        simdBackward(x, dY, simd);
        for (int i = 0; i < x.Length; i++)
        {
            // Slopes are sums of terms of at most 1.5, which cancel at an extremum: up to five roundings of such a term, doubled by dY.
            double expected = 0.5 - (2 * slope(x[i]));
            Assert.Equal(expected, plain[i], 2 * Samples.U * 3);
            Assert.Equal(expected, simd[i], 5 * Samples.U * 3);
        }
    }

    public static TheoryData<string, float[], float[]> Ends => new()
    {
        // f(∞), f(−∞), and the slopes there. 0·∞ is NaN, as in PyTorch.
        { "LeakyReLU", [float.PositiveInfinity, float.NegativeInfinity], [1, 0.3f] },
        { "ELU", [float.PositiveInfinity, -1.5f], [1, 0] },
        { "GELU", [float.PositiveInfinity, float.NaN], [float.NaN, float.NaN] },
        { "GELU by tanh", [float.PositiveInfinity, float.NaN], [float.NaN, float.NaN] },
        { "SiLU", [float.PositiveInfinity, float.NaN], [float.NaN, float.NaN] },
        { "Softplus", [float.PositiveInfinity, 0], [1, 0] },
        { "Softplus without end", [float.PositiveInfinity, 0], [1, 0] },
        { "Softplus turned round", [0, float.NegativeInfinity], [0, 1] },
        { "Sigmoid", [1, 0], [] },
        { "Tanh", [1, -1], [] },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public void Activations_InfinityAndNaN_Propagate(string name, float[] values, float[] slopes)
    {
        // Once within a full vector, once in the remainder. Neighbouring elements must not be affected.
        Activation f = Table[name];
        foreach (int at in new[] { 0, 5, 16, 18 })
        {
            foreach ((float special, int end) in new[] { (float.PositiveInfinity, 0), (float.NegativeInfinity, 1), (float.NaN, 2) })
            {
                float[] x = Samples.Normal(19, random), plain = new float[19], simd = new float[19];
                x[at] = special;
                f.Plain(x, plain);
                f.Simd(x, simd);
                float expected = end == 2 ? float.NaN : values[end];
                Assert.Equal((expected, expected), (plain[at], simd[at]));
                Assert.Equal(float.IsFinite(expected) ? 0 : 1, simd.Count(y => !float.IsFinite(y)));
                if (f is { PlainBackward: { } plainBackward, SimdBackward: { } simdBackward })
                {
                    float[] dY = new float[19], dPlain = new float[19], dSimd = new float[19];
                    Array.Fill(dY, 1);
                    plainBackward(x, dY, dPlain);
                    simdBackward(x, dY, dSimd);
                    expected = end < 2 ? slopes[end] : name == "LeakyReLU" ? slopes[1] : float.NaN; // NaN is not greater than 0
                    Assert.Equal((expected, expected), (dPlain[at], dSimd[at]));
                    Assert.Equal(float.IsFinite(expected) ? 0 : 1, dSimd.Count(slope => !float.IsFinite(slope)));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Simd_EveryLength_MatchesPlain(string name)
    {
        Activation f = Table[name];
        for (int n = 0; n <= 80; n++)
        {
            float[] x = [.. Samples.Normal(n, random).Select(value => 3 * value)], dY = Samples.Normal(n, random),
                before = Samples.Normal(n, random);
            float[] plain = Samples.Normal(n, random), simd = Samples.Normal(n, random), dPlain = [.. before], dSimd = [.. before];
            f.Plain(x, plain);
            f.Simd(x, simd);
            f.PlainBackward?.Invoke(x, dY, dPlain);
            f.SimdBackward?.Invoke(x, dY, dSimd);
            for (int i = 0; i < n; i++)
            {
                // The bounds of the tests above, for both kernels together, and one rounding of the sum in each.
                Assert.Equal(plain[i], simd[i], SimdBound(name, x[i], plain[i]) + PlainBound(name, plain[i]));
                Assert.Equal(dPlain[i], dSimd[i], 2 * Samples.U * (Math.Abs(before[i]) + (8 * Math.Abs(dY[i]))));
            }
        }
    }

    [Fact]
    public void Tanh_TinyInput_ReturnsInputWithSign()
    {
        float[] x = [0, -0f, 1e-30f, -1e-30f, float.Epsilon, -float.Epsilon, 1e-5f, -1e-5f, 0, -0f], simd = new float[10];
        SimdKernels.Tanh(x, simd);
        // x³/3 is less than half an ulp of x
        Assert.Equal(x.Select(BitConverter.SingleToInt32Bits), simd.Select(BitConverter.SingleToInt32Bits));
    }

    [Fact]
    public void Exponential_BelowSmallestNormalFloat_MayBeZero()
    {
        // Only there: at −87 the exponential is still accurate; beyond, it is 0, times its factor of 1.5, 100 or 2.
        float[] x = [-86.9f, -87.1f, -90, -100, -200], y = new float[5];
        (Forward, Func<double, double>, double)[] functions =
        [
            ((x, y) => SimdKernels.SiLU(x, y), x => x * Logistic(x), 100),
            ((x, y) => SimdKernels.Softplus(x, 1, 20, y), x => LogP1(Math.Exp(x)), 1),
            ((x, y) => SimdKernels.Sigmoid(x, y), Logistic, 1),
            ((x, y) => SimdKernels.ELUBackward(x, 1.5f, [2, 2, 2, 2, 2], y), x => 3 * Math.Exp(x), 3),
        ];
        foreach ((Forward f, Func<double, double> expected, double factor) in functions)
        {
            Array.Clear(y);
            f(x, y);
            Assert.Equal(expected(x[0]), y[0], 10 * Samples.U * Math.Abs(expected(x[0])));
            Assert.All(x.Zip(y), pair => Assert.Equal(expected(pair.First), pair.Second, 2e-38 * factor));
        }
    }

    [Fact]
    public void TanhAndSigmoid_OppositeInputs_AreSymmetric()
    {
        float[] x = [.. Samples.Normal(64, random).Select(value => 4 * value)], minus = [.. x.Select(value => -value)], y = new float[64],
            z = new float[64];
        SimdKernels.Tanh(x, y);
        SimdKernels.Tanh(minus, z);
        Assert.Equal(y.Select(value => -value), z);
        SimdKernels.Sigmoid(x, y);
        SimdKernels.Sigmoid(minus, z);
        Assert.All(y.Zip(z), pair => Assert.Equal(1, (double)pair.First + pair.Second, 4 * Samples.U)); // σ(x) + σ(−x) = 1
        SimdKernels.Sigmoid(new float[64], y);
        Assert.All(y, value => Assert.Equal(0.5f, value));
    }

    [Fact]
    public void Multiply_EveryLength_MatchesPlain()
    {
        for (int n = 0; n <= 80; n++)
        {
            float[] a = Samples.Normal(n, random), b = Samples.Normal(n, random), plain = new float[n], simd = new float[n];
            PlainKernels.Multiply(a, b, plain);
            SimdKernels.Multiply(a, b, simd);
            Assert.Equal(a.Zip(b, (x, y) => x * y), plain);
            Assert.Equal(plain, simd);

            float[] before = Samples.Normal(n, random), dPlain = [.. before], dSimd = [.. before];
            PlainKernels.MultiplyBackward(b, a, dPlain);
            SimdKernels.MultiplyBackward(b, a, dSimd);
            for (int i = 0; i < n; i++)
            {
                // The product and the sum round once each, or once together with fused multiply-add.
                double expected = before[i] + ((double)a[i] * b[i]), bound = 2 * Samples.U * (Math.Abs(before[i]) + Math.Abs(a[i] * b[i]));
                Assert.Equal(expected, dPlain[i], bound);
                Assert.Equal(expected, dSimd[i], bound);
            }
        }
    }

    /// <summary>
    /// Returns the error bound of the plain kernels. They compute in double precision and round once; Sigmoid and Tanh compute in float,
    /// with three roundings; GELU's Φ loses the last digits of a double to the ½.
    /// </summary>
    private static double PlainBound(string name, double value) =>
        ((name is "Sigmoid" or "Tanh" ? 3 : 1.01) * Samples.U * Math.Abs(value))
        + (name.StartsWith("GELU", StringComparison.Ordinal) ? 1e-14 : 0);

    /// <summary>
    /// Returns the error bound of the SIMD kernels. They round about five times (an exponential is accurate to 1u, then a sum, a quotient,
    /// a product), relative to the value itself: a value near 0 keeps its digits. Where the value vanishes like e^v, and v itself is
    /// rounded three times, the error is 3|v| larger.
    /// </summary>
    private static double SimdBound(string name, double x, double value)
    {
        double v = name switch
        {
            "GELU" => x * x / 2,
            "GELU by tanh" => 2 * Root * (x + (0.044715 * x * x * x)),
            "Softplus" => 2.5 * x,
            _ => 0,
        };
        return (5 + (x < 0 ? 3 * Math.Min(Math.Abs(v), 100) : 0)) * Samples.U * Math.Abs(value);
    }

    /// <summary>Returns values of both signs: 0, the smallest floats, every magnitude up to the largest, and small steps near 0.</summary>
    private static float[] Line()
    {
        var line = new List<float> { 0, float.Epsilon, 1e-40f, 1e4f, 1e19f, 1e30f, float.MaxValue };
        for (float size = 1e-37f; size < 1e37f; size *= 1.7f)
        {
            line.Add(size);
        }

        for (int i = 1; i < 4000; i++)
        {
            line.Add(i * 0.005f);
        }

        return [.. line.SelectMany(value => new[] { value, -value })];
    }

    private static double ExpM1(double x) =>
        Math.Abs(x) < 1e-3 ? x + (x * x / 2) + (x * x * x / 6) + (x * x * x * x / 24) : Math.Exp(x) - 1;

    private static double LogP1(double e) => e < 1e-4 ? e - (e * e / 2) + (e * e * e / 3) : Math.Log(1 + e);

    private static double Logistic(double x) => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x));

    private static double NormalDensity(double x) => Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);

    /// <summary>
    /// Φ(x) = ∫ φ from x − 10 to x, for x below 0, by Simpson's rule over 4000 steps of h = 1/400.
    /// Its error, about h⁴x⁴/180 of the value, is a tenth of a rounding at −13.
    /// </summary>
    private static double NormalDistribution(double x)
    {
        if (x > 0)
        {
            return 1 - NormalDistribution(-x);
        }

        const int Steps = 4000;
        double h = 10.0 / Steps, sum = NormalDensity(x - 10) + NormalDensity(x);
        for (int i = 1; i < Steps; i++)
        {
            sum += (i % 2 == 0 ? 2 : 4) * NormalDensity(x - (i * h));
        }

        return sum * h / 3;
    }

    private sealed record Activation(
        Func<double, double> Value,
        Func<double, double>? Slope,
        Forward Plain,
        Backward? PlainBackward,
        Forward Simd,
        Backward? SimdBackward);
}
