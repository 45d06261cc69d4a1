using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Tests.Kernels;

/// <summary>Compares the plain kernels, which are the reference for the SIMD kernels, with formulas in double precision.</summary>
public class PlainKernelsTests
{
    private readonly RandomStream random = new(2, "kernels");

    [Fact]
    public void ReLU_AnyInput_ReturnsMaxWithZero()
    {
        float[] x = [-2, -0f, 0, 3, float.NegativeInfinity, float.PositiveInfinity], y = new float[x.Length];
        PlainKernels.ReLU(x, y);
        Assert.Equal([0, 0, 0, 3, 0, float.PositiveInfinity], y);
    }

    [Fact]
    public void ReLUBackward_AtTheKink_IsZero()
    {
        float[] dX = [10, 10, 10, 10];
        PlainKernels.ReLUBackward([-1, -0f, 0, 1], [5, 5, 5, 5], dX);
        Assert.Equal([10, 10, 10, 15], dX);
    }

    [Fact]
    public void SumAndAccumulate_AddElementwise()
    {
        var y = new float[2];
        PlainKernels.Sum([1, 2], [-3, 5], y);
        Assert.Equal([-2, 7], y);
        PlainKernels.Accumulate([10, 20], y);
        Assert.Equal([8, 27], y);
    }

    [Fact]
    public void SetProductAndAddColumnSums_MatchHandComputation()
    {
        MatrixView x = new([1, 0, 0, 1], 2, 2), w = new([0, 1, 2, 3, 4, 5], 2, 3), y = new([9, 9, 9, 9, 9, 9], 2, 3);
        PlainKernels.SetProduct(x, w, [], y);
        Assert.Equal(w.Data, y.Data);
        PlainKernels.SetProduct(x, w, [1, 1, 1], y);
        Assert.Equal([1, 2, 3, 4, 5, 6], y.Data);
        float[] db = [10, 20, 30];
        PlainKernels.AddColumnSums(y, db);
        Assert.Equal([15, 27, 39], db);
    }

    [Fact]
    public void SigmoidAndTanh_MatchDoublePrecision()
    {
        float[] x = [.. Samples.Normal(200, random).Select(value => 4 * value)], sigmoid = new float[200], tanh = new float[200];
        PlainKernels.Sigmoid(x, sigmoid);
        PlainKernels.Tanh(x, tanh);
        for (int i = 0; i < x.Length; i++)
        {
            // Float math functions are accurate to about an ulp; the sigmoid rounds three times.
            Assert.Equal(1 / (1 + Math.Exp(-x[i])), sigmoid[i], 5 * Samples.U);
            Assert.Equal(Math.Tanh(x[i]), tanh[i], 3 * Samples.U);
        }
    }

    [Fact]
    public void SoftmaxCrossEntropy_MatchesDoublePrecision()
    {
        const int Rows = 7, Columns = 11;
        MatrixView z = Samples.Matrix(Rows, Columns, random), p = Samples.Matrix(Rows, Columns, random);
        int[] classes = Samples.Classes(Rows, Columns, random);
        float loss = PlainKernels.SoftmaxCrossEntropy(z, classes, p);

        // z − max (≤ 10), e^, a sum of 11 and a quotient: under 30 relative roundings.
        double expectedLoss = 0;
        for (int i = 0; i < Rows; i++)
        {
            double sum = 0;
            for (int j = 0; j < Columns; j++)
            {
                sum += Math.Exp(z[i, j]);
            }

            for (int j = 0; j < Columns; j++)
            {
                double expected = Math.Exp(z[i, j]) / sum;
                Assert.Equal(expected, p[i, j], 30 * Samples.U * expected);
            }

            expectedLoss -= (z[i, classes[i]] - Math.Log(sum)) / Rows;
        }

        Assert.Equal(expectedLoss, loss, 30 * Samples.U * (1 + expectedLoss));
    }

    public static TheoryData<float[], int, double> FarOut => new()
    {
        // L = log Σ e^(z − zₜ): 0 if t is far ahead, the distance if it is far behind, the log of the number of equal scores in between.
        { [1e4f, -1e4f, 0], 0, 0 },
        { [1e4f, -1e4f, 0], 1, 2e4 },
        { [1e4f, -1e4f, 0], 2, 1e4 },
        { [1e4f, 1e4f, 1e4f, 1e4f], 3, 1.3862943611198906 },
        { [-1e4f, -1e4f], 0, 0.6931471805599453 },
    };

    [Theory]
    [MemberData(nameof(FarOut))]
    public void SoftmaxCrossEntropy_ExtremeScores_NeitherOverflowsNorVanishes(float[] scores, int target, double expected)
    {
        var z = new MatrixView(scores, 1, scores.Length);
        MatrixView plain = new(new float[scores.Length], 1, scores.Length), simd = new(new float[scores.Length], 1, scores.Length);
        float plainLoss = PlainKernels.SoftmaxCrossEntropy(z, [target], plain);
        float simdLoss = SimdKernels.SoftmaxCrossEntropy(z, [target], simd);

        // The differences are exact; only a logarithm and two roundings remain.
        Assert.Equal(expected, plainLoss, 4 * Samples.U * (1 + expected));
        Assert.Equal(expected, simdLoss, 4 * Samples.U * (1 + expected));

        int equals = scores.Count(score => score == scores.Max());
        for (int j = 0; j < scores.Length; j++)
        {
            float p = scores[j] == scores.Max() ? 1f / equals : 0;
            Assert.Equal(p, plain.Data[j]);
            Assert.Equal(p, simd.Data[j]);
        }
    }

    [Fact]
    public void SoftmaxCrossEntropyBackward_AddsProbabilitiesMinusOneHot()
    {
        var p = new MatrixView([0.25f, 0.75f, 0.5f, 0.5f], 2, 2);
        var dZ = new MatrixView([1, 1, 1, 1], 2, 2);
        PlainKernels.SoftmaxCrossEntropyBackward(p, [0, 1], dL: 4, dZ);
        Assert.Equal([-0.5f, 2.5f, 2, 0], dZ.Data); // 1 + 4(p − 1[j = t])/2
    }

    [Fact]
    public void MeanSquaredErrorBackward_AddsTwiceDifferenceOverN()
    {
        float[] dP = [1, 1, 1, 1];
        PlainKernels.MeanSquaredErrorBackward([1, 2, 3, 4], [0, 4, 3, 8], dL: 2, dP);
        Assert.Equal([2, -1, 1, -3], dP); // 1 + 2·2(p − t)/4
        Assert.Equal(21f / 4, PlainKernels.MeanSquaredError([1, 2, 3, 4], [0, 4, 3, 8]));
    }

    [Fact]
    public void SigmoidAndTanhBackward_AddDerivative()
    {
        float[] dX = [10, 10];
        PlainKernels.SigmoidBackward([0.5f, 0.25f], [4, 16], dX);
        Assert.Equal([11, 13], dX); // 10 + dY·y(1 − y)
        PlainKernels.TanhBackward([0.5f, -0.5f], [4, 8], dX);
        Assert.Equal([14, 19], dX); // + dY(1 − y²)
    }
}
