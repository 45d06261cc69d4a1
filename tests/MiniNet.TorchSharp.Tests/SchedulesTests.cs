using System.Text.Json.Nodes;
using MiniNet.Optimizers;
using MiniNet.Tests.Oracle;
using TorchSharp;
using LRScheduler = TorchSharp.torch.optim.lr_scheduler.LRScheduler;
using TorchParameter = TorchSharp.Modules.Parameter;

namespace MiniNet.Tests.Torch;

/// <summary>Compares a hundred learning rates of every schedule with TorchSharp's. The errors are relative to each rate.</summary>
public class SchedulesTests(WorstErrors worst) : IClassFixture<WorstErrors>
{
    private const double Tolerance = 2e-6; // as for the recorded cases, where it is derived

    public static TheoryData<string> Names => [.. Recordings.Schedules.Names];

    [TorchSharpTheory]
    [MemberData(nameof(Names))]
    public void HundredRates_MatchTorchSharp(string name)
    {
        ScheduleCase of = Recordings.Schedules[name];
        Comparison.AssertClose(name, MiniNetRunner.Run(of), Rates(of), Tolerance, worst);
    }

    private static Dictionary<string, Numbers> Rates(ScheduleCase of)
    {
        using var scope = torch.NewDisposeScope();
        var parameter = new TorchParameter(TorchGraph.ToTorch(new Numbers([1], [0])));
        using torch.optim.Optimizer optimizer = torch.optim.SGD([parameter], of.Observations is null ? FirstRate(of.Schedule) : 0.5);
        LRScheduler scheduler = Scheduler(optimizer, of.Schedule);
        var rates = new Dictionary<string, Numbers>(StringComparer.Ordinal);
        for (int step = 0; step < of.Expected.Count; step++)
        {
            rates[$"rate at {step}"] = new Numbers([], [optimizer.ParamGroups.Single().LearningRate]);
            if (of.Observations is { } observations)
            {
                scheduler.step(observations.Data[step]);
            }
            else if (step + 1 < of.Expected.Count) // OneCycleLR must not be stepped after its last step
            {
                scheduler.step();
            }
        }

        return rates;
    }

    /// <summary>Gets the initial learning rate of the optimizer. OneCycleLR sets its own, and a plateau case starts with 0.5.</summary>
    private static double FirstRate(JsonObject of) =>
        of["then"] is JsonObject then ? FirstRate(then) : of["learningRate"]?.GetValue<double>() ?? 1;

    private static LRScheduler Scheduler(torch.optim.Optimizer optimizer, JsonObject of)
    {
        double Of(string option, double otherwise) => of[option]?.GetValue<double>() ?? otherwise;
        int Count(string option, int otherwise) => of[option]?.GetValue<int>() ?? otherwise;
        int steps = Count("steps", 0);
        return of["kind"]!.GetValue<string>() switch
        {
            nameof(ConstantSchedule) => torch.optim.lr_scheduler.ConstantLR(optimizer, 1),
            nameof(StepSchedule) => torch.optim.lr_scheduler.StepLR(optimizer, Count("every", 0), Of("factor", 0.1)),
            nameof(ExponentialSchedule) => torch.optim.lr_scheduler.ExponentialLR(optimizer, Of("factor", double.NaN)),
            nameof(CosineSchedule) => torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps, Of("minimum", 0)),
            nameof(OneCycleSchedule) => torch.optim.lr_scheduler.OneCycleLR(
                optimizer,
                Of("maxLearningRate", double.NaN),
                steps,
                pct_start: Of("risingShare", 0.3),
                cycle_momentum: false,
                div_factor: Of("divisor", 25),
                final_div_factor: Of("finalDivisor", 1e4)),
            nameof(WarmupSchedule) => torch.optim.lr_scheduler.SequentialLR(
                optimizer,
                [torch.optim.lr_scheduler.LinearLR(optimizer, 1.0 / steps, 1, steps - 1), Scheduler(optimizer, of["then"]!.AsObject())],
                [steps]),
            nameof(ReduceOnPlateau) => torch.optim.lr_scheduler.ReduceLROnPlateau(
                optimizer,
                "min",
                Of("factor", 0.1),
                Count("patience", 10),
                Of("threshold", 1e-4),
                "rel",
                Count("cooldown", 0),
                [Of("minimum", 0)]),
            string kind => throw new NotSupportedException($"Schedule {kind}"),
        };
    }
}
