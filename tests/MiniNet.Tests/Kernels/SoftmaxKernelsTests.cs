using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Tests.Kernels;

/// <summary>The kernels of the softmax layers against double precision, and the fast ones against the plain ones at every width.</summary>
public class SoftmaxKernelsTests
{
    private const int Rows = 3;

    private readonly RandomStream random = new(5, "kernels");

    private delegate void Backward(MatrixView y, MatrixView dY, MatrixView dX);

    [Fact]
    public void LogSoftmax_IsThatOfDoublePrecision_AtEveryWidth()
    {
        for (int columns = 1; columns <= 80; columns++)
        {
            MatrixView x = Samples.Matrix(Rows, columns, random), plain = Samples.Matrix(Rows, columns, random), simd = Samples.Matrix(Rows, columns, random);
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
                    // The plain side rounds once. The other rounds x − max, the logarithm (at most log 80 = 4.4) and their difference, and the
                    // relative error of its sum of exponentials, 2u each and columns/8 additions, is an absolute one of the logarithm.
                    double expected = x[i, j] - Math.Log(sum);
                    Assert.Equal(expected, plain[i, j], 1.01 * Samples.U * Math.Abs(expected));
                    Assert.Equal(expected, simd[i, j], Samples.U * ((2 * Math.Abs(expected)) + 4.4 + 3 + (columns / 8)));
                }
            }
        }
    }

    [Fact]
    public void LogSoftmax_FarOut_KeepsItsDigits()
    {
        float[][] rows = [[1e4f, 1e4f - 1, -1e4f], [-1e4f, -1e4f, -1e4f], [0, float.NegativeInfinity, 0], [200, 0, -200], [1e30f, -1e30f, 0]];
        double pair = Math.Log(1 + Math.Exp(-1));
        double[][] expected =
        [
            [-pair, -1 - pair, -2e4 - pair], [-Math.Log(3), -Math.Log(3), -Math.Log(3)], [-Math.Log(2), double.NegativeInfinity, -Math.Log(2)],
            [0, -200, -400], [0, (float)-2e30, -1e30f],
        ];
        for (int i = 0; i < rows.Length; i++)
        {
            // Wide rows too, so that the vectors come in: the rest is −∞, e^−∞ = 0.
            foreach (int columns in new[] { 3, 19, 40 })
            {
                float[] wide = [.. rows[i], .. Enumerable.Repeat(float.NegativeInfinity, columns - 3)];
                MatrixView x = new(wide, 1, columns), plain = new(new float[columns], 1, columns), simd = new(new float[columns], 1, columns);
                PlainKernels.LogSoftmax(x, plain);
                SimdKernels.LogSoftmax(x, simd);
                for (int j = 0; j < columns; j++)
                {
                    double log = j < 3 ? expected[i][j] : double.NegativeInfinity, bound = double.IsFinite(log) ? 4 * Samples.U * Math.Abs(log) : 0;
                    Assert.Equal(log, plain[0, j], bound);
                    Assert.Equal(log, simd[0, j], bound);
                }
            }
        }
    }

    [Fact]
    public void LogSoftmax_OfOneColumn_IsExactly0()
    {
        // Of one number among nothing, too: log 1, in which an exponential of 0 that is not 1 would show.
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
    public void ANaN_FillsItsOwnRowAndNoOther()
    {
        foreach (int at in new[] { 0, 9, 18 })
        {
            MatrixView x = Samples.Matrix(Rows, 19, random), plain = new(new float[Rows * 19], Rows, 19), simd = new(new float[Rows * 19], Rows, 19);
            x[1, at] = float.NaN;
            foreach (Action<MatrixView, MatrixView> forward in new Action<MatrixView, MatrixView>[] { PlainKernels.LogSoftmax, SimdKernels.LogSoftmax, PlainKernels.Softmax, SimdKernels.Softmax })
            {
                forward(x, plain);
                Assert.Equal(Enumerable.Range(19, 19), Enumerable.Range(0, Rows * 19).Where(i => float.IsNaN(plain.Data[i])));
            }

            PlainKernels.Softmax(x, plain);
            foreach (Backward backward in new Backward[] { PlainKernels.SoftmaxBackward, SimdKernels.SoftmaxBackward, PlainKernels.LogSoftmaxBackward, SimdKernels.LogSoftmaxBackward })
            {
                simd.Span.Clear();
                backward(plain, x, simd);
                Assert.Equal(Enumerable.Range(19, 19), Enumerable.Range(0, Rows * 19).Where(i => float.IsNaN(simd.Data[i])));
            }
        }
    }

    [Fact]
    public void SoftmaxBackward_IsTheJacobian_AtEveryWidth() => AtEveryWidth(
        PlainKernels.Softmax, PlainKernels.SoftmaxBackward, SimdKernels.SoftmaxBackward, (yk, yj, same) => yk * ((same ? 1 : 0) - yj));

    [Fact]
    public void LogSoftmaxBackward_IsTheJacobian_AtEveryWidth() => AtEveryWidth(
        PlainKernels.LogSoftmax, PlainKernels.LogSoftmaxBackward, SimdKernels.LogSoftmaxBackward, (_, yj, same) => (same ? 1 : 0) - Math.Exp(yj));

    [Fact]
    public void SoftmaxBackward_OfAConstant_IsAlmostNothing()
    {
        // Adding up to 1, the probabilities do not move however all are pulled. y itself is rounded, so Σ y is 1 to about a rounding.
        MatrixView x = Samples.Matrix(1, 40, random), y = new(new float[40], 1, 40), dY = new(new float[40], 1, 40), dX = new(new float[40], 1, 40);
        dY.Span.Fill(1e4f);
        PlainKernels.Softmax(x, y);
        PlainKernels.SoftmaxBackward(y, dY, dX);
        Assert.All(dX.Data, d => Assert.Equal(0, d, 1e4 * 20 * Samples.U));
        dX.Span.Clear();
        SimdKernels.SoftmaxBackward(y, dY, dX);
        Assert.All(dX.Data, d => Assert.Equal(0, d, 1e4 * 20 * Samples.U));
    }

    /// <param name="forward">Makes a y for the derivative to be taken at.</param>
    /// <param name="plain">dX by the plain side.</param>
    /// <param name="simd">dX by the other.</param>
    /// <param name="jacobian">∂yₖ/∂xⱼ from yₖ, yⱼ and whether k = j.</param>
    private void AtEveryWidth(Action<MatrixView, MatrixView> forward, Backward plain, Backward simd, Func<double, double, bool, double> jacobian)
    {
        for (int columns = 1; columns <= 80; columns++)
        {
            MatrixView x = Samples.Matrix(Rows, columns, random), y = Samples.Matrix(Rows, columns, random), dY = Samples.Matrix(Rows, columns, random);
            MatrixView dPlain = Samples.Matrix(Rows, columns, random), dSimd = new([.. dPlain.Data], Rows, columns);
            float[] before = [.. dPlain.Data];
            forward(x, y);
            plain(y, dY, dPlain);
            simd(y, dY, dSimd);
            for (int i = 0; i < Rows; i++)
            {
                for (int j = 0; j < columns; j++)
                {
                    double expected = before[(i * columns) + j], terms = Math.Abs(expected) + Math.Abs(dY[i, j]);
                    for (int k = 0; k < columns; k++)
                    {
                        double term = dY[i, k] * jacobian(y[i, k], y[i, j], k == j);
                        expected += term;
                        terms += Math.Abs(term);
                    }

                    // In double but for the last two roundings; in float a handful, and columns/8 additions, of terms that may cancel.
                    Assert.Equal(expected, dPlain[i, j], 2.1 * Samples.U * terms);
                    Assert.Equal(expected, dSimd[i, j], (6 + (columns / 8)) * Samples.U * terms);
                }
            }
        }
    }
}
