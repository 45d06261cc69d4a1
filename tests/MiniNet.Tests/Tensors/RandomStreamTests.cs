using MiniNet.Tensors;

namespace MiniNet.Tests.Tensors;

public class RandomStreamTests
{
    [Fact]
    public void NextUInt64_KnownState_MatchesSplitMix64Reference()
    {
        // The first outputs for state 1234567, as published with the reference implementation of the algorithm.
        var random = new RandomStream(0, "") { State = 1234567 };
        Assert.Equal(6457827717110365317UL, random.NextUInt64());
        Assert.Equal(3203168211198807973UL, random.NextUInt64());
        Assert.Equal(9817491932198370423UL, random.NextUInt64());
    }

    [Fact]
    public void State_Restored_RepeatsStream()
    {
        var random = new RandomStream(7, "shuffling");
        random.NextNormal();
        ulong state = random.State;
        float first = random.NextNormal();
        random.State = state;
        Assert.Equal(first, random.NextNormal());
    }

    [Fact]
    public void Purpose_Different_GivesUnrelatedStream() =>
        Assert.NotEqual(new RandomStream(7, "shuffling").NextUInt64(), new RandomStream(7, "splitting").NextUInt64());

    // The states before the largest and the smallest output, found by inverting the mixing function.
    private const ulong BeforeAllOnes = 0x31628AF67B2131AB;
    private const ulong BeforeAllZeros = 0x61C8864680B583EB;

    [Fact]
    public void NextMethods_ExtremeBits_StayInDocumentedRange()
    {
        Assert.Equal(ulong.MaxValue, At(BeforeAllOnes).NextUInt64());
        Assert.Equal(0UL, At(BeforeAllZeros).NextUInt64());

        Assert.Equal(1 - (1f / (1 << 24)), At(BeforeAllOnes).NextSingle()); // below 1
        Assert.Equal(0, At(BeforeAllZeros).NextSingle());
        Assert.Equal(9, At(BeforeAllOnes).NextInt32(10));
        Assert.Equal(0, At(BeforeAllZeros).NextInt32(10));
        Assert.Equal(int.MaxValue - 1, At(BeforeAllOnes).NextInt32(int.MaxValue));
        Assert.Equal(3, At(BeforeAllZeros).NextUniform(3, 5));
        Assert.Equal(2, At(BeforeAllOnes).NextUniform(1, 2)); // 2 − 2⁻²⁴ is halfway between two floats and rounds to the even one
        Assert.True(float.IsFinite(At(BeforeAllZeros).NextNormal())); // the logarithm of 0 is avoided

        static RandomStream At(ulong state) => new(0, "") { State = state };
    }

    // In all tests below, the seed is fixed, so that no test fails by chance. The bounds are five standard deviations of the statistic:
    // a correct generator would exceed one with less than 1 seed in a million.
    [Fact]
    public void NextNormal_ManyNumbers_HasMomentsOfNormalDistribution()
    {
        const int N = 2_000_000; // enough to detect a variance that is off by 1%
        var random = new RandomStream(11, "moments");
        double sum = 0, squares = 0, cubes = 0, fourths = 0;
        int within1 = 0;
        for (int i = 0; i < N; i++)
        {
            double z = random.NextNormal();
            sum += z;
            squares += z * z;
            cubes += z * z * z;
            fourths += z * z * z * z;
            within1 += Math.Abs(z) < 1 ? 1 : 0;
        }

        // The variances of z, z², z³ and z⁴ are 1, 2, 15 and 96; that of the fraction within 1 is p(1 − p).
        double root = Math.Sqrt(N);
        const double P = 0.6826894921370859;
        Assert.Equal(0, sum / N, 5 / root);
        Assert.Equal(1, squares / N, 5 * Math.Sqrt(2) / root);
        Assert.Equal(0, cubes / N, 5 * Math.Sqrt(15) / root);
        Assert.Equal(3, fourths / N, 5 * Math.Sqrt(96) / root);
        Assert.Equal(P, within1 / (double)N, 5 * Math.Sqrt(P * (1 - P)) / root);
    }

    [Fact]
    public void NextNormal_ConsecutiveNumbers_AreUncorrelated()
    {
        const int N = 200_000;
        var random = new RandomStream(12, "moments");
        double products = 0;
        float last = random.NextNormal();
        for (int i = 0; i < N; i++)
        {
            float z = random.NextNormal();
            products += last * z;
            last = z;
        }

        Assert.Equal(0, products / N, 5 / Math.Sqrt(N)); // the variance of a product is 1
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(10)]
    public void NextInt32_ManyNumbers_IsUniform(int bound)
    {
        const int N = 100_000;
        var random = new RandomStream(13, "uniformity");
        var counts = new int[bound];
        for (int i = 0; i < N; i++)
        {
            counts[random.NextInt32(bound)]++;
        }

        AssertUniform(counts, N);
    }

    [Fact]
    public void NextUniform_ManyNumbers_HasMomentsOfUniformDistribution()
    {
        const int N = 200_000;
        var random = new RandomStream(14, "moments");
        double sum = 0, squares = 0;
        for (int i = 0; i < N; i++)
        {
            float x = random.NextUniform(-3, 5);
            Assert.InRange(x, -3, 5);
            sum += x;
            squares += (x - 1) * (x - 1);
        }

        // A uniform number of width 8 has variance 64/12 and fourth moment 8⁴/80, so its square has variance 8⁴/180.
        Assert.Equal(1, sum / N, 5 * Math.Sqrt(64 / 12.0 / N));
        Assert.Equal(64 / 12.0, squares / N, 5 * Math.Sqrt(4096 / 180.0 / N));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public void NextInt32_BoundBelow1_Throws(int bound) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomStream(0, "").NextInt32(bound));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    public void Shuffle_AnyLength_IsPermutation(int length)
    {
        int[] items = [.. Enumerable.Range(0, length)];
        new RandomStream(15, "shuffling").Shuffle<int>(items);
        Assert.Equal(Enumerable.Range(0, length), items.Order());
        Assert.Equal(length > 1, !items.SequenceEqual(Enumerable.Range(0, length)));
    }

    [Fact]
    public void Shuffle_ThreeItems_GivesAllSixOrdersEquallyOften()
    {
        const int N = 60_000;
        var random = new RandomStream(16, "shuffling");
        var counts = new int[6];
        string[] orders = ["abc", "acb", "bac", "bca", "cab", "cba"];
        for (int i = 0; i < N; i++)
        {
            char[] items = ['a', 'b', 'c'];
            random.Shuffle<char>(items);
            counts[Array.IndexOf(orders, new string(items))]++;
        }

        AssertUniform(counts, N);
    }

    [Fact]
    public void Seed_Different_GivesUnrelatedStream()
    {
        // Two unrelated streams of bits agree in half of them: 32,000 of 64,000, with a standard deviation of 126.
        RandomStream a = new(1, "x"), b = new(2, "x");
        int agreeing = 0;
        for (int i = 0; i < 1000; i++)
        {
            agreeing += System.Numerics.BitOperations.PopCount(~(a.NextUInt64() ^ b.NextUInt64()));
        }

        Assert.InRange(agreeing, 32_000 - (5 * 127), 32_000 + (5 * 127));
    }

    private static void AssertUniform(int[] counts, int n)
    {
        double p = 1.0 / counts.Length;
        foreach (int count in counts)
        {
            Assert.Equal(n * p, count, 5 * Math.Sqrt(n * p * (1 - p)));
        }
    }
}
