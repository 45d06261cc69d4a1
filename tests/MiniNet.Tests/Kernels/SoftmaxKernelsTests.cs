using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Tests.Kernels;

/// <summary>
/// Compares the kernels of the softmax layers with double precision, and the SIMD kernels with the plain ones for every width.
/// </summary>
public class SoftmaxKernelsTests
{
    private const int Rows = 3;

    private readonly RandomStream random = new(5, "kernels");

    private delegate void Forward(in MatrixView x, in MatrixView y);

    private delegate void Backward(in MatrixView y, in MatrixView dY, in MatrixView dX);

    [Fact]
    public void LogSoftmax_EveryWidth_MatchesDoublePrecision()
    {
        for (int columns = 1; columns <= 80; columns++)
        {
            MatrixView x = Samples.Matrix(Rows, columns, random), plain = Samples.Matrix(Rows, columns, random),
                simd = Samples.Matrix(Rows, columns, random);
            PlainKernels.LogSoftmax(x, plain);
            SimdKernels.LogSoftmax(x, simd);
            for (int i = 0; i < Rows; i++)
            {
                double sum = 0;
                for (int j = 0; j < columns; j++)
                {
                    sum += Math.Exp(x[i, j]);
                }

                for (int j = 0; j < columns; j++)
                {
                    // The plain kernel rounds once. The SIMD kernel rounds x − max, the logarithm (at most log 80 = 4.4) and their
                    // difference. The relative error of its sum of exponentials, 2u each and columns/8 additions, is an absolute error of
                    // the logarithm.
                    double expected = x[i, j] - Math.Log(sum);
                    Assert.Equal(expected, plain[i, j], 1.01 * Samples.U * Math.Abs(expected));
                    Assert.Equal(expected, simd[i, j], Samples.U * ((2 * Math.Abs(expected)) + 4.4 + 3 + (columns / 8)));
                }
            }
        }
    }

    [Fact]
    public void LogSoftmax_ExtremeInputs_KeepsPrecision()
    {
        float[][] rows = [
            [1e4f, 1e4f - 1, -1e4f], [-1e4f, -1e4f, -1e4f], [0, float.NegativeInfinity, 0], [200, 0, -200], [1e30f, -1e30f, 0]];
        double pair = Math.Log(1 + Math.Exp(-1));
        double[][] expected =
        [
            [-pair, -1 - pair, -2e4 - pair], [-Math.Log(3), -Math.Log(3), -Math.Log(3)],
            [-Math.Log(2), double.NegativeInfinity, -Math.Log(2)],
            [0, -200, -400], [0, (float)-2e30, -1e30f],
        ];
        for (int i = 0; i < rows.Length; i++)
        {
            // Wide rows too, which use full vectors: the rest is −∞, e^−∞ = 0.
            foreach (int columns in new[] { 3, 19, 40 })
            {
                float[] wide = [.. rows[i], .. Enumerable.Repeat(float.NegativeInfinity, columns - 3)];
                MatrixView x = new(wide, 1, columns), plain = new(new float[columns], 1, columns),
                    simd = new(new float[columns], 1, columns);
                PlainKernels.LogSoftmax(x, plain);
                SimdKernels.LogSoftmax(x, simd);
                for (int j = 0; j < columns; j++)
                {
                    double log = j < 3 ? expected[i][j] : double.NegativeInfinity,
                        bound = double.IsFinite(log) ? 4 * Samples.U * Math.Abs(log) : 0;
                    Assert.Equal(log, plain[0, j], bound);
                    Assert.Equal(log, simd[0, j], bound);
                }
            }
        }
    }

    [Fact]
    public void LogSoftmax_SingleColumn_IsExactlyZero()
    {
        // Also with one number that dominates all others: log 1 would show an exponential of 0 that is not exactly 1.
        foreach (float[] x in new float[][] { [3.7f], [-1e4f], [0.1f, .. Enumerable.Repeat(-1e4f, 15)] })
        {
            var y = new float[x.Length];
            SimdKernels.LogSoftmax(new MatrixView(x, 1, x.Length), new MatrixView(y, 1, x.Length));
            Assert.Equal(0, y[0]);
            PlainKernels.LogSoftmax(new MatrixView(x, 1, x.Length), new MatrixView(y, 1, x.Length));
            Assert.Equal(0, y[0]);
        }
    }

