namespace MiniNet.Kernels.Vectors;

/// <summary>A fixed number of floats side by side: what the products ask of a vector, and what two vectors side by side can do too.</summary>
/// <typeparam name="T">The vector itself.</typeparam>
internal unsafe interface ILanes<T>
    where T : unmanaged, ILanes<T>
{
    /// <summary>How many floats.</summary>
    static abstract int Count { get; }

    /// <summary>The same number in every place.</summary>
    static abstract T All(float value);

    /// <summary>The number at that address, in every place.</summary>
    static abstract T All(float* from);

    static abstract T Load(float* from);

    /// <summary>The first <paramref name="count"/> floats, from none to <see cref="Count"/>, and 0 in the places after them. Nothing beyond is read.</summary>
    static abstract T Load(float* from, int count);

    void Store(float* to);

    /// <summary>Writes the first <paramref name="count"/> floats, from 1 to <see cref="Count"/>, and nothing beyond.</summary>
    void Store(float* to, int count);

    static abstract T operator +(T a, T b);

    /// <summary>a·b + c, rounded once where the machine has an instruction for it.</summary>
    static abstract T MultiplyAdd(T a, T b, T c);
}
