using System.Diagnostics;
using System.Runtime.Intrinsics;

namespace MiniNet.Kernels;

/// <summary>Which of the two implementations of the arithmetic runs.</summary>
public enum KernelSide
{
    /// <summary>Loops that read like the sums they compute: for stepping through, and for judging the other side.</summary>
    Plain,

    /// <summary>Vector instructions and threads: the default.</summary>
    Simd,
}

/// <summary>
/// The one seam between the layers and the arithmetic. The side is chosen once, when the process starts: the environment variable
/// <c>MININET_KERNELS</c> (<c>plain</c> or <c>simd</c>), else the runtime option <c>MiniNet.Kernels</c> that a project can set with
/// <c>&lt;RuntimeHostConfigurationOption Include="MiniNet.Kernels" Value="plain" /&gt;</c>, else SIMD.
/// </summary>
[DebuggerStepThrough]
public static class Kernel
{
    /// <summary>The side in use.</summary>
    /// <exception cref="TypeInitializationException">The variable or option holds something other than <c>plain</c> or <c>simd</c>.</exception>
    public static KernelSide Side { get; } = ChooseSide();

    /// <summary>The width of the widest vector registers in use, in bits: 512, 256 or 128; 32, one float, on the plain side.</summary>
    public static int VectorBits =>
        !Simd ? 32 : Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;

    /// <summary>The most threads one product may use; from 1 upwards, by default the number of processors. It changes no bit of any result.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to less than 1.</exception>
    public static int MaxThreads
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = Environment.ProcessorCount;

    // A readonly static bool: once the method is compiled with it known, the branch is gone.
    private static readonly bool Simd = Side == KernelSide.Simd;

    private static KernelSide ChooseSide()
    {
        string? choice = Environment.GetEnvironmentVariable("MININET_KERNELS");
        choice = string.IsNullOrEmpty(choice) ? AppContext.GetData("MiniNet.Kernels") as string : choice;
        return choice switch
        {
            null or "" or "simd" => KernelSide.Simd,
            "plain" => KernelSide.Plain,
            _ => throw new InvalidOperationException($"MININET_KERNELS is '{choice}'; it must be 'plain' or 'simd'."),
        };
    }

    /// <inheritdoc cref="PlainKernels.AddProduct"/>
    internal static void AddProduct(MatrixView x, MatrixView w, MatrixView y)
    {
        if (Simd)
        {
            SimdKernels.AddProduct(x, w, y);
        }
        else
        {
            PlainKernels.AddProduct(x, w, y);
        }
    }

    /// <inheritdoc cref="PlainKernels.AddTransposedProduct"/>
    internal static void AddTransposedProduct(MatrixView x, MatrixView dY, MatrixView dW)
    {
        if (Simd)
        {
            SimdKernels.AddTransposedProduct(x, dY, dW);
        }
        else
        {
            PlainKernels.AddTransposedProduct(x, dY, dW);
        }
    }

    /// <inheritdoc cref="PlainKernels.AddProductTransposed"/>
    internal static void AddProductTransposed(MatrixView dY, MatrixView w, MatrixView dX)
    {
        if (Simd)
        {
            SimdKernels.AddProductTransposed(dY, w, dX);
        }
        else
        {
            PlainKernels.AddProductTransposed(dY, w, dX);
        }
    }

    /// <inheritdoc cref="PlainKernels.SetRows"/>
    internal static void SetRows(ReadOnlySpan<float> b, MatrixView y)
    {
        if (Simd)
        {
            SimdKernels.SetRows(b, y);
        }
        else
        {
            PlainKernels.SetRows(b, y);
        }
    }

    /// <inheritdoc cref="PlainKernels.AddColumnSums"/>
    internal static void AddColumnSums(MatrixView dY, Span<float> db)
    {
        if (Simd)
        {
            SimdKernels.AddColumnSums(dY, db);
        }
        else
        {
            PlainKernels.AddColumnSums(dY, db);
        }
    }

    /// <inheritdoc cref="PlainKernels.Sum"/>
    internal static void Sum(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y)
    {
        if (Simd)
        {
            SimdKernels.Sum(a, b, y);
        }
        else
        {
            PlainKernels.Sum(a, b, y);
        }
    }

    /// <inheritdoc cref="PlainKernels.Accumulate"/>
    internal static void Accumulate(ReadOnlySpan<float> dY, Span<float> dX)
    {
        if (Simd)
        {
            SimdKernels.Accumulate(dY, dX);
        }
        else
        {
            PlainKernels.Accumulate(dY, dX);
        }
    }

    /// <inheritdoc cref="PlainKernels.ReLU"/>
    internal static void ReLU(ReadOnlySpan<float> x, Span<float> y)
    {
        if (Simd)
        {
            SimdKernels.ReLU(x, y);
        }
        else
        {
            PlainKernels.ReLU(x, y);
        }
    }

