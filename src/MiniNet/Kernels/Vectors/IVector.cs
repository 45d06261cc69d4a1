namespace MiniNet.Kernels.Vectors;

/// <summary>
/// So many floats at once. A kernel written over it is written once for every width of register; <see cref="Kernel"/>'s own choice is the widest
/// that the machine has. Pointers, because a register cannot hold a span: whoever loads or stores has checked its spans before.
/// </summary>
/// <remarks>Why not <c>Vector&lt;float&gt;</c>: it stays at 256 bits where the machine has 512.</remarks>
/// <typeparam name="T">The vector itself.</typeparam>
internal unsafe interface IVector<T>
    where T : unmanaged, IVector<T>
{
    /// <summary>How many floats.</summary>
    static abstract int Count { get; }

    /// <summary>The same number in every place.</summary>
    static abstract T All(float value);

    static abstract T Load(float* from);

    /// <summary>The first so many floats, from none to <see cref="Count"/>, and 0 in the places after them. Nothing beyond is read.</summary>
    static abstract T Load(float* from, int count);

    void Store(float* to);

    /// <summary>Writes the first so many floats, from 1 to <see cref="Count"/>, and nothing beyond.</summary>
    void Store(float* to, int count);

    static abstract T operator +(T a, T b);

    static abstract T operator -(T a, T b);

    static abstract T operator *(T a, T b);

    static abstract T operator /(T a, T b);

    /// <summary>a·b + c, rounded once.</summary>
    static abstract T MultiplyAdd(T a, T b, T c);

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

    /// <summary>The first so many places, for <see cref="Select"/>.</summary>
    static abstract T First(int count);

    /// <summary>Where a &gt; b, for <see cref="Select"/>.</summary>
    static abstract T GreaterThan(T a, T b);

    /// <summary>Where a = b, for <see cref="Select"/>.</summary>
    static abstract T Equals(T a, T b);

    static abstract T Select(T where, T a, T b);

    /// <summary>All places added up, halves onto halves.</summary>
    static abstract float Sum(T a);

    /// <summary>All places added up in double precision.</summary>
    static abstract double WideSum(T a);

    /// <summary>The greatest of all places, or NaN where there is one.</summary>
    static abstract float Greatest(T a);

    /// <summary>Lays <see cref="Count"/> rows of four columns down as four rows of <see cref="Count"/> columns.</summary>
    static abstract void Transpose(float* from, nint fromStep, float* to, nint toStep);

    /// <summary>The other way round: four rows of <see cref="Count"/> columns as <see cref="Count"/> rows of four, written from the first row to the last.</summary>
    static abstract void TransposeBack(float* from, nint fromStep, float* to, nint toStep);
}
