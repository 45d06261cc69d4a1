using MiniNet.Optimizers;

namespace MiniNet.Tests.Optimizers;

public class ScheduleTests
{
    // A rate is computed in double precision and rounded to float: half an ulp, plus half an ulp of the learning rate as a float.
    private const double Relative = 2 * Samples.U;

    [Fact]
    public void Constant_AnyStep_ReturnsTheRate() =>
        Assert.All([0, 1, 1000, int.MaxValue], step => Assert.Equal(0.3f, new ConstantSchedule(0.3f).At(step)));

    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(9, 0.5)]
    [InlineData(10, 0.05)]
    [InlineData(19, 0.05)]
    [InlineData(20, 0.005)]
    [InlineData(35, 0.0005)]
    public void Step_SeveralSteps_ReturnsTheReducedRate(int step, double expected) =>
        Assert.Equal(expected, new StepSchedule(0.5f, every: 10).At(step), Relative * expected);

    [Fact]
    public void Exponential_ManySteps_AreAGeometricSequence()
    {
        var schedule = new ExponentialSchedule(0.5f, 0.999);
        double expected = 0.5;
        for (int step = 0; step < 10_000; step++)
        {
            // 10⁴ multiplications in double round to 10⁻¹² of the product.
            Assert.Equal(expected, schedule.At(step), Relative * expected);
            expected *= 0.999;
        }
    }

    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(25, 0.1 + (0.4 * (2 + 1.4142135623730951) / 4))] // cos 45° = √2/2
    [InlineData(50, 0.3)]
    [InlineData(75, 0.1 + (0.4 * (2 - 1.4142135623730951) / 4))]
    [InlineData(100, 0.1)]
    [InlineData(150, 0.3)] // the rate rises again
    public void Cosine_SeveralSteps_FollowTheCosine(int step, double expected) =>
        Assert.Equal(expected, new CosineSchedule(0.5f, 100, 0.1f).At(step), Relative * 0.5);

    [Fact]
    public void Cosine_MinimumOf0_EndsAt0AndIsAcceptedByAnOptimizer()
    {
        var optimizer = new SGD([], 1) { LearningRate = new CosineSchedule(0.5f, 100).At(100) };
        Assert.Equal(0, optimizer.LearningRate);
    }

    [Fact]
    public void Warmup_FirstSteps_RiseLinearlyAndTheOtherScheduleFollows()
    {
        var schedule = new WarmupSchedule(4, new ExponentialSchedule(0.8f, 0.5));
        double[] expected = [0.2, 0.4, 0.6, 0.8, 0.8, 0.4, 0.2, 0.1];
        Assert.Equal(
            expected, Enumerable.Range(0, 8).Select(step => (double)schedule.At(step)), (a, b) => Math.Abs(a - b) <= 0.8 * Relative);
        Assert.Equal(0.5f, new WarmupSchedule(1, new ConstantSchedule(0.5f)).At(0));
    }

    // Computed with PyTorch's OneCycleLR(max_lr=0.5, total_steps=10) and (max_lr=0.5, total_steps=5, pct_start=0.5, div_factor=10,
    // final_div_factor=100), in double precision.
    [Theory]
    [InlineData(
        10,
        0.3,
        25,
        1e4,
        0.020000000000000018,
        0.26,
        0.5,
        0.47524231600673683,
        0.40587282697488153,
        0.30563101096814466,
        0.19437098903185537,
        0.09412917302511849,
        0.024759683993263143,
        2e-06)]
    [InlineData(5, 0.5, 10, 1e2, 0.04999999999999999, 0.38749999999999996, 0.4523019943451431, 0.1730730056548569, 0.0005)]
    [InlineData(2, 0.3, 25, 1e4, 0.4058728269748815, 2e-06)] // the top lies before the first step
    public void OneCycle_AllSteps_EqualPyTorch(int steps, double risingShare, double divisor, double finalDivisor, params double[] expected)
    {
        var schedule = new OneCycleSchedule(0.5f, steps, risingShare, divisor, finalDivisor);
        Assert.Equal(
            expected, Enumerable.Range(0, steps).Select(step => (double)schedule.At(step)), (a, b) => Math.Abs(a - b) <= Relative * a);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100)]
    [InlineData(1000)]
    public void OneCycle_AllSteps_RiseToTheMaximumAndFallToTheEnd(int steps)
    {
        // r · steps is a whole number, so one step is at the top.
        var schedule = new OneCycleSchedule(0.5f, steps);
        float[] rates = [.. Enumerable.Range(0, steps).Select(schedule.At)];
        int top = (steps * 3 / 10) - 1;
        Assert.Equal(0.5 / 25, rates[0], Relative * 0.5 / 25);
        Assert.Equal(0.5f, rates[top]);
        Assert.Equal(0.5 / 25e4, rates[^1], Relative * 0.5 / 25e4);
        Assert.All(Enumerable.Range(1, steps - 1), t => Assert.Equal(t <= top, rates[t] > rates[t - 1]));
        Assert.All([steps, steps + 1, 10 * steps], step => Assert.Equal(rates[^1], schedule.At(step)));
    }

    [Fact]
    // PyTorch divides by 0.
    public void OneCycle_MaximumAtTheFirstStep_StartsThere() => Assert.Equal(0.5f, new OneCycleSchedule(0.5f, 4, risingShare: 0.25).At(0));

    [Theory]
    [InlineData(-0.1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Rates_OutOfRange_ThrowWithTheName(float rate)
    {
        AssertRefused(
            "learningRate",
            () => new ConstantSchedule(rate),
            () => new StepSchedule(rate, 1),
            () => new ExponentialSchedule(rate, 0.5),
            () => new CosineSchedule(rate, 1));
        AssertRefused("minimum", () => new CosineSchedule(1, 1, rate), () => Plateau(minimum: rate));
        AssertRefused("maxLearningRate", () => new OneCycleSchedule(rate, 1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void Counts_OutOfRange_ThrowWithTheName(int count)
    {
        AssertRefused("every", () => new StepSchedule(1, count));
        AssertRefused(
            "steps",
            () => new CosineSchedule(1, count),
            () => new WarmupSchedule(count, new ConstantSchedule(1)),
            () => new OneCycleSchedule(1, count));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-0.5)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Factors_OutOfRange_ThrowWithTheName(double factor)
    {
        AssertRefused("factor", () => new StepSchedule(1, 1, factor), () => new ExponentialSchedule(1, factor));
        AssertRefused("divisor", () => new OneCycleSchedule(1, 1, divisor: factor));
        AssertRefused("finalDivisor", () => new OneCycleSchedule(1, 1, finalDivisor: factor));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void Shares_OutOfRange_ThrowWithTheName(double share)
    {
        AssertRefused("risingShare", () => new OneCycleSchedule(1, 1, share));
        AssertRefused("factor", () => Plateau(factor: share));
        AssertRefused("threshold", () => Plateau(threshold: share));
        AssertRefused("patience", () => Plateau(patience: -1));
        AssertRefused("cooldown", () => Plateau(cooldown: -1));
    }

    private static ReduceOnPlateau Plateau(
        double factor = 0.1, int patience = 10, double threshold = 0, int cooldown = 0, float minimum = 0) =>
        new(new SGD([], 1), factor, patience, threshold, cooldown, minimum);

    private static void AssertRefused(string name, params Func<object>[] creations) =>
        Assert.All(creations, create => Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(create).ParamName));
}
