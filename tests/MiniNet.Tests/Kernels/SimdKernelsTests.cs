using System.Reflection;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Tests.Kernels;

/// <summary>
/// Compares each vectorized kernel with its plain version, for every length from 0 to more than two of the widest vectors.
/// </summary>
public class SimdKernelsTests
{
    private const int Longest = 80;

    private readonly RandomStream random = new(1, "kernels");

    [Fact]
    public void Kernel_EveryPlainKernel_IsDispatchedAndComparedWithSimd()
    {
        // A kernel may have no SIMD version; then `Kernel` always calls the plain one. Compares parameter names, because `Kernel` takes a
        // MatrixView where a sum may be marked as zero, and the plain kernel takes a span.
        static string[] Signatures(Type type) =>
        [
            .. type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.DeclaredOnly)
                .Where(method => method.IsAssembly || (method.IsPublic && type != typeof(Kernel)))
                .Select(method =>
                    $"{method.Name}(" +
                    string.Join(
                        ", ",
                        method.GetParameters().Where(parameter => !parameter.IsOptional).Select(parameter => parameter.Name)) +
                    ")")
        ];
        Assert.Equal(Signatures(typeof(PlainKernels)).Order(), Signatures(typeof(Kernel)).Order());
        Assert.Empty(Signatures(typeof(SimdKernels)).Except(Signatures(typeof(PlainKernels))));
    }

    [Fact]
    public void Sum_EveryLength_EqualsPlainBitForBit() => AtEveryLength(n =>
    {
        // One rounding per element and only one order: the results must be identical.
        float[] a = Values(n), b = Values(n), plain = Values(n), simd = Values(n);
        PlainKernels.Sum(a, b, plain);
        SimdKernels.Sum(a, b, simd);
        Assert.Equal(plain, simd);
    });

    [Fact]
    public void Accumulate_EveryLength_EqualsPlainBitForBit() => AtEveryLength(n =>
    {
        float[] dY = Values(n), plain = Values(n), simd = [.. plain];
        PlainKernels.Accumulate(dY, plain);
        SimdKernels.Accumulate(dY, simd);
        Assert.Equal(plain, simd);
    });

    [Fact]
    public void ReLU_EveryLength_EqualsPlainBitForBit() => AtEveryLength(n =>
    {
        float[] x = WithSpecials(Values(n)), plain = Values(n), simd = Values(n);
        PlainKernels.ReLU(x, plain);
        SimdKernels.ReLU(x, simd);
        Assert.Equal(plain, simd);
    });

    [Fact]
    public void ReLU_NaN_Propagates() => AtEveryLength(n =>
    {
        for (int at = 0; at < n; at++)
        {
            float[] x = Values(n), plain = new float[n], simd = new float[n];
            x[at] = float.NaN;
            PlainKernels.ReLU(x, plain);
            SimdKernels.ReLU(x, simd);
            Assert.True(float.IsNaN(plain[at]), "plain");
            Assert.True(float.IsNaN(simd[at]), "simd");
            Assert.Equal(1, simd.Count(float.IsNaN));
        }
    });

    [Fact]
    public void ReLUBackward_EveryLength_EqualsPlainBitForBit() => AtEveryLength(n =>
    {
        float[] x = WithSpecials(Values(n)), dY = Values(n), plain = Values(n), simd = [.. plain];
        PlainKernels.ReLUBackward(x, dY, plain);
        SimdKernels.ReLUBackward(x, dY, simd);
        Assert.Equal(plain, simd);
    });

    [Fact]
    public void Sigmoid_EveryLength_MatchesPlainWithinFewUlps() => AtEveryLength(n =>
    {
        // In each kernel: two exponentials, each accurate to 2 ulps; 1 + e and the quotient round once each. All values are at most 1.
        float[] x = Values(n, scale: 4), plain = Values(n), simd = Values(n);
        PlainKernels.Sigmoid(x, plain);
        SimdKernels.Sigmoid(x, simd);
        AssertClose(plain, simd, _ => 12 * Samples.U);
    });

    [Fact]
    public void Sigmoid_ExtremeInputs_Is0Or1()
    {
        float[] x = [-1e4f, -200, 200, 1e4f, float.NegativeInfinity, float.PositiveInfinity, -1e4f, 1e4f, 0];
        float[] expected = [0, 0, 1, 1, 0, 1, 0, 1, 0.5f];
        var plain = new float[x.Length];
        var simd = new float[x.Length];
        PlainKernels.Sigmoid(x, plain);
        SimdKernels.Sigmoid(x, simd);
        Assert.Equal(expected, plain);
        Assert.Equal(expected, simd);
    }

    [Fact]
    public void SigmoidBackward_EveryLength_MatchesPlain() => AtEveryLength(n =>
    {
        // In each kernel: three roundings of a term of at most |dY|/4 (here |y| ≤ 4, so y(1 − y) may reach 20) and one of the sum.
        float[] y = Values(n), dY = Values(n), before = Values(n), plain = [.. before], simd = [.. before];
        PlainKernels.SigmoidBackward(y, dY, plain);
        SimdKernels.SigmoidBackward(y, dY, simd);
        AssertClose(plain, simd, i => 2 * Samples.U * (Math.Abs(before[i]) + (4 * Math.Abs(dY[i] * y[i]) * (1 + Math.Abs(y[i])))));
    });

    [Fact]
    public void Tanh_EveryLength_MatchesPlainWithinFewUlpsOf1() => AtEveryLength(n =>
    {
        // The SIMD tanh is computed from an exponential minus 1: its error is small in absolute terms near 0, though not in ulps of a small
        // y.
        float[] x = Values(n, scale: 4), plain = Values(n), simd = Values(n);
        PlainKernels.Tanh(x, plain);
        SimdKernels.Tanh(x, simd);
        AssertClose(plain, simd, _ => 12 * Samples.U);
    });

    [Fact]
    public void Tanh_ExtremeInputs_IsPlusOrMinus1()
    {
        float[] x = [-1e4f, -50, 50, 1e4f, float.NegativeInfinity, float.PositiveInfinity, -1e4f, 1e4f, -30];
        float[] expected = [-1, -1, 1, 1, -1, 1, -1, 1, -1];
        var plain = new float[x.Length];
        var simd = new float[x.Length];
        PlainKernels.Tanh(x, plain);
        SimdKernels.Tanh(x, simd);
        Assert.Equal(expected, plain);
        Assert.Equal(expected, simd);
    }

    [Fact]
    public void TanhBackward_EveryLength_MatchesPlain() => AtEveryLength(n =>
    {
        // As for the sigmoid: three roundings of a term of at most |dY|(1 + y²), one of the sum.
        float[] y = Values(n), dY = Values(n), before = Values(n), plain = [.. before], simd = [.. before];
        PlainKernels.TanhBackward(y, dY, plain);
        SimdKernels.TanhBackward(y, dY, simd);
        AssertClose(plain, simd, i => 2 * Samples.U * (Math.Abs(before[i]) + (4 * Math.Abs(dY[i]) * (1 + (y[i] * y[i])))));
    });

    [Fact]
    public void AddColumnSums_EveryLength_MatchesPlain() => AtEveryLength(n =>
    {
        // Five rows and the old value: five roundings in one kernel and one in the other, each of at most the sum of the magnitudes.
        MatrixView dY = Samples.Matrix(5, n, random);
        float[] plain = Values(n), simd = [.. plain], before = [.. plain];
        PlainKernels.AddColumnSums(dY, plain);
        SimdKernels.AddColumnSums(dY, simd);
        for (int j = 0; j < n; j++)
        {
            float size = Math.Abs(before[j]) + Enumerable.Range(0, 5).Sum(i => Math.Abs(dY[i, j]));
            Assert.Equal(plain[j], simd[j], 6 * Samples.U * size);
        }
    });

    [Fact]
    public void Sums_TargetMarkedAsZero_OverwriteIt() => AtEveryLength(n =>
    {
        MatrixView p = Samples.Matrix(5, n, random), x = Samples.Matrix(5, n, random);
        int[] classes = Samples.Classes(5, Math.Max(n, 1), random);
        float[] zeros = new float[5 * n], old = [.. Enumerable.Repeat(float.NaN, 5 * n)];
        SimdKernels.ReLUBackward(x.Span, p.Span, zeros);
        SimdKernels.ReLUBackward(x.Span, p.Span, old, overwrite: true);
        Assert.Equal(zeros, old);

        float[] sums = new float[n], oldSums = [.. Enumerable.Repeat(float.NaN, n)];
        SimdKernels.AddColumnSums(p, sums);
        SimdKernels.AddColumnSums(p, oldSums, overwrite: true);
        Assert.Equal(sums, oldSums);

        zeros.AsSpan().Clear();
        old.AsSpan().Fill(float.NaN);
        if (n > 0)
        {
            SimdKernels.SoftmaxCrossEntropyBackward(p, classes, 1, new MatrixView(zeros, 5, n));
            SimdKernels.SoftmaxCrossEntropyBackward(p, classes, 1, new MatrixView(old, 5, n, overwrite: true));
            Assert.Equal(zeros, old);
        }
    });

    [Fact]
    public void AddColumnSums_NoRows_LeavesTargetUnchanged()
    {
        float[] db = [1, -2, 3];
        SimdKernels.AddColumnSums(new MatrixView([], 0, 3), db);
        Assert.Equal([1, -2, 3], db);
    }

    [Fact]
    public void SoftmaxCrossEntropyBackward_EveryLength_MatchesPlain() => AtEveryLength(n =>
    {
        // Terms are at most dL/3. Each kernel rounds a term at most three times, that of the true class, a sum, n/8 times more, and the sum
        // once.
        MatrixView p = Samples.Matrix(3, n, random), before = Samples.Matrix(3, n, random);
        if (n == 0)
        {
            return; // there is no class
        }

        SimdKernels.Softmax(p, p);
        MatrixView plain = new([.. before.Data], 3, n), simd = new([.. before.Data], 3, n);
        int[] classes = Samples.Classes(3, n, random);
        PlainKernels.SoftmaxCrossEntropyBackward(p, classes, 0.7f, plain);
        SimdKernels.SoftmaxCrossEntropyBackward(p, classes, 0.7f, simd);
        AssertClose(plain.Data, simd.Data, i => 10 * Samples.U * (Math.Abs(before.Data[i]) + (0.7 / 3)));
    });

    [Fact]
    public void SoftmaxCrossEntropy_EveryLength_MatchesPlain() => AtEveryLength(n =>
    {
        if (n == 0)
        {
            return;
        }

        MatrixView z = Samples.Matrix(3, n, random), plain = Samples.Matrix(3, n, random), simd = Samples.Matrix(3, n, random);
        int[] classes = Samples.Classes(3, n, random);
        float plainLoss = PlainKernels.SoftmaxCrossEntropy(z, classes, plain);
        float simdLoss = SimdKernels.SoftmaxCrossEntropy(z, classes, simd);

        // Here z − max is at most 10 and rounds to 10u, which e^ turns into a relative error; e^ adds 4u, the sum nu, the quotient u.
        double relative = 2 * (n + 15) * Samples.U;
        AssertClose(plain.Data, simd.Data, i => relative * plain.Data[i]);

        // The relative error of the sum is the absolute error of its log. The log itself, at most log 80, and the difference round again.
        AssertClose([plainLoss], [simdLoss], _ => relative + (2 * 20 * Samples.U));

        // p alone uses the same code path as p with the loss.
        MatrixView alone = Samples.Matrix(3, n, random);
        SimdKernels.Softmax(z, alone);
        Assert.Equal(simd.Data, alone.Data);
        PlainKernels.Softmax(z, alone);
        Assert.Equal(plain.Data, alone.Data);
    });

    private float[] Values(int n, float scale = 1) => [.. Samples.Normal(n, random).Select(value => scale * value)];

    // Inserts the kink, both zeros, and both infinities, as far as there is room.
    private static float[] WithSpecials(float[] x)
    {
        float[] specials = [0, -0f, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, -float.Epsilon];
        for (int i = 0; i < x.Length; i += 5)
        {
            x[i] = specials[i / 5 % specials.Length];
        }

        return x;
    }

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
            bool same = plain[i].Equals(simd[i]); // NaN too
            if (!(same || difference <= bound(i)))
            {
                Assert.Fail($"element {i} of {plain.Length}: plain {plain[i]:R}, simd {simd[i]:R}, bound {bound(i)}");
            }
        }
    }
}
