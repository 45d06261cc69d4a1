using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Tests;

/// <summary>Creates random arrays and tensors with values of both signs.</summary>
internal static class Samples
{
    /// <summary>The unit roundoff of float, 2⁻²⁴, in which the tests express their error bounds.</summary>
    public const double U = 1.0 / (1 << 24);

    public static float[] Normal(int length, RandomStream random)
    {
        var values = new float[length];
        foreach (ref float value in values.AsSpan())
        {
            value = random.NextNormal();
        }

        return values;
    }

    public static MatrixView Matrix(int rows, int columns, RandomStream random) => new(Normal(rows * columns, random), rows, columns);

    public static Tensor Tensor(Shape shape, RandomStream random, string name = "")
    {
        var tensor = new Tensor(shape, name);
        Normal(shape.Length, random).CopyTo(tensor.Span);
        return tensor;
    }

    public static Tensor Tensor(Shape shape, ulong seed = 1, string name = "") => Tensor(shape, new RandomStream(seed, "test data"), name);

    public static int[] Classes(int rows, int classes, RandomStream random)
    {
        var indices = new int[rows];
        for (int i = 0; i < rows; i++)
        {
            indices[i] = random.NextInt32(classes);
        }

        return indices;
    }
}
