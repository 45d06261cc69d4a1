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
public static partial class Kernel
{
    /// <summary>The side in use.</summary>
    /// <exception cref="TypeInitializationException">The variable or option holds something other than <c>plain</c> or <c>simd</c>.</exception>
    public static KernelSide Side { get; } = ChooseSide();

    /// <summary>The width of the widest vector registers in use, in bits: 512, 256 or 128; 32, one float, on the plain side.</summary>
    public static int VectorBits =>
        !Simd ? 32 : Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;

    /// <summary>
    /// The most threads one piece of work, such as a product, may use; from 1 upwards, by default the number of processors. It changes no bit of any result.
    /// </summary>
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
            _ => throw new InvalidOperationException($"The kernels (environment variable MININET_KERNELS, or runtime option MiniNet.Kernels) are '{choice}'; they must be 'plain' or 'simd'."),
        };
    }

    /// <inheritdoc cref="PlainKernels.SetProduct"/>
    internal static void SetProduct(in MatrixView x, in MatrixView w, ReadOnlySpan<float> b, in MatrixView y)
    {
        if (Simd) { SimdKernels.SetProduct(x, w, b, y); } else { PlainKernels.SetProduct(x, w, b, y); }
    }

    /// <inheritdoc cref="PlainKernels.AddProduct"/>
    internal static void AddProduct(in MatrixView x, in MatrixView w, in MatrixView y)
    {
        if (Simd) { SimdKernels.AddProduct(x, w, y); } else { PlainKernels.AddProduct(x, w, y); }
    }

    /// <inheritdoc cref="PlainKernels.AddTransposedProduct"/>
    internal static void AddTransposedProduct(in MatrixView x, in MatrixView dY, in MatrixView dW)
    {
        if (Simd) { SimdKernels.AddTransposedProduct(x, dY, dW); } else { PlainKernels.AddTransposedProduct(x, dY, dW); }
    }

    /// <inheritdoc cref="PlainKernels.AddProductTransposed"/>
    internal static void AddProductTransposed(in MatrixView dY, in MatrixView w, in MatrixView dX)
    {
        if (Simd) { SimdKernels.AddProductTransposed(dY, w, dX); } else { PlainKernels.AddProductTransposed(dY, w, dX); }
    }

    /// <inheritdoc cref="PlainKernels.AddColumnSums"/>
    internal static void AddColumnSums(in MatrixView dY, in MatrixView db)
    {
        if (Simd) { SimdKernels.AddColumnSums(dY, db.Span, db.IsZero); } else { PlainKernels.AddColumnSums(dY, db.Span); }
    }

    /// <inheritdoc cref="PlainKernels.Sum"/>
    internal static void Sum(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y)
    {
        if (Simd) { SimdKernels.Sum(a, b, y); } else { PlainKernels.Sum(a, b, y); }
    }

    /// <inheritdoc cref="PlainKernels.Accumulate"/>
    internal static void Accumulate(ReadOnlySpan<float> dY, Span<float> dX)
    {
        if (Simd) { SimdKernels.Accumulate(dY, dX); } else { PlainKernels.Accumulate(dY, dX); }
    }
}
