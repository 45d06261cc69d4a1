using MiniNet.Tensors;

namespace MiniNet.Tests.Tensors;

public class RandomStreamTests
{
    [Fact]
    public void NextUInt64_MatchesTheReferenceOfSplitMix64()
    {
        // The first outputs for state 1234567, as published with the algorithm's reference implementation.
        var random = new RandomStream(0, "") { State = 1234567 };
        Assert.Equal(6457827717110365317UL, random.NextUInt64());
        Assert.Equal(3203168211198807973UL, random.NextUInt64());
        Assert.Equal(9817491932198370423UL, random.NextUInt64());
    }

    [Fact]
    public void State_SetBack_RepeatsTheStream()
    {
        var random = new RandomStream(7, "shuffling");
        random.NextNormal();
        ulong state = random.State;
        float first = random.NextNormal();
        random.State = state;
        Assert.Equal(first, random.NextNormal());
    }

    [Fact]
    public void Purpose_GivesAnUnrelatedStream() =>
        Assert.NotEqual(new RandomStream(7, "shuffling").NextUInt64(), new RandomStream(7, "splitting").NextUInt64());
}
