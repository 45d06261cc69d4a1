using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MiniNet.Data;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Optimizers;
using MiniNet.Stepping;
using MiniNet.Tensors;
using MiniNet.Training;

namespace MiniNet.Tests.Training;

/// <summary>
/// Compares a replay with the original run bit for bit, before a batch and after its last step. A layer in the network records the state of
/// the run at every batch.
/// </summary>
public class ReplayTests
{
    private const int BatchSize = 16, Epochs = 4, Batches = 7; // 101 rows; the last batch has 5

    private static readonly Dictionary<string, Func<StateLog, Trainer>> Trainers = new(StringComparer.Ordinal)
    {
        ["SGD with momentum, dropout and batch normalization"] = log =>
            Make(
                log,
                new(5),
                p => new SGD(p, .05f, momentum: .9f),
                new Linear(4, 8),
                new BatchNorm1d(8),
                new ReLU(),
                new Dropout(.4f),
                new Linear(8, 3)),
        ["Adam, a schedule and clipping"] = log => Make(
            log,
            new(5) { Schedule = new WarmupSchedule(3, new ExponentialSchedule(.1f, .9)), MaxGradientNorm = .3f },
            p => new Adam(p, .01f),
            new Linear(4, 8),
            new Tanh(),
            new Linear(8, 3)),
        ["RMSProp and a plateau"] = log =>
            Make(log, new(5) { HasPlateau = true }, p => new RMSProp(p, .1f), new Linear(4, 8), new Tanh(), new Linear(8, 3)),
        ["AdamW, class weights and smoothing"] = log => Make(
            log,
            new(9) { Loss = new SoftmaxCrossEntropy([1, 2, 3], labelSmoothing: .1f) },
            p => new AdamW(p, .01f),
            new Linear(4, 8),
            new GELU(),
            new Dropout(.2f),
            new Linear(8, 3)),
        ["NAdam, the last batch left out"] = log =>
            Make(
                log,
                new(5) { DropLast = true },
                p => new NAdam(p, .01f),
                new Linear(4, 8),
                new BatchNorm1d(8),
                new SiLU(),
                new Linear(8, 3)),
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names => [.. Trainers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void GoTo_AnyBatch_HasTheStateOfTheRunBeforeAndAfterItsSteps(string name)
    {
        var log = new StateLog();
        (Dataset training, Dataset validation) = (Rows(101, seed: 1), Rows(40, seed: 2));
        Trainer trainer = Trainers[name](log);
        Assert.Equal(Epochs, trainer.Epochs(training, validation, Epochs, Cancellation).Count());
        LogEntry[] run = [.. log.Entries];
        int batches = run.Length / Epochs;
        Assert.Equal(trainer.DropLast ? Batches - 1 : Batches, batches);
        Assert.Equal(run.Length, run.DistinctBy(page => page.Moment).Count());

        foreach ((int epoch, int batch) in
            ((int, int)[])[(1, 1), (1, 2), (1, batches), (2, 1), (2, 4), (Epochs, batches - 1), (Epochs, batches)])
        {
            var again = new StateLog();
            ReplayedBatch replayed = Trainers[name](again).GoTo(training, validation, epoch, batch, Cancellation);
            Assert.Equal((epoch, batch, batches), (replayed.Epoch, replayed.Batch.Number, replayed.Batches));
            int at = ((epoch - 1) * batches) + batch - 1;
            Assert.Equal(run[at], again.Capture(replayed.Batch.Inputs));
            Assert.Equal(run[..at], again.Entries);

            BackpropStepper stepper = replayed.CreateStepper();
            Assert.Equal(stepper.StepCount, Count(stepper));
            if (at + 1 < run.Length)
            {
                Assert.Equal(run[at + 1].Moment, again.Capture(replayed.Batch.Inputs).Moment);
            }

            while (stepper.Back() is not null)
            {
            }

            Assert.Equal(run[at], again.Capture(replayed.Batch.Inputs));
        }
    }

    [Fact]
    public void GoTo_EpochAfterEarlyStopping_ThrowsNamingTheLastEpoch()
    {
        (Dataset training, Dataset validation) = (Rows(60, seed: 1), Rows(30, seed: 2));
        var log = new StateLog();
        Func<StateLog, Trainer> make = d =>
            Make(d, new(5) { Patience = 3 }, p => new SGD(p, 1.5f), new Linear(4, 8), new Tanh(), new Linear(8, 3));
        int epochs = make(log).Epochs(training, validation, 500, Cancellation).Count();
        Assert.InRange(epochs, 4, 499);

        var again = new StateLog();
        ReplayedBatch last = make(again).GoTo(training, validation, epochs, 4, Cancellation);
        Assert.Equal(log.Entries[^1], again.Capture(last.Batch.Inputs)); // not the weights of the best epoch, which the run restored
        var e = Assert.Throws<ReplayException>(() => make(new StateLog()).GoTo(training, validation, epochs + 1, 1, Cancellation));
        Assert.Equal(
            $"Epoch {epochs + 1} does not exist: the run stopped after epoch {epochs} because the validation loss had not improved " +
            "for 3 epoch(s).",
            e.Message);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(1, 8)]
    public void GoTo_BatchOutOfRange_ThrowsWithTheNumberOfBatches(int epoch, int batch)
    {
        Trainer trainer = Trainers["RMSProp and a plateau"](new StateLog());
        var e = Assert.Throws<ReplayException>(() => trainer.GoTo(Rows(101, 1), Rows(40, 2), epoch, batch, Cancellation));
        Assert.Equal(
            $"Batch {batch} of epoch {epoch} does not exist: each epoch of this run has 7 batch(es). Epochs and batches are counted " +
            "from 1.",
            e.Message);
    }

    [Fact]
    public void GoTo_Cancelled_ThrowsOperationCanceledException()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(
            () => Trainers["RMSProp and a plateau"](new StateLog()).GoTo(Rows(101, 1), Rows(40, 2), 2, 1, source.Token));
    }

    [Theory]
    [InlineData(Fault.Value, 3, 2, 2)] // the trainer checks the loss
    [InlineData(Fault.Gradient, 3, 2, 3)] // at first only in the gradient: the loss is NaN in the next batch
    [InlineData(Fault.Validation, 1, Batches, 1)]
    [InlineData(Fault.Nothing, 0, 0, 0)]
    public void FindNotFinite_DivergingRun_ReturnsTheFirstBatchAndTheEnd(Fault ill, int epoch, int batch, int end)
    {
        Trainer trainer = Make(
            new StateLog(), new(5), p => new SGD(p, .01f), new Linear(4, 8), new NonFiniteLayer(
                ill, at: (2 * Batches) + 2), new Linear(8, 3));
        ((int Epoch, int Batch)? First, DivergedException? End) found =
            trainer.FindNotFinite(Rows(101, 1), Rows(40, 2), Epochs, _ => { }, Cancellation);
        Assert.Equal((epoch, batch), found.First ?? (0, 0));
        Assert.Equal(
            (epoch, end, ill == Fault.Validation), (found.End?.Epoch ?? 0, found.End?.Batch ?? 0, found.End?.IsValidation ?? false));
    }

    [Fact]
    public void FindNotFinite_WeightThatOverflows_IsFound()
    {
        Trainer trainer = Make(new StateLog(), new(5), p => new SGD(p, float.MaxValue), new Linear(4, 8), new Linear(8, 3));
        Dataset training = Rows(101, 1);
        foreach (ref float x in training.Inputs.Span)
        {
            x *= 1000; // scales the gradients too, which are then multiplied by float.MaxValue
        }

        Assert.Equal((1, 1), trainer.FindNotFinite(training, Rows(40, 2), Epochs, _ => { }, Cancellation).First);
    }

    private static int Count(BackpropStepper stepper)
    {
        foreach (Step _ in stepper)
        {
        }

        return stepper.Position;
    }

    private static Trainer Make(StateLog log, Choices choices, Func<IReadOnlyList<Parameter>, Optimizer> optimizer, params Layer[] layers)
    {
        var model = new Sequential(choices.Seed, Shape.Batch(4), [new LoggingLayer(log), .. layers]);
        Optimizer rule = optimizer(model.Parameters);
        (log.Model, log.Optimizer) = (model, rule);
        return new Trainer(model, rule, choices.Loss)
        {
            BatchSize = BatchSize,
            DropLast = choices.DropLast,
            Patience = choices.Patience,
            Schedule = choices.Schedule,
            MaxGradientNorm = choices.MaxGradientNorm,
            Plateau = choices.HasPlateau ? new ReduceOnPlateau(rule, factor: .5, patience: 0, threshold: .5) : null,
        };
    }

    private static Dataset Rows(int count, ulong seed)
    {
        var random = new RandomStream(seed, "rows");
        Tensor x = Samples.Tensor(new Shape(count, 4), random);
        return new Dataset(x, Samples.Classes(count, 3, random), ["a", "b", "c"]);
    }

    public enum Fault { Nothing, Value, Gradient, Validation }

    private sealed record Choices(ulong Seed)
    {
        public Loss? Loss { get; init; }

        public bool DropLast { get; init; }

        public int Patience { get; init; } = 20;

        public Schedule? Schedule { get; init; }

        public float? MaxGradientNorm { get; init; }

        public bool HasPlateau { get; init; }
    }

    /// <summary>Represents the state of a run: one hash of weights, layer state, gradients and optimizer state; and the batch.</summary>
    private sealed record LogEntry(string Moment, float LearningRate, string Rows);

    private sealed class StateLog
    {
        public List<LogEntry> Entries { get; } = [];

        public Graph? Model { get; set; }

        public Optimizer? Optimizer { get; set; }

        public LogEntry Capture(Tensor rows)
        {
            IEnumerable<Tensor> tensors = Model!.NamedTensors().Select(entry => entry.Tensor)
                .Concat(Model.Parameters.Select(parameter => parameter.Gradient)).Concat(Optimizer!.State);
            return new LogEntry($"{Optimizer.StepCount} {Hash(tensors)}", Optimizer.LearningRate, Hash([rows]));
        }

        private static string Hash(IEnumerable<Tensor> tensors)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (Tensor tensor in tensors)
            {
                hash.AppendData(MemoryMarshal.AsBytes(tensor.Span));
            }

            return Convert.ToHexString(hash.GetHashAndReset());
        }
    }

