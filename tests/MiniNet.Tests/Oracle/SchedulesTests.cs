namespace MiniNet.Tests.Oracle;

/// <summary>A hundred learning rates of every schedule against PyTorch's, each by its own size.</summary>
public class SchedulesTests(WorstErrors worst) : IClassFixture<WorstErrors>
{
    // A rate is rounded once. That of a plateau is rounded at every fall, of which there are fewer than thirty here.
    private const double Tolerance = 2e-6;

    public static TheoryData<string> Names => [.. Recordings.Schedules.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void HundredRates_ArePyTorchs(string name) =>
        Comparison.AssertClose(name, Ours.Run(Recordings.Schedules[name]), Recordings.Schedules[name].Expected, Tolerance, worst);
}
