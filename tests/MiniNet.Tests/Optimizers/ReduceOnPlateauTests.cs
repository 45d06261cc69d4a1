using MiniNet.Optimizers;

namespace MiniNet.Tests.Optimizers;

public class ReduceOnPlateauTests
{
    [Fact]
    public void Observe_MoreBadEpochsThanPatience_LowersTheRateAndResetsTheCount() =>
        AssertRates(
            [5, 5, 5, 5, 5, 5, 5, 5],
            [1, 1, 1, 0.5f, 0.5f, 0.5f, 0.25f, 0.25f],
            optimizer => new ReduceOnPlateau(optimizer, 0.5, patience: 2));

    [Fact]
    public void Observe_ImprovementInBetween_ResetsTheCount() =>
        AssertRates([5, 6, 4, 6, 3, 6, 6], [1, 1, 1, 1, 1, 1, 0.5f], optimizer => new ReduceOnPlateau(optimizer, 0.5, patience: 1));

    [Theory]
    [InlineData(9.02f, true)]
    [InlineData(8.98f, false)]
    public void Observe_BetterByLessThanTheThreshold_IsBad(float value, bool isBad) => // a tenth of 10
        AssertRates([10, value], [1, isBad ? 0.5f : 1], optimizer => new ReduceOnPlateau(optimizer, 0.5, patience: 0, threshold: 0.1));

    [Fact]
    public void Observe_EqualToTheBestWithThresholdOf0_IsBad() =>
        AssertRates([5, 5, 4, 4], [1, 0.5f, 0.5f, 0.25f], optimizer => new ReduceOnPlateau(optimizer, 0.5, patience: 0, threshold: 0));

    [Fact]
    public void Observe_SlowImprovement_IsComparedWithTheBest() => // 9.2 is below 9.6, but not a tenth below 10
        AssertRates(
            [10, 9.6f, 9.2f, 8.9f, 8.5f],
            [1, 0.5f, 0.25f, 0.25f, 0.125f],
            optimizer => new ReduceOnPlateau(optimizer, 0.5, patience: 0, threshold: 0.1));

    [Fact]
    public void Observe_Cooldown_IsNotCounted() =>
        AssertRates(
            [5, 5, 5, 5, 5, 5, 5],
            [1, 0.5f, 0.5f, 0.5f, 0.25f, 0.25f, 0.25f],
            optimizer => new ReduceOnPlateau(optimizer, 0.5, patience: 0, cooldown: 2));

    [Fact]
    public void Observe_AtTheMinimum_StaysThere() =>
        AssertRates([5, 5, 5, 5], [1, 0.5f, 0.3f, 0.3f], optimizer => new ReduceOnPlateau(optimizer, 0.5, patience: 0, minimum: 0.3f));

    [Fact]
    public void Observe_ChangeOfAtMost1e8_IsSkipped()
    {
        // From 1.5·10⁻⁸, half is 0.75·10⁻⁸ less; from 3·10⁻⁸ it is 1.5·10⁻⁸.
        AssertRates(
            [5, 5, 5], [3e-8f, 1.5e-8f, 1.5e-8f], optimizer => new ReduceOnPlateau(optimizer, 0.5, patience: 0), learningRate: 3e-8f);
        // 10⁻⁸ itself.
        AssertRates([5, 5], [2e-8f, 2e-8f], optimizer => new ReduceOnPlateau(optimizer, 0.5, patience: 0), learningRate: 2e-8f);
    }

    [Fact]
    public void Observe_NaN_IsBad() =>
        AssertRates(
            [float.NaN, 5, float.NaN, 4], [0.5f, 0.5f, 0.25f, 0.25f], optimizer => new ReduceOnPlateau(optimizer, 0.5, patience: 0));

    // Computed with PyTorch's ReduceLROnPlateau(patience=3, cooldown=2, factor=0.5, threshold=0.01) for sixty such values.
    [Fact]
    public void Observe_NoisyLosses_EqualsPyTorch()
    {
        float[] values = [.. Enumerable.Range(0, 60).Select(i => (2f / (1 + i)) + ((i * 7 % 5) * 0.05f))];
        int[] lowered = [14, 24, 34, 44, 54];
        AssertRates(
            values,
            [.. Enumerable.Range(0, 60).Select(i => MathF.Pow(0.5f, lowered.Count(epoch => epoch <= i)))],
            optimizer => new ReduceOnPlateau(optimizer, 0.5, patience: 3, threshold: 0.01, cooldown: 2));
    }

    private static void AssertRates(float[] values, float[] expected, Func<Optimizer, ReduceOnPlateau> create, float learningRate = 1)
    {
        var optimizer = new SGD([], learningRate);
        ReduceOnPlateau plateau = create(optimizer);
        var rates = new float[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            plateau.Observe(values[i]);
            rates[i] = optimizer.LearningRate;
        }

        Assert.Equal(expected, rates);
    }
}
