namespace MiniNet.Tests.Oracle;

/// <summary>Compares a hundred learning rates of every schedule with PyTorch's, by relative error.</summary>
public class SchedulesTests(WorstErrors worst) : IClassFixture<WorstErrors>
{
    // A rate is rounded once. With a plateau it is rounded at every reduction, of which there are fewer than thirty here.
    private const double Tolerance = 2e-6;

    public static TheoryData<string> Names => [.. Recordings.Schedules.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Schedule_HundredRates_EqualPyTorch(string name) =>
        Comparison.AssertClose(name, MiniNetRunner.Run(Recordings.Schedules[name]), Recordings.Schedules[name].Expected, Tolerance, worst);
}
