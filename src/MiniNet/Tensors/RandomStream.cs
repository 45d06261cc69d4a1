using System.Diagnostics;

namespace MiniNet.Tensors;

/// <summary>
/// A stream of random numbers with a seed, a purpose and a state that can be saved. Every random choice of MiniNet (initialisation,
/// shuffling, splitting, ...) has a stream of its own, so that one more number drawn for one purpose changes nothing in another.
/// There is no global random state.
/// </summary>
/// <remarks>
/// SplitMix64: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014. The whole state is one number
/// that grows by a fixed odd step; the output is that number, mixed. Not for secrets.
/// </remarks>
[DebuggerStepThrough]
public sealed class RandomStream
{
    private const ulong GoldenRatio = 0x9E3779B97F4A7C15;

    /// <summary>Creates a stream.</summary>
    /// <param name="seed">Any number; the same seed and purpose give the same stream on every machine.</param>
    /// <param name="purpose">What the numbers are for, such as <c>shuffling</c>; another purpose gives an unrelated stream.</param>
    public RandomStream(ulong seed, string purpose)
    {
        // FNV-1a (Fowler, Noll, Vo) turns the purpose into a number; mixing keeps neighbouring seeds far apart.
        ulong hash = 0xCBF29CE484222325;
        foreach (char letter in purpose)
        {
            hash = (hash ^ letter) * 0x100000001B3;
        }

        State = Mix(Mix(seed + GoldenRatio) ^ hash);
    }

    /// <summary>All there is to know of the stream: saved and set back, it repeats the same numbers.</summary>
    public ulong State { get; set; }

    /// <summary>64 random bits.</summary>
    /// <returns>Any number, each as likely as the other.</returns>
    public ulong NextUInt64()
    {
        State += GoldenRatio;
        return Mix(State);
    }

    /// <summary>A number in [0, 1), one of 2²⁴ evenly spaced ones.</summary>
    /// <returns>The number.</returns>
    public float NextSingle() => (NextUInt64() >> 40) * (1f / (1 << 24));

    /// <summary>A number from low up to high; now and then rounding gives high itself.</summary>
    /// <param name="low">The lower end.</param>
    /// <param name="high">The upper end.</param>
    /// <returns>The number.</returns>
    public float NextUniform(float low, float high) => low + ((high - low) * NextSingle());

    /// <summary>A number from the normal distribution with mean 0 and standard deviation 1.</summary>
    /// <remarks>√(−2 ln u)·cos 2πv with u in (0, 1], v in [0, 1): Box and Muller, 1958. The sine half is not kept: the state stays one number.</remarks>
    /// <returns>The number.</returns>
    public float NextNormal()
    {
        double u = ((NextUInt64() >> 11) + 1) * (1.0 / (1L << 53));
        double v = (NextUInt64() >> 11) * (1.0 / (1L << 53));
        return (float)(Math.Sqrt(-2 * Math.Log(u)) * Math.Cos(2 * Math.PI * v));
    }

    /// <summary>A whole number from 0 to <paramref name="bound"/> − 1.</summary>
    /// <param name="bound">At least 1.</param>
    /// <returns>The number.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The bound is less than 1.</exception>
    public int NextInt32(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        // The high half of bits × bound; off from even by less than bound/2⁶⁴, which no experiment could see.
        return (int)Math.BigMul(NextUInt64(), (ulong)bound, out _);
    }

    /// <summary>Puts the items into a random order.</summary>
    /// <remarks>Fisher and Yates, in Durstenfeld's form, 1964.</remarks>
    /// <param name="items">Changed in place.</param>
    /// <typeparam name="T">Any type.</typeparam>
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
