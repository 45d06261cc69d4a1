using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Tests.Kernels;

/// <summary>Compares the vectorized optimizer steps and the clipping of gradients with the plain kernels, for every length.</summary>
public class OptimizerKernelsTests
{
    private const int Longest = 80;

    private readonly RandomStream random = new(1, "optimizer kernels");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void MomentumStep_EveryLength_MatchesPlain(bool nesterov) => AtEveryLength(n =>
    {
        var factors = new MomentumFactors(0.1f, 0.9f, nesterov, 0.2f);
        float[] g = Values(n), wBefore = Values(n), vBefore = Values(n);
        float[] w = [.. wBefore], v = [.. vBefore], wSimd = [.. wBefore], vSimd = [.. vBefore];
        PlainKernels.MomentumStep(w, g, v, in factors);
        SimdKernels.MomentumStep(wSimd, g, vSimd, in factors);

        // In each kernel, d and v round twice, w and Nesterov's sum twice more; less often with fused multiply-add.
        AssertClose(v, vSimd, i => 8 * Samples.U * (Math.Abs(wBefore[i]) + Math.Abs(vBefore[i]) + Math.Abs(g[i])));
        AssertClose(w, wSimd, i => 8 * Samples.U * (Math.Abs(wBefore[i]) + Math.Abs(vBefore[i]) + Math.Abs(g[i])));
        Assert.True(n == 0 || (!w.SequenceEqual(wBefore) && !v.SequenceEqual(vBefore)));
    });

    [Fact]
    public void AdamStep_EveryLength_MatchesPlain() => AtEveryLength(n =>
    {
        var factors = new AdamFactors(
            0.01f, 0.9, 0.999, 1e-8f, 1 - (0.9f * 0.9f * 0.9f), 1 - (0.999f * 0.999f * 0.999f), WeightDecay: 0.2f);
        float[] g = Values(n), wBefore = Values(n), mBefore = Values(n), vBefore = Squares(n);
        float[] w = [.. wBefore], m = [.. mBefore], v = [.. vBefore];
        float[] wSimd = [.. wBefore], mSimd = [.. mBefore], vSimd = [.. vBefore];
        PlainKernels.AdamStep(w, g, m, v, in factors);
        SimdKernels.AdamStep(wSimd, g, mSimd, vSimd, in factors);

        // In each kernel, d = g + 0.2w has an error of at most 3u of its terms, and d² of twice d times that. Then m rounds three times, v
        // (all terms positive) four times, and the step m̂/√v̂ another five times. v is at least 0.999 of its old value, which keeps it
        // away from 0.
        AssertClose(m, mSimd, i => 8 * Samples.U * (Math.Abs(mBefore[i]) + Terms(g, wBefore, i)));
        AssertClose(v, vSimd, i => (10 * Samples.U * v[i]) + (0.02 * Samples.U * Math.Pow(Terms(g, wBefore, i), 2)));
        AssertClose(w, wSimd, i => 2 * Samples.U * (Math.Abs(wBefore[i])
            + (15 * 0.01 * ((Math.Abs(mBefore[i]) + Terms(g, wBefore, i)) / factors.Correction1) / Math.Sqrt(v[i] / factors.Correction2))));
        Assert.True(n == 0 || !w.SequenceEqual(wBefore));
    });

