using MiniNet.Calculus;
using MiniNet.Tensors;

namespace MiniNet.Tests.Calculus;

public class SymmetricEigenTests
{
    [Fact]
    public void Of_RandomMatrix_ReconstructsFromEigenvectors()
    {
        var random = new RandomStream(1, "matrices");
        for (int n = 1; n <= 12; n++)
        {
            var a = new double[n, n];
            for (int i = 0; i < n; i++)
            {
                for (int j = i; j < n; j++)
                {
                    a[i, j] = a[j, i] = random.NextNormal() * Math.Pow(10, random.NextInt32(4));
                }
            }

            (double[] values, double[][] v) = SymmetricEigen.Decompose(a);
            Assert.Equal(values.Order(), values);
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    Assert.Equal(a[i, j], Enumerable.Range(0, n).Sum(k => values[k] * v[k][i] * v[k][j]), 1e-11 * values.Max(Math.Abs));
                    Assert.Equal(i == j ? 1 : 0, v[i].Zip(v[j], (p, q) => p * q).Sum(), 1e-13);
                }
            }
        }
    }

    [Fact]
    public void Of_KnownMatrices_MatchesTextbookEigenvalues()
    {
        Assert.Equal([1, 3], SymmetricEigen.Decompose(new double[,] { { 2, 1 }, { 1, 2 } }).Values, FunctionTests.Close(1e-15));
        Assert.Equal(
            [2 - Math.Sqrt(2), 2, 2 + Math.Sqrt(2)],
            SymmetricEigen.Decompose(new double[,] { { 2, -1, 0 }, { -1, 2, -1 }, { 0, -1, 2 } }).Values,
            FunctionTests.Close(1e-14));
        Assert.Equal([0, 0], SymmetricEigen.Decompose(new double[2, 2]).Values);
        Assert.Equal([-5, 7], SymmetricEigen.Decompose(new double[,] { { 7, 0 }, { 0, -5 } }).Values);
        Assert.Contains(double.NaN, SymmetricEigen.Decompose(new double[,] { { 1, double.NaN }, { double.NaN, 1 } }).Values);
    }
}
