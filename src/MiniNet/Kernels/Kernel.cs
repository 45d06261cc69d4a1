using System.Diagnostics;
using System.Runtime.Intrinsics;

namespace MiniNet.Kernels;

/// <summary>Specifies which of the two implementations of the arithmetic is used.</summary>
public enum KernelBackend
{
    /// <summary>Loops that read like their equations: for stepping through, and as the reference for the SIMD kernels.</summary>
    Plain,

    /// <summary>Vector instructions and threads. This is the default.</summary>
    Simd,
}

/// <summary>
/// Dispatches the arithmetic of the layers to the plain or the SIMD kernels. The choice is made once, when the process starts: by the
/// environment variable <c>MININET_KERNELS</c> (<c>plain</c> or <c>simd</c>); otherwise by the runtime option <c>MiniNet.Kernels</c>, which
/// a project can set with
/// <c>&lt;RuntimeHostConfigurationOption Include="MiniNet.Kernels" Value="plain" /&gt;</c>; otherwise SIMD.
/// </summary>
[DebuggerStepThrough]
public static partial class Kernel
{
    /// <summary>Gets the kernels in use.</summary>
    /// <exception cref="TypeInitializationException">The variable or option is neither <c>plain</c> nor <c>simd</c>.</exception>
    public static KernelBackend Backend { get; } = ChooseBackend();

    /// <summary>
    /// Gets the width of the widest vector registers in use, in bits: 512, 256 or 128; 32, one float, for the plain kernels.
    /// </summary>
    public static int VectorBits =>
        !IsSimd ? 32 : Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;

    /// <summary>
    /// Gets or sets the maximum number of threads that one operation, such as a matrix product, may use. It is at least 1, and by default
    /// the number of processors. It does not change a single bit of any result.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public static int MaxThreads
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = Environment.ProcessorCount;

    // A static readonly bool is a constant for the JIT compiler, which removes the branch.
    private static readonly bool IsSimd = Backend == KernelBackend.Simd;

    private static KernelBackend ChooseBackend()
    {
        string? choice = Environment.GetEnvironmentVariable("MININET_KERNELS");
        choice = string.IsNullOrEmpty(choice) ? AppContext.GetData("MiniNet.Kernels") as string : choice;
        return choice switch
        {
            null or "" or "simd" => KernelBackend.Simd,
            "plain" => KernelBackend.Plain,
            _ => throw new InvalidOperationException(
                $"The environment variable MININET_KERNELS (or the runtime option MiniNet.Kernels) is '{choice}'; " +
                "set it to 'plain' or 'simd'."),
        };
    }

    /// <inheritdoc cref="PlainKernels.SetProduct"/>
    internal static void SetProduct(in MatrixView x, in MatrixView w, ReadOnlySpan<float> b, in MatrixView y)
    {
        if (IsSimd) { SimdKernels.SetProduct(x, w, b, y); } else { PlainKernels.SetProduct(x, w, b, y); }
    }

    /// <inheritdoc cref="PlainKernels.AddProduct"/>
    internal static void AddProduct(in MatrixView x, in MatrixView w, in MatrixView y)
    {
        if (IsSimd) { SimdKernels.AddProduct(x, w, y); } else { PlainKernels.AddProduct(x, w, y); }
    }

    /// <inheritdoc cref="PlainKernels.AddTransposedProduct"/>
    internal static void AddTransposedProduct(in MatrixView x, in MatrixView dY, in MatrixView dW)
    {
        if (IsSimd) { SimdKernels.AddTransposedProduct(x, dY, dW); } else { PlainKernels.AddTransposedProduct(x, dY, dW); }
    }

    /// <inheritdoc cref="PlainKernels.AddProductTransposed"/>
    internal static void AddProductTransposed(in MatrixView dY, in MatrixView w, in MatrixView dX)
    {
        if (IsSimd) { SimdKernels.AddProductTransposed(dY, w, dX); } else { PlainKernels.AddProductTransposed(dY, w, dX); }
    }

    /// <inheritdoc cref="PlainKernels.AddColumnSums"/>
    internal static void AddColumnSums(in MatrixView dY, in MatrixView db)
    {
        if (IsSimd) { SimdKernels.AddColumnSums(dY, db.Span, db.Overwrite); } else { PlainKernels.AddColumnSums(dY, db.Span); }
    }

    /// <inheritdoc cref="PlainKernels.Sum"/>
    internal static void Sum(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y)
    {
        if (IsSimd) { SimdKernels.Sum(a, b, y); } else { PlainKernels.Sum(a, b, y); }
    }

    /// <inheritdoc cref="PlainKernels.Accumulate"/>
    internal static void Accumulate(ReadOnlySpan<float> dY, Span<float> dX)
    {
        if (IsSimd) { SimdKernels.Accumulate(dY, dX); } else { PlainKernels.Accumulate(dY, dX); }
    }
}
