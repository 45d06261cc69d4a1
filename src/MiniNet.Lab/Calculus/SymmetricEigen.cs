namespace MiniNet.Calculus;

/// <summary>
/// Computes the eigenvalues and eigenvectors of a symmetric matrix, A = V Λ Vᵀ, by Jacobi rotations. Each rotation makes one pair of
/// off-diagonal elements 0, and repeated sweeps make all of them converge to 0.
/// </summary>
/// <remarks>
/// Golub and Van Loan, "Matrix Computations", 4th edition, 2013, section 8.5.3. The error is the rounding error of double relative to the
/// largest eigenvalue. Meant for small matrices of a few variables: the cost is n³ operations per sweep, for about six sweeps.
/// </remarks>
internal static class SymmetricEigen
{
    private const int MaxSweeps = 50; // reached only with NaN

    /// <summary>Computes the eigenvalues and eigenvectors of a matrix.</summary>
    /// <param name="matrix">A, n by n; only the diagonal and the elements above it are used.</param>
    /// <returns>The eigenvalues in increasing order, and the eigenvector of each, of length 1.</returns>
    public static (double[] Values, double[][] Vectors) Decompose(double[,] matrix)
    {
        int n = matrix.GetLength(0);
        var a = (double[,])matrix.Clone();
        double[][] v = [.. Enumerable.Range(0, n).Select(i => new double[n])];
        for (int i = 0; i < n; i++)
        {
            v[i][i] = 1;
        }

        for (int sweep = 0, rotations = 1; rotations > 0 && sweep < MaxSweeps; sweep++)
        {
            rotations = 0;
            for (int p = 0; p < n; p++)
            {
                for (int q = p + 1; q < n; q++)
                {
                    if (!(Math.Abs(a[p, q]) <= 1e-17 * (Math.Abs(a[p, p]) + Math.Abs(a[q, q])))) // so that NaN spreads
                    {
                        rotations++;
                        Rotate(a, v, p, q);
                    }
                }
            }
        }

        double[] values = [.. Enumerable.Range(0, n).Select(i => a[i, i])];
        Array.Sort(values, v);
        return (values, v);
    }

    /// <summary>Computes A = JᵀAJ with the rotation J in the plane of p and q that makes A[p, q] 0.</summary>
    private static void Rotate(double[,] a, double[][] v, int p, int q)
    {
        double apq = a[p, q], tau = (a[q, q] - a[p, p]) / (2 * apq);
        double t = (tau < 0 ? -1 : 1) / (Math.Abs(tau) + Math.Sqrt(1 + (tau * tau)));    // tan θ, the smaller one
        double c = 1 / Math.Sqrt(1 + (t * t)), s = t * c;
        a[p, p] -= t * apq;
        a[q, q] += t * apq;
        a[p, q] = 0;
        for (int k = 0; k < v.Length; k++)
        {
            (v[p][k], v[q][k]) = ((c * v[p][k]) - (s * v[q][k]), (s * v[p][k]) + (c * v[q][k]));
            if (k != p && k != q)
            {
                ref double kp = ref a[Math.Min(k, p), Math.Max(k, p)], kq = ref a[Math.Min(k, q), Math.Max(k, q)];
                (kp, kq) = ((c * kp) - (s * kq), (s * kp) + (c * kq));
            }
        }
    }
}
