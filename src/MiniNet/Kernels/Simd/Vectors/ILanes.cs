namespace MiniNet.Kernels.Vectors;

/// <summary>Represents a fixed number of float lanes, with the operations that the matrix products need.</summary>
/// <typeparam name="T">The implementing type.</typeparam>
internal unsafe interface ILanes<T>
    where T : unmanaged, ILanes<T>
{
    /// <summary>Gets the number of lanes.</summary>
    static abstract int Count { get; }

    /// <summary>Returns a vector with the value in every lane.</summary>
    static abstract T Broadcast(float value);

    /// <summary>Returns a vector with the value at the address in every lane.</summary>
    static abstract T Broadcast(float* from);

    static abstract T Load(float* from);

    /// <summary>
    /// Loads the first <paramref name="count"/> floats, from 0 to <see cref="Count"/>, and sets the other lanes to 0.
    /// Nothing beyond them is read.
    /// </summary>
    static abstract T Load(float* from, int count);

    void Store(float* to);

    /// <summary>Stores the first <paramref name="count"/> lanes, from 1 to <see cref="Count"/>, and nothing beyond.</summary>
    void Store(float* to, int count);

    static abstract T operator +(T a, T b);

    /// <summary>a·b + c, rounded once if the machine has an instruction for it.</summary>
    static abstract T MultiplyAdd(T a, T b, T c);
}