    /// <summary>Returns its input, and records the state of the run.</summary>
    private sealed class LoggingLayer(StateLog log) : Layer
    {
        public override Shape OutputShape(Shape input) => input;

        public override void Forward(Tensor x, Tensor y, NodeContext context)
        {
            y.CopyFrom(x);
            if (context.Phase == Phase.Training)
            {
                log.Entries.Add(log.Capture(x));
            }
        }

        public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context) => dX?.Add(dY);
    }

    /// <summary>
    /// Returns its input, except for a value or gradient that is not finite in its n-th training batch, or in validation.
    /// </summary>
    private sealed class NonFiniteLayer(Fault ill, int at) : Layer
    {
        private int batches;

        public override Shape OutputShape(Shape input) => input;

        public override void Forward(Tensor x, Tensor y, NodeContext context)
        {
            y.CopyFrom(x);
            batches += context.Phase == Phase.Training ? 1 : 0;
            if (ill == (context.Phase == Phase.Training ? Fault.Value : Fault.Validation)
                && (batches == at || context.Phase == Phase.Inference))
            {
                y.Span[^1] = float.NaN;
            }
        }

        public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context)
        {
            dX?.Add(dY);
            if (dX is not null && ill == Fault.Gradient && batches == at)
            {
                dX.Span[0] = float.PositiveInfinity;
            }
        }
    }
}
