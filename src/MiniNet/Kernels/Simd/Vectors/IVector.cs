namespace MiniNet.Kernels.Vectors;

/// <summary>
/// A register of floats. A kernel written over it is written once for every width of register; which one runs is chosen where it is called, the widest
/// that the machine has. Pointers, because a register cannot hold a span: whoever loads or stores has checked its spans before.
/// </summary>
/// <remarks>Why not <c>Vector&lt;float&gt;</c>: it stays at 256 bits where the machine has 512.</remarks>
/// <typeparam name="T">The vector itself.</typeparam>
internal unsafe interface IVector<T> : ILanes<T>
    where T : unmanaged, IVector<T>
{
    static abstract T operator -(T a, T b);

    static abstract T operator *(T a, T b);

    static abstract T operator /(T a, T b);

    static abstract T Abs(T a);

    /// <summary>The size of a with the sign of b.</summary>
    static abstract T CopySign(T a, T b);

    static abstract T Sqrt(T a);

    /// <summary>The lesser, or NaN where either is.</summary>
    static abstract T Min(T a, T b);

    /// <summary>The greater, or NaN where either is.</summary>
    static abstract T Max(T a, T b);

    /// <summary>The greater, where neither is NaN: in one instruction.</summary>
    static abstract T MaxOfNumbers(T a, T b);

    /// <summary>To the nearest whole number, halves to the even one.</summary>
    static abstract T Round(T a);

    /// <summary>2ᵏ for whole k from −126 to 127.</summary>
    static abstract T PowerOf2(T k);

    /// <summary>The whole k for which 2ᵏ ≤ a &lt; 2ᵏ⁺¹, of a positive a that is not too small for its full precision.</summary>
    static abstract T Exponent(T a);

    /// <summary>Whole numbers as floats, from none to as many as there are places, and 0 in the places after them.</summary>
    static abstract T Wholes(ReadOnlySpan<int> from);

    /// <summary>The first <paramref name="count"/> places, for <see cref="Select"/>.</summary>
    static abstract T First(int count);

    /// <summary>Where a &gt; b, for <see cref="Select"/>.</summary>
    static abstract T GreaterThan(T a, T b);

    /// <summary>Where a = b, for <see cref="Select"/>.</summary>
    static abstract T Equals(T a, T b);

    static abstract T Select(T where, T a, T b);

    /// <summary>All places added up, halves onto halves.</summary>
    static abstract float Sum(T a);

    /// <summary>Halves added to halves until four places are left.</summary>
    static abstract Floats128 Fold(T a);

    /// <summary>All places added up in double precision.</summary>
    static abstract double WideSum(T a);

    /// <summary>The greatest of all places, or NaN where there is one.</summary>
    static abstract float Greatest(T a);

    /// <summary>Transposes as many rows as there are places in a vector, of four columns each, to four rows.</summary>
    static abstract void Transpose(float* from, nint fromStep, float* to, nint toStep);

    /// <summary>The other way round: four rows to as many rows of four columns as there are places in a vector, written from the first to the last.</summary>
    static abstract void TransposeBack(float* from, nint fromStep, float* to, nint toStep);
}