    [Fact]
    public void Softmax_NaN_FillsOnlyItsRow()
    {
        foreach (int at in new[] { 0, 9, 18 })
        {
            MatrixView x = Samples.Matrix(Rows, 19, random), plain = new(new float[Rows * 19], Rows, 19),
                simd = new(new float[Rows * 19], Rows, 19);
            x[1, at] = float.NaN;
            foreach (Forward forward in new Forward[]
            {
                PlainKernels.LogSoftmax, SimdKernels.LogSoftmax, PlainKernels.Softmax, SimdKernels.Softmax,
            })
            {
                forward(x, plain);
                Assert.Equal(Enumerable.Range(19, 19), Enumerable.Range(0, Rows * 19).Where(i => float.IsNaN(plain.Data[i])));
            }

            PlainKernels.Softmax(x, plain);
            foreach (Backward backward in new Backward[]
            {
                PlainKernels.SoftmaxBackward, SimdKernels.SoftmaxBackward, PlainKernels.LogSoftmaxBackward, SimdKernels.LogSoftmaxBackward,
            })
            {
                simd.Span.Clear();
                backward(plain, x, simd);
                Assert.Equal(Enumerable.Range(19, 19), Enumerable.Range(0, Rows * 19).Where(i => float.IsNaN(simd.Data[i])));
            }
        }
    }

    [Theory]
    [InlineData(float.PositiveInfinity, 1, 2)]
    [InlineData(1, 2, float.PositiveInfinity)]
    [InlineData(float.PositiveInfinity, float.NegativeInfinity, float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity)]
    public void Softmax_InfiniteMaximum_GivesNaNRow(float a, float b, float c)
    {
        // As in PyTorch: ∞ − ∞ does not say how far apart the scores are.
        foreach (int columns in new[] { 3, 19, 70 })
        {
            MatrixView z = new([a, b, c, .. Enumerable.Repeat(float.NegativeInfinity, columns - 3)], 1, columns);
            foreach (Forward forward in new Forward[]
            {
                PlainKernels.Softmax, SimdKernels.Softmax, PlainKernels.LogSoftmax, SimdKernels.LogSoftmax,
            })
            {
                MatrixView y = new(new float[columns], 1, columns);
                forward(z, y);
                Assert.All(y.Data, value => Assert.Equal(float.NaN, value));
            }

            for (int t = 0; t < columns; t++)
            {
                MatrixView p = new(new float[columns], 1, columns), dZ = new(new float[columns], 1, columns),
                    dZSimd = new(new float[columns], 1, columns);
                Assert.Equal(
                    (float.NaN, float.NaN), (PlainKernels.SoftmaxCrossEntropy(z, [t], p), SimdKernels.SoftmaxCrossEntropy(z, [t], p)));
                PlainKernels.SoftmaxCrossEntropyBackward(p, [t], 1, dZ);
                SimdKernels.SoftmaxCrossEntropyBackward(p, [t], 1, dZSimd);
                Assert.All(dZ.Data, slope => Assert.Equal(float.NaN, slope));
                Assert.All(dZSimd.Data, slope => Assert.Equal(float.NaN, slope));
            }
        }
    }

    [Theory]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void SoftmaxBackward_InfiniteGradient_GivesOppositeInfinityElsewhere(float infinite)
    {
        // As in PyTorch, at the largest probability or at another.
        foreach (int columns in new[] { 3, 19, 70 })
        {
            for (int at = 0; at < 3; at++)
            {
                MatrixView x = new([5, 1, 2, .. new float[columns - 3]], 1, columns), y = new(new float[columns], 1, columns),
                    dY = new(new float[columns], 1, columns);
                dY[0, at] = infinite;
                foreach ((Forward forward, Backward backward) in new (Forward, Backward)[]
                {
                    (PlainKernels.Softmax, PlainKernels.SoftmaxBackward), (PlainKernels.Softmax, SimdKernels.SoftmaxBackward),
                    (PlainKernels.LogSoftmax, PlainKernels.LogSoftmaxBackward), (PlainKernels.LogSoftmax, SimdKernels.LogSoftmaxBackward),
                })
                {
                    MatrixView dX = new(new float[columns], 1, columns);
                    forward(x, y);
                    backward(y, dY, dX);
                    Assert.Equal(Enumerable.Range(0, columns).Select(j => j == at ? float.NaN : -infinite), dX.Data);
                }
            }
        }
    }

    [Fact]
    public void SoftmaxBackward_EveryWidth_MatchesDerivative() => AtEveryWidth(
        PlainKernels.Softmax, PlainKernels.SoftmaxBackward, SimdKernels.SoftmaxBackward, (pk, pj, same) => pk * ((same ? 1 : 0) - pj));

    [Fact]
    public void LogSoftmaxBackward_EveryWidth_MatchesDerivative() => AtEveryWidth(
        PlainKernels.LogSoftmax, PlainKernels.LogSoftmaxBackward, SimdKernels.LogSoftmaxBackward, (_, pj, same) => (same ? 1 : 0) - pj);