    /// <inheritdoc cref="PlainKernels.ReLUBackward"/>
    internal static void ReLUBackward(ReadOnlySpan<float> x, ReadOnlySpan<float> dY, Span<float> dX)
    {
        if (Simd)
        {
            SimdKernels.ReLUBackward(x, dY, dX);
        }
        else
        {
            PlainKernels.ReLUBackward(x, dY, dX);
        }
    }

    /// <inheritdoc cref="PlainKernels.Sigmoid"/>
    internal static void Sigmoid(ReadOnlySpan<float> x, Span<float> y)
    {
        if (Simd)
        {
            SimdKernels.Sigmoid(x, y);
        }
        else
        {
            PlainKernels.Sigmoid(x, y);
        }
    }

    /// <inheritdoc cref="PlainKernels.SigmoidBackward"/>
    internal static void SigmoidBackward(ReadOnlySpan<float> y, ReadOnlySpan<float> dY, Span<float> dX)
    {
        if (Simd)
        {
            SimdKernels.SigmoidBackward(y, dY, dX);
        }
        else
        {
            PlainKernels.SigmoidBackward(y, dY, dX);
        }
    }

    /// <inheritdoc cref="PlainKernels.Tanh"/>
    internal static void Tanh(ReadOnlySpan<float> x, Span<float> y)
    {
        if (Simd)
        {
            SimdKernels.Tanh(x, y);
        }
        else
        {
            PlainKernels.Tanh(x, y);
        }
    }

    /// <inheritdoc cref="PlainKernels.TanhBackward"/>
    internal static void TanhBackward(ReadOnlySpan<float> y, ReadOnlySpan<float> dY, Span<float> dX)
    {
        if (Simd)
        {
            SimdKernels.TanhBackward(y, dY, dX);
        }
        else
        {
            PlainKernels.TanhBackward(y, dY, dX);
        }
    }

    /// <inheritdoc cref="PlainKernels.Softmax"/>
    internal static void Softmax(MatrixView z, MatrixView p)
    {
        if (Simd)
        {
            SimdKernels.Softmax(z, p);
        }
        else
        {
            PlainKernels.Softmax(z, p);
        }
    }

    /// <inheritdoc cref="PlainKernels.SoftmaxCrossEntropy"/>
    internal static float SoftmaxCrossEntropy(MatrixView z, ReadOnlySpan<int> classes, MatrixView p) =>
        Simd ? SimdKernels.SoftmaxCrossEntropy(z, classes, p) : PlainKernels.SoftmaxCrossEntropy(z, classes, p);

    /// <inheritdoc cref="PlainKernels.SoftmaxCrossEntropyBackward"/>
    internal static void SoftmaxCrossEntropyBackward(MatrixView p, ReadOnlySpan<int> classes, float dL, MatrixView dZ)
    {
        if (Simd)
        {
            SimdKernels.SoftmaxCrossEntropyBackward(p, classes, dL, dZ);
        }
        else
        {
            PlainKernels.SoftmaxCrossEntropyBackward(p, classes, dL, dZ);
        }
    }

    /// <inheritdoc cref="PlainKernels.MeanSquaredError"/>
    internal static float MeanSquaredError(ReadOnlySpan<float> p, ReadOnlySpan<float> t) =>
        Simd ? SimdKernels.MeanSquaredError(p, t) : PlainKernels.MeanSquaredError(p, t);

    /// <inheritdoc cref="PlainKernels.MeanSquaredErrorBackward"/>
    internal static void MeanSquaredErrorBackward(ReadOnlySpan<float> p, ReadOnlySpan<float> t, float dL, Span<float> dP)
    {
        if (Simd)
        {
            SimdKernels.MeanSquaredErrorBackward(p, t, dL, dP);
        }
        else
        {
            PlainKernels.MeanSquaredErrorBackward(p, t, dL, dP);
        }
    }

    /// <inheritdoc cref="PlainKernels.MomentumStep"/>
    internal static void MomentumStep(Span<float> w, ReadOnlySpan<float> g, Span<float> v, float learningRate, float momentum)
    {
        if (Simd)
        {
            SimdKernels.MomentumStep(w, g, v, learningRate, momentum);
        }
        else
        {
            PlainKernels.MomentumStep(w, g, v, learningRate, momentum);
        }
    }

    /// <inheritdoc cref="PlainKernels.AdamStep"/>
    internal static void AdamStep(Span<float> w, ReadOnlySpan<float> g, Span<float> m, Span<float> v, in AdamFactors factors)
    {
        if (Simd)
        {
            SimdKernels.AdamStep(w, g, m, v, in factors);
        }
        else
        {
            PlainKernels.AdamStep(w, g, m, v, in factors);
        }
    }
}