    [Fact]
    public void NAdamStep_EveryLength_MatchesPlain() => AtEveryLength(n =>
    {
        var factors = new NAdamFactors(0.005f, 0.02f, 0.9, 0.999, 1e-8f, 1 - (0.999f * 0.999f * 0.999f), WeightDecay: 0.2f);
        float[] g = Values(n), wBefore = Values(n), mBefore = Values(n), vBefore = Squares(n);
        float[] w = [.. wBefore], m = [.. mBefore], v = [.. vBefore];
        float[] wSimd = [.. wBefore], mSimd = [.. mBefore], vSimd = [.. vBefore];
        PlainKernels.NAdamStep(w, g, m, v, in factors);
        SimdKernels.NAdamStep(wSimd, g, mSimd, vSimd, in factors);

        // As for Adam, with one more sum in the step.
        AssertClose(m, mSimd, i => 8 * Samples.U * (Math.Abs(mBefore[i]) + Terms(g, wBefore, i)));
        AssertClose(v, vSimd, i => (10 * Samples.U * v[i]) + (0.02 * Samples.U * Math.Pow(Terms(g, wBefore, i), 2)));
        AssertClose(w, wSimd, i => 2 * Samples.U * (Math.Abs(wBefore[i])
            + (15 * 0.025 * (Math.Abs(mBefore[i]) + Terms(g, wBefore, i)) / Math.Sqrt(v[i] / factors.Correction2))));
        Assert.True(n == 0 || !w.SequenceEqual(wBefore));
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void RMSPropStep_EveryLength_MatchesPlain(bool centered) => AtEveryLength(n =>
    {
        // s starts above m², as it always is in a run: the variance is then more than a quarter of s.
        var factors = new RMSPropFactors(0.1f, 0.9, 1e-8f, 0.2f, 0.5f, centered);
        float[] g = Values(n), wBefore = Values(n), mBefore = Values(n), vBefore = Values(n);
        float[] sBefore = [.. mBefore.Select(m => 1 + (2 * m * m))];
        float[] w = [.. wBefore], s = [.. sBefore], m = [.. mBefore], v = [.. vBefore];
        float[] wSimd = [.. wBefore], sSimd = [.. sBefore], mSimd = [.. mBefore], vSimd = [.. vBefore];
        PlainKernels.RMSPropStep(w, g, s, m, v, in factors);
        SimdKernels.RMSPropStep(wSimd, g, sSimd, mSimd, vSimd, in factors);

        // s and m as Adam's v and m. s is at least 0.9, so the quotient has an error of d's 3u plus about 4 · 14u/2 of itself, and both
        // round.
        AssertClose(s, sSimd, i => (10 * Samples.U * s[i]) + (2 * Samples.U * Math.Pow(Terms(g, wBefore, i), 2)));
        AssertClose(m, mSimd, i => 8 * Samples.U * (Math.Abs(mBefore[i]) + Terms(g, wBefore, i)));
        AssertClose(v, vSimd, i => Samples.U * ((4 * Math.Abs(vBefore[i])) + (100 * Terms(g, wBefore, i))));
        AssertClose(w, wSimd, i => Samples.U * ((4 * Math.Abs(wBefore[i])) + Math.Abs(vBefore[i]) + (12 * Terms(g, wBefore, i))));
        Assert.True(n == 0 || !w.SequenceEqual(wBefore));
    });

    [Fact]
    public void RMSPropStep_NegativeVariance_CountsAsZero() => AtEveryLength(n =>
    {
        // Without a gradient, s − m² keeps its initial value, below 0, and the quotient is 0/ε, not 0/NaN.
        var factors = new RMSPropFactors(0.1f, 0.5, 1e-8f, 0, 0.5f, Centered: true);
        float[] ones = [.. Enumerable.Repeat(1f, n)], zeros = new float[n];
        foreach (bool simd in (bool[])[false, true])
        {
            float[] w = [.. ones], s = [.. Enumerable.Repeat(0.1f, n)], m = [.. ones], v = [.. ones];
            if (simd)
            {
                SimdKernels.RMSPropStep(w, zeros, s, m, v, in factors);
            }
            else
            {
                PlainKernels.RMSPropStep(w, zeros, s, m, v, in factors);
            }

            Assert.All(v, value => Assert.Equal(0.5f, value));
            Assert.All(w, value => Assert.Equal(1 - (0.1f * 0.5f), value));
        }
    });

    [Fact]
    public void AdagradStep_EveryLength_MatchesPlain() => AtEveryLength(n =>
    {
        float[] g = Values(n), wBefore = Values(n), sBefore = [.. Squares(n).Select(s => s + 0.01f)];
        float[] w = [.. wBefore], s = [.. sBefore], wSimd = [.. wBefore], sSimd = [.. sBefore];
        PlainKernels.AdagradStep(w, g, s, 0.1f, 1e-8f, 0.2f);
        SimdKernels.AdagradStep(wSimd, g, sSimd, 0.1f, 1e-8f, 0.2f);

        // In each kernel, d has an error of 3u of its terms, and s of twice that and two roundings. s is at least 0.01 and d².
        AssertClose(s, sSimd, i => Samples.U * ((4 * s[i]) + (12 * Math.Pow(Terms(g, wBefore, i), 2))));
        AssertClose(w, wSimd, i => Samples.U * ((2 * Math.Abs(wBefore[i])) + (0.1 * (10 + (20 * Math.Pow(Terms(g, wBefore, i), 2) / s[i])))
            + (0.1 * 6 * Terms(g, wBefore, i) / Math.Sqrt(s[i]))));
        Assert.True(n == 0 || !w.SequenceEqual(wBefore));
    });

    [Fact]
    public void RPropStep_EveryLength_EqualsPlainBitForBit() => AtEveryLength(n =>
    {
        // A product and a difference of the same numbers: the results must be identical. Includes zeros, both limits of the steps, and
        // products that underflow.
        var factors = new RPropFactors(0.5f, 1.2f, 0.4f, 1.1f);
        float[] g = Values(n), p = Values(n), s = [.. Squares(n).Select(s => 0.3f + s)], w = Values(n);
        for (int i = 0; i < n; i += 4)
        {
            (g[i], p[i]) = (i % 16) switch { 0 => (0, p[i]), 4 => (g[i], 0), 8 => (1e-30f, -1e-30f), _ => (float.NaN, p[i]) };
        }

        float[] wSimd = [.. w], sSimd = [.. s], pSimd = [.. p];
        PlainKernels.RPropStep(w, g, s, p, in factors);
        SimdKernels.RPropStep(wSimd, g, sSimd, pSimd, in factors);
        Assert.Equal(s, sSimd);
        Assert.Equal(p, pSimd);
        Assert.Equal(w, wSimd);
        Assert.All(s, step => Assert.InRange(step, 0.4f, 1.1f));
        Assert.DoesNotContain(float.NaN, w);
        Assert.True(n <= 8 || (p[8] == 0 && pSimd[8] == 0), "the sign has changed, although the numbers are tiny");
    });

    [Fact]
    public void SumOfSquares_EveryLength_MatchesPlainInDoublePrecision() => AtEveryLength(n =>
    {
        // Squares of floats are exact in double. Only the order of n additions of positive numbers differs, with a relative error of 2⁻⁵³
        // each.
        float[] g = [.. Values(n).Select((value, i) => i % 7 == 3 ? 1e25f : value)]; // 1e25² would overflow a float
        double exact = g.Sum(value => (double)value * value);
        Assert.Equal(exact, PlainKernels.SumOfSquares(g), exact * n * 1.2e-16);
        Assert.Equal(exact, SimdKernels.SumOfSquares(g), exact * n * 1.2e-16);
    });

    [Fact]
    public void Scale_EveryLength_EqualsPlainBitForBit() => AtEveryLength(n =>
    {
        float[] before = Values(n), plain = [.. before], simd = [.. before];
        PlainKernels.Scale(plain, 0.7f);
        SimdKernels.Scale(simd, 0.7f);
        Assert.Equal(before.Select(value => value * 0.7f), plain);
        Assert.Equal(plain, simd);
    });

    [Fact]
    public void Clip_EveryLength_EqualsPlainBitForBit() => AtEveryLength(n =>
    {
        float[] plain =
        [
            .. Values(n).Select((value, i) => (i % 9) switch
            {
                2 => float.NaN,
                4 => float.PositiveInfinity,
                7 => float.NegativeInfinity,
                _ => value,
            }),
        ];
        float[] before = [.. plain], simd = [.. plain];
        PlainKernels.Clip(plain, 0.7f);
        SimdKernels.Clip(simd, 0.7f);
        Assert.Equal(before.Select(value => float.IsNaN(value) ? value : MathF.Max(-0.7f, MathF.Min(0.7f, value))), plain);
        Assert.Equal(plain, simd);
    });

    private static double Terms(float[] g, float[] w, int i) => Math.Abs(g[i]) + (0.2 * Math.Abs(w[i]));

    private float[] Values(int n) => Samples.Normal(n, random);

    private float[] Squares(int n) => [.. Values(n).Select(value => (value * value) + 1e-3f)];

    private static void AtEveryLength(Action<int> check)
    {
        for (int n = 0; n <= Longest; n++)
        {
            check(n);
        }
    }

    private static void AssertClose(float[] plain, float[] simd, Func<int, double> bound)
    {
        Assert.Equal(plain.Length, simd.Length);
        for (int i = 0; i < plain.Length; i++)
        {
            double difference = Math.Abs((double)plain[i] - simd[i]);
            if (!(difference <= bound(i)))
            {
                Assert.Fail($"element {i} of {plain.Length}: plain {plain[i]:R}, simd {simd[i]:R}, bound {bound(i)}");
            }
        }
    }
}
