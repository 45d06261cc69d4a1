namespace MiniNet.Kernels.Vectors;

/// <summary>
/// Represents a vector register of floats. A kernel is written once for all register widths; its caller selects the widest that the machine
/// has. It uses pointers, because a register cannot hold a span. The caller must have validated the spans.
/// </summary>
/// <remarks><c>Vector&lt;float&gt;</c> is not used because it stays at 256 bits on machines with 512.</remarks>
/// <typeparam name="T">The implementing type.</typeparam>
internal unsafe interface IVector<T> : ILanes<T>
    where T : unmanaged, IVector<T>
{
    static abstract T operator -(T a, T b);

    static abstract T operator *(T a, T b);

    static abstract T operator /(T a, T b);

    static abstract T Abs(T a);

    /// <summary>Returns the magnitude of a with the sign of b.</summary>
    static abstract T CopySign(T a, T b);

    static abstract T Sqrt(T a);

    /// <summary>Returns the minimum, or NaN if either is NaN.</summary>
    static abstract T Min(T a, T b);

    /// <summary>Returns the maximum, or NaN if either is NaN.</summary>
    static abstract T Max(T a, T b);

    /// <summary>Returns the maximum if neither is NaN, in one instruction.</summary>
    static abstract T MaxNumber(T a, T b);

    /// <summary>Rounds to the nearest integer, and halves to the even one.</summary>
    static abstract T Round(T a);

    /// <summary>2ᵏ for integer k from −126 to 127.</summary>
    static abstract T PowerOf2(T k);

    /// <summary>The integer k with 2ᵏ ≤ a &lt; 2ᵏ⁺¹, for positive normal a.</summary>
    static abstract T Exponent(T a);

    /// <summary>Converts at most <see cref="ILanes{T}.Count"/> integers to floats, and sets the other lanes to 0.</summary>
    static abstract T FromInts(ReadOnlySpan<int> from);

    /// <summary>Returns a mask of the first <paramref name="count"/> lanes, for <see cref="Select"/>.</summary>
    static abstract T FirstLanes(int count);

    /// <summary>Returns the mask of a &gt; b, for <see cref="Select"/>.</summary>
    static abstract T GreaterThan(T a, T b);

    /// <summary>Returns the mask of a = b, for <see cref="Select"/>.</summary>
    static abstract T Equals(T a, T b);

    static abstract T Select(T where, T a, T b);

    /// <summary>Returns the sum of all lanes, adding halves to halves.</summary>
    static abstract float Sum(T a);

    /// <summary>Adds halves to halves until four lanes are left.</summary>
    static abstract Floats128 FoldTo128(T a);

    /// <summary>Returns the sum of all lanes in double precision.</summary>
    static abstract double SumAsDouble(T a);

    /// <summary>Returns the maximum of all lanes, or NaN if one is NaN.</summary>
    static abstract float MaxAcross(T a);

    /// <summary>Transposes as many rows of four columns as a vector has lanes, into four rows.</summary>
    static abstract void Transpose(float* from, nint fromStep, float* to, nint toStep);

    /// <summary>
    /// The inverse: transposes four rows into as many rows of four columns as a vector has lanes, written from the first to the last.
    /// </summary>
    static abstract void TransposeBack(float* from, nint fromStep, float* to, nint toStep);
}
