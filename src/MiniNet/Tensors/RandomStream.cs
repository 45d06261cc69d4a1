using System.Diagnostics;

namespace MiniNet.Tensors;

/// <summary>
/// Represents a random number generator with a seed, a purpose and a state that can be saved. Every random choice in MiniNet
/// (initialization, shuffling, splitting, ...) has its own stream, so that drawing one more number for one purpose does not
/// affect another. There is no global random state.
/// </summary>
/// <remarks>
/// SplitMix64: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014. The whole state is one number
/// that grows by a fixed odd increment; the output is that number, mixed. Not suitable for cryptography.
/// </remarks>
[DebuggerStepThrough]
public sealed class RandomStream
{
    private const ulong GoldenRatio = 0x9E3779B97F4A7C15;

    /// <summary>Initializes a new instance of the <see cref="RandomStream"/> class.</summary>
    /// <param name="seed">Any number. The same seed and purpose give the same stream on every machine.</param>
    /// <param name="purpose">The use of the numbers, such as <c>shuffling</c>. Different purposes give unrelated streams.</param>
    public RandomStream(ulong seed, string purpose)
    {
        ArgumentNullException.ThrowIfNull(purpose);
        // FNV-1a (Fowler, Noll, Vo) hashes the purpose; mixing keeps neighbouring seeds far apart.
        ulong hash = 0xCBF29CE484222325;
        foreach (char character in purpose)
        {
            hash = (hash ^ character) * 0x100000001B3;
        }

        State = Mix(Mix(seed + GoldenRatio) ^ hash);
    }

    /// <summary>Gets or sets the complete state. A stream whose saved state is restored repeats the same numbers.</summary>
    public ulong State { get; set; }

    /// <summary>Returns 64 random bits.</summary>
    /// <returns>A uniformly distributed number.</returns>
    public ulong NextUInt64()
    {
        State += GoldenRatio;
        return Mix(State);
    }

    /// <summary>Returns a number in [0, 1), one of 2²⁴ evenly spaced values.</summary>
    public float NextSingle() => (NextUInt64() >> 40) * (1f / (1 << 24));

    /// <summary>Returns a number in [low, high). Rounding occasionally returns high itself.</summary>
    /// <param name="low">The lower end.</param>
    /// <param name="high">The upper end.</param>
    public float NextUniform(float low, float high) => low + ((high - low) * NextSingle());

    /// <summary>Returns a number from the normal distribution with mean 0 and standard deviation 1.</summary>
    /// <remarks>
    /// √(−2 ln u)·cos 2πv with u in (0, 1], v in [0, 1): Box and Muller, 1958.
    /// The sine half is discarded, so that the state stays one number.
    /// </remarks>
    public float NextNormal()
    {
        double u = ((NextUInt64() >> 11) + 1) * (1.0 / (1L << 53));
        double v = (NextUInt64() >> 11) * (1.0 / (1L << 53));
        return (float)(Math.Sqrt(-2 * Math.Log(u)) * Math.Cos(2 * Math.PI * v));
    }

    /// <summary>Returns an integer from 0 to <paramref name="bound"/> − 1.</summary>
    /// <param name="bound">The exclusive upper bound, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The bound is less than 1.</exception>
    public int NextInt32(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        // The high half of bits × bound. The bias is less than bound/2⁶⁴, too small for any experiment to detect.
        return (int)Math.BigMul(NextUInt64(), (ulong)bound, out _);
    }

    /// <summary>Shuffles the items in place.</summary>
    /// <remarks>Fisher and Yates, in Durstenfeld's form, 1964.</remarks>
    /// <param name="items">The items to shuffle.</param>
    /// <typeparam name="T">The type of the items.</typeparam>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = NextInt32(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