    [Theory]
    [InlineData(3)]
    [InlineData(40)]
    public void SoftmaxBackward_ConfidentRow_KeepsPrecision(int columns)
    {
        // One y is 1 as a float; the others are about e⁻²², and so is every gradient.
        foreach (int sure in new[] { 0, columns - 1 })
        {
            MatrixView x = Samples.Matrix(1, columns, random), dY = Samples.Matrix(1, columns, random);
            x[0, sure] = 22;
            MatrixView y = new(new float[columns], 1, columns), plain = new(new float[columns], 1, columns),
                simd = new(new float[columns], 1, columns);
            PlainKernels.Softmax(x, y);
            Assert.Equal(1, y[0, sure]);
            PlainKernels.SoftmaxBackward(y, dY, plain);
            SimdKernels.SoftmaxBackward(y, dY, simd);
            double[] p = Probabilities(x, 0);
            for (int j = 0; j < columns; j++)
            {
                // ∂L/∂xⱼ = pⱼ Σₖ pₖ (dYⱼ − dYₖ), in which nothing cancels except differences of dY. x − 22 rounds to 16u, which e^ makes
                // relative. The plain kernel computes the difference in double, with an error of 10⁻¹⁵ of dY; the SIMD kernel in float,
                // from 0.
                double expected = 0, terms = 0;
                for (int k = 0; k < columns; k++)
                {
                    expected += p[j] * p[k] * ((double)dY[0, j] - dY[0, k]);
                    terms += p[j] * p[k] * (Math.Abs(dY[0, j]) + Math.Abs(dY[0, k])) * (k == j ? 0 : 1);
                }

                Assert.Equal(expected, plain[0, j], (24 * Samples.U * terms) + 1e-15);
                Assert.Equal(expected, simd[0, j], 30 * Samples.U * terms);
            }
        }
    }

    [Fact]
    public void SoftmaxBackward_ConstantGradient_IsZero()
    {
        // The probabilities add up to 1, so adding a constant to all scores does not change them.
        MatrixView x = Samples.Matrix(1, 40, random), y = new(new float[40], 1, 40), dY = new(new float[40], 1, 40),
            dX = new(new float[40], 1, 40);
        dY.Span.Fill(1e4f);
        PlainKernels.Softmax(x, y);
        PlainKernels.SoftmaxBackward(y, dY, dX);
        Assert.All(dX.Data, d => Assert.Equal(0, d, 1e-10)); // a few roundings of a double
        dX.Span.Clear();
        SimdKernels.SoftmaxBackward(y, dY, dX);
        Assert.All(dX.Data, d => Assert.Equal(0, d));
    }

    /// <param name="forward">Computes the y at which the derivative is taken.</param>
    /// <param name="plain">Computes dX with the plain kernel.</param>
    /// <param name="simd">Computes dX with the SIMD kernel.</param>
    /// <param name="jacobian">∂yₖ/∂xⱼ from the probabilities of k and of j and whether k = j.</param>
    private void AtEveryWidth(Forward forward, Backward plain, Backward simd, Func<double, double, bool, double> jacobian)
    {
        for (int columns = 1; columns <= 80; columns++)
        {
            MatrixView x = Samples.Matrix(Rows, columns, random), y = Samples.Matrix(Rows, columns, random),
                dY = Samples.Matrix(Rows, columns, random);
            MatrixView dPlain = Samples.Matrix(Rows, columns, random), dSimd = new([.. dPlain.Data], Rows, columns);
            float[] before = [.. dPlain.Data];
            forward(x, y);
            plain(y, dY, dPlain);
            simd(y, dY, dSimd);
            for (int i = 0; i < Rows; i++)
            {
                double[] p = Probabilities(x, i);
                for (int j = 0; j < columns; j++)
                {
                    double expected = before[(i * columns) + j], terms = Math.Abs(expected) + Math.Abs(dY[i, j]);
                    for (int k = 0; k < columns; k++)
                    {
                        double term = dY[i, k] * jacobian(p[k], p[j], k == j);
                        expected += term;
                        terms += Math.Abs(term);
                    }

                    // y is a float, computed from an x − max or a logarithm of up to 10 that rounds, so the probability is accurate to
                    // about 15u of itself. In float there are a handful of roundings more, and columns/8 additions, of terms that may
                    // cancel.
                    Assert.Equal(expected, dPlain[i, j], 15 * Samples.U * terms);
                    Assert.Equal(expected, dSimd[i, j], (20 + (columns / 8)) * Samples.U * terms);
                }
            }
        }
    }

    private static double[] Probabilities(MatrixView x, int row)
    {
        double[] p = [.. Enumerable.Range(0, x.Columns).Select(j => Math.Exp(x[row, j]))];
        double sum = p.Sum();
        return [.. p.Select(e => e / sum)];
    }
}
