using MiniNet.Data;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Metrics;
using MiniNet.Optimizers;
using MiniNet.Tensors;
using MiniNet.Training;

namespace MiniNet.Tests.Training;

public class TrainerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Train_EqualsTheLoopByHand_BitForBit()
    {
        (Dataset training, Dataset validation) = (Rows(101, seed: 1), Rows(300, seed: 2));
        Graph model = Model(), byHand = Model();
        var trainer = new Trainer(model, new Adam(model.Parameters, .01f)) { BatchSize = 16, Seed = 5 };
        List<EpochResult> results = [.. trainer.Epochs(training, validation, epochs: 6, Cancellation)];

        Graph judge = byHand.Fork();
        byHand.AddLoss(new SoftmaxCrossEntropy());
        var optimizer = new Adam(byHand.Parameters, .01f);
        var loader = new DataLoader(training, 16, seed: 5);
        var best = (Loss: float.PositiveInfinity, Weights: Weights(byHand));
        for (int epoch = 0; epoch < 6; epoch++)
        {
            double sum = 0;
            foreach (Batch batch in loader)
            {
                byHand.Forward(batch.Inputs);
                sum += (double)byHand.Loss(batch.Targets) * batch.Targets.Rows;
                byHand.ZeroGradients();
                byHand.Backward();
                optimizer.Step();
            }

            Evaluation judged = Evaluation.Of(judge, validation);
            Assert.Equal(epoch + 1, results[epoch].Epoch);
            Assert.Equal((float)(sum / 101), results[epoch].TrainingLoss);
            Assert.Equal(judged.Loss, results[epoch].ValidationLoss);
            Assert.Equal((float)judged.Confusion.Accuracy, results[epoch].ValidationAccuracy);
            best = judged.Loss < best.Loss ? (judged.Loss, Weights(byHand)) : best;
        }

        Assert.Equal(6, results.Count);
        Assert.Equal(best.Weights, Weights(model));
        Assert.Equal(results, trainer.History.Epochs);
        Assert.InRange(results[^1].TrainingLoss, 0, results[0].TrainingLoss * .9f);
    }

    [Fact]
    public void Train_WithScheduleAndClipping_EqualsTheLoopByHand_BitForBit()
    {
        Dataset training = Rows(101, seed: 1);
        Graph model = Model(), byHand = Model();
        var schedule = new WarmupSchedule(3, new ExponentialSchedule(.1f, .9));
        var trainer =
            new Trainer(model, new SGD(model.Parameters, 1, .9f)) { BatchSize = 16, Seed = 5, Schedule = schedule, MaxGradientNorm = .3f };
        Assert.Single(trainer.Epochs(training, Rows(30, seed: 2), epochs: 1, Cancellation));

        byHand.AddLoss(new SoftmaxCrossEntropy());
        var optimizer = new SGD(byHand.Parameters, 1, .9f);
        int step = 0, clipped = 0;
        foreach (Batch batch in new DataLoader(training, 16, seed: 5))
        {
            byHand.Forward(batch.Inputs);
            byHand.Loss(batch.Targets);
            byHand.ZeroGradients();
            byHand.Backward();
            clipped += GradientClipping.ByNorm(byHand.Parameters, .3f) > .3f ? 1 : 0;
            optimizer.LearningRate = schedule.At(step++);
            optimizer.Step();
        }

        Assert.Equal(7, step);
        Assert.InRange(clipped, 1, 7);
        Assert.Equal(Weights(byHand), Weights(model));
        Assert.Equal(optimizer.LearningRate, schedule.At(6));
    }

    [Fact]
    public void Train_ScheduleInASecondRun_ContinuesAtTheOptimizersStep()
    {
        Graph model = Model();
        var optimizer = new SGD(model.Parameters, 1);
        var trainer = new Trainer(model, optimizer) { BatchSize = 16, Schedule = new StepSchedule(.1f, every: 6, factor: .5) };
        Assert.Equal(2, trainer.Epochs(Rows(64, 1), Rows(30, 2), epochs: 2, Cancellation).Count()); // eight steps
        Assert.Equal(.05f, optimizer.LearningRate);
        Assert.Equal(2, trainer.Epochs(Rows(64, 1), Rows(30, 2), epochs: 2, Cancellation).Count()); // sixteen
        Assert.Equal(.025f, optimizer.LearningRate);
    }

    [Fact]
    public void Train_MaxGradientNorm_LimitsTheChangeOfTheWeights()
    {
        Graph model = Model();
        float[][] before = Weights(model);
        var trainer = new Trainer(model, new SGD(model.Parameters, 1)) { BatchSize = 16, MaxGradientNorm = 1e-4f };
        Assert.Equal(3, trainer.Epochs(Rows(64, 1), Rows(30, 2), epochs: 3, Cancellation).Count());

        // Twelve steps of at most 10⁻⁴ in all directions together; each weight, below 1, rounds once per step.
        double distance = Math.Sqrt(
            before.Zip(Weights(model)).Sum(pair => pair.First.Zip(pair.Second).Sum(w => Math.Pow((double)w.First - w.Second, 2))));
        Assert.InRange(distance, 1e-4, (12 * 1e-4) + (12 * Math.Sqrt(67) * Samples.U));
    }

    [Fact]
    public void Train_Plateau_ObservesEachEpochsValidationLoss()
    {
        (Dataset training, Dataset validation) = (Rows(60, seed: 1), Rows(30, seed: 2));
        Graph model = Model();
        var optimizer = new SGD(model.Parameters, 1.5f);
        var trainer = new Trainer(model, optimizer)
        {
            BatchSize = 8,
            Patience = 100,
            Plateau = new ReduceOnPlateau(optimizer, factor: .5, patience: 1),
        };
        var asTold = new SGD(model.Parameters, 1.5f);
        var told = new ReduceOnPlateau(asTold, factor: .5, patience: 1);
        foreach (EpochResult result in trainer.Epochs(training, validation, epochs: 30, Cancellation))
        {
            told.Observe(result.ValidationLoss);
            Assert.Equal(asTold.LearningRate, optimizer.LearningRate);
        }

        Assert.InRange(optimizer.LearningRate, 0, .75f);
    }

    [Fact]
    public void Train_ScheduleAndPlateau_Throws()
    {
        Graph model = Model();
        var optimizer = new SGD(model.Parameters, .1f);
        var trainer = new Trainer(model, optimizer) { Schedule = new ConstantSchedule(.1f), Plateau = new ReduceOnPlateau(optimizer) };
        var e = Assert.Throws<InvalidOperationException>(() => trainer.Epochs(Rows(5, 1), Rows(5, 1), 1, Cancellation));
        Assert.Equal(
            "Schedule and Plateau are both set, but a schedule overwrites the learning rate at every step; set only one of them.",
            e.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(float.NaN)]
    public void MaxGradientNorm_OutOfRange_ThrowsWhenSet(float maxNorm)
    {
        Graph model = Model();
        var optimizer = new SGD(model.Parameters, .1f);
        Assert.Equal(
            "MaxGradientNorm",
            Assert.Throws<ArgumentOutOfRangeException>(() => new Trainer(model, optimizer) { MaxGradientNorm = maxNorm }).ParamName);
        Assert.Null(new Trainer(model, optimizer) { MaxGradientNorm = null }.MaxGradientNorm);
    }

    [Fact]
    public void Train_Twice_GivesTheSameResults()
    {
        float[][] first = Weights(Trained(seed: 5)), second = Weights(Trained(seed: 5)), other = Weights(Trained(seed: 6));
        Assert.Equal(first, second);
        Assert.NotEqual(first, other);

        static Graph Trained(ulong seed)
        {
            Graph model = Model();
            var trainer = new Trainer(model, new SGD(model.Parameters, .1f)) { Seed = seed };
            Assert.Equal(3, trainer.Epochs(Rows(101, seed: 1), Rows(30, seed: 2), epochs: 3, Cancellation).Count());
            return model;
        }
    }

    [Fact]
    public void Train_ModelWithItsOwnLoss_UsesIt()
    {
        Graph plain = Model(), ending = Model();
        ending.AddLoss(new SoftmaxCrossEntropy());
        Assert.Equal(Losses(plain), Losses(ending));

        static IEnumerable<float> Losses(Graph model) =>
            [
                .. new Trainer(model, new SGD(model.Parameters, .1f)).Epochs(Rows(60, 1), Rows(30, 2), epochs: 3, Cancellation)
                    .Select(result => result.ValidationLoss),
            ];
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Train_OutOfPatience_StopsAndRestoresTheBestWeights(int patience)
    {
        // A learning rate this high makes the validation loss jump up and down.
        (Dataset training, Dataset validation) = (Rows(60, seed: 1), Rows(30, seed: 2));
        Graph model = Model();
        var trainer = new Trainer(model, new SGD(model.Parameters, 1.5f)) { BatchSize = 8, Patience = patience };
        float[] losses = [.. trainer.Epochs(training, validation, epochs: 500, Cancellation).Select(result => result.ValidationLoss)];

        Assert.InRange(losses.Length, patience + 1, 499);
        int expected = 0, best = 0;
        for (int epoch = 0; expected == 0; epoch++)
        {
            best = losses[epoch] < losses[best] ? epoch : best;
            expected = epoch - best == patience ? epoch + 1 : 0;
        }

        Assert.Equal(expected, losses.Length);
        Assert.Equal(best + 1, trainer.History.BestEpoch);
        Assert.Equal(losses[best], Evaluation.Of(model, validation).Loss);
        Assert.NotEqual(losses[best], losses[^1]);
    }

    [Fact]
    public void Epochs_CallerLeavesTheLoop_RestoresTheBestWeights()
    {
        (Dataset training, Dataset validation) = (Rows(60, seed: 1), Rows(30, seed: 2));
        Graph model = Model();
        var trainer = new Trainer(model, new SGD(model.Parameters, 1.5f)) { BatchSize = 8 };
        float best = float.PositiveInfinity;
        foreach (EpochResult result in trainer.Epochs(training, validation, cancellation: Cancellation))
        {
            best = MathF.Min(best, result.ValidationLoss);
            if (result.Epoch > 1 && result.ValidationLoss > best)
            {
                break;
            }
        }

        Assert.Equal(best, Evaluation.Of(model, validation).Loss);
        Assert.NotEqual(best, trainer.History.Epochs[^1].ValidationLoss);
    }

    [Fact]
    public void Epochs_CallerThrows_RestoresTheBestWeights()
    {
        (Dataset training, Dataset validation) = (Rows(60, seed: 1), Rows(30, seed: 2));
        Graph model = Model();
        var trainer = new Trainer(model, new SGD(model.Parameters, 1.5f)) { BatchSize = 8 };
        Assert.Throws<InvalidOperationException>(() =>
        {
            foreach (EpochResult result in trainer.Epochs(training, validation, cancellation: Cancellation))
            {
                if (result.ValidationLoss > trainer.History.Epochs.Min(epoch => epoch.ValidationLoss))
                {
                    throw new InvalidOperationException();
                }
            }
        });
        Assert.Equal(trainer.History.Epochs.Min(epoch => epoch.ValidationLoss), Evaluation.Of(model, validation).Loss);
    }

    [Theory]
    [InlineData(3, 0)] // in the first epoch: the weights from before
    [InlineData(20, 2)] // in the third: the better of two
    public void Train_CancelledInAnEpoch_StopsAndRestoresTheBestWeights(int batches, int epochs)
    {
        (Dataset training, Dataset validation) = (Rows(64, seed: 1), Rows(30, seed: 2)); // eight batches per epoch
        using var source = new CancellationTokenSource();
        var canceller = new CancellingLayer(source, batches);
        var model = new Sequential(seed: 3, new Linear(4, 8), canceller, new Linear(8, 3));
        float[][] before = Weights(model);
        var trainer = new Trainer(model, new SGD(model.Parameters, .1f)) { BatchSize = 8 };
        Assert.Equal(epochs, trainer.Epochs(training, validation, epochs: 9, source.Token).Count());
        Assert.Equal(batches, canceller.Batches); // not one more
        if (epochs == 0)
        {
            Assert.Equal(before, Weights(model));
        }
        else
        {
            Assert.Equal(trainer.History.Epochs.Min(epoch => epoch.ValidationLoss), Evaluation.Of(model, validation).Loss);
        }
    }

    [Fact]
    public void Train_Diverging_NamesEpochBatchAndNode_AndRestores()
    {
        (Dataset training, Dataset validation) = (Rows(64, seed: 1), Rows(30, seed: 2));
        Graph byHand = WithoutBounds();
        byHand.AddLoss(new SoftmaxCrossEntropy());
        var optimizer = new SGD(byHand.Parameters, 1e20f);
        string? place = null;
        (int Batch, string Node) found = default;
        foreach (Batch batch in new DataLoader(training, 8, seed: 3))
        {
            byHand.Forward(batch.Inputs);
            float loss = byHand.Loss(batch.Targets);
            if (!float.IsFinite(loss))
            {
                Node first = byHand.Nodes.First(node => node.Value.Span.ToArray().Any(value => !float.IsFinite(value)));
                found = (batch.Number, first.Name);
                place = $"epoch 1, batch {batch.Number}: the loss is {loss}; " +
                    $"the first node with such a value is {first.Name} ({first.Operation}). " +
                    "Lower the learning rate, which is 1E+20, or check the data.";
                break;
            }

            byHand.ZeroGradients();
            byHand.Backward();
            optimizer.Step();
        }

        Graph model = WithoutBounds();
        float[][] before = Weights(model);
        var trainer = new Trainer(model, new SGD(model.Parameters, 1e20f)) { BatchSize = 8, Seed = 3 };
        var e = Assert.Throws<DivergedException>(() => trainer.Epochs(training, validation, cancellation: Cancellation).Count());
        Assert.Equal(place, e.Message);
        Assert.Equal((1, found.Batch, found.Node), (e.Epoch, e.Batch, e.Node));
        Assert.InRange(e.Batch, 2, 8);
        Assert.Equal(before, Weights(model));
        Assert.Empty(trainer.History.Epochs);
    }

    [Fact]
    public void Train_DivergingInALaterEpoch_NamesTheEpoch()
    {
        var poison = new PoisonLayer(at: 11); // with eight batches per epoch, the third of the second epoch
        var model = new Sequential(seed: 3, new Linear(4, 8), poison, new Linear(8, 3));
        var trainer = new Trainer(model, new SGD(model.Parameters, .1f)) { BatchSize = 8 };
        var e = Assert.Throws<DivergedException>(
            () => trainer.Epochs(Rows(64, seed: 1), Rows(30, seed: 2), cancellation: Cancellation).Count());
        Assert.Equal((2, 3, "1"), (e.Epoch, e.Batch, e.Node));
        Assert.StartsWith("epoch 2, batch 3: the loss is ", e.Message, StringComparison.Ordinal);
        Assert.Equal(trainer.History.Epochs[0].ValidationLoss, Evaluation.Of(model, Rows(30, seed: 2)).Loss);
    }

    [Theory]
    [InlineData(30, 7, 1, float.PositiveInfinity)]
    [InlineData(600, 7, 1, float.NaN)] // of three batches
    [InlineData(600, 255, 1, float.NaN)]
    [InlineData(600, 256, 2, float.NaN)]
    [InlineData(600, 599, 3, float.NaN)]
    public void Train_DivergingInValidation_NamesTheBatch(int rows, int row, int batch, float value)
    {
        (Dataset training, Dataset validation) = (Rows(64, seed: 1), Rows(rows, seed: 2));
        validation.Inputs[row, 2] = value;
        Graph model = WithoutBounds();
        float[][] before = Weights(model);
        var trainer = new Trainer(model, new SGD(model.Parameters, .1f));
        var e = Assert.Throws<DivergedException>(() => trainer.Epochs(training, validation, cancellation: Cancellation).Count());
        string cell = $"row {row % 256}, column 2 of the batch's inputs is {(float.IsNaN(value) ? "NaN" : "Infinity")}.";
        Assert.Equal($"epoch 1, validation batch {batch}: the loss is NaN, because of the data: {cell}", e.Message);
        Assert.Equal((1, batch, "input"), (e.Epoch, e.Batch, e.Node));
        Assert.Equal(before, Weights(model));
    }

    [Fact]
    public void Train_TargetsWithNaN_ThrowsWithTheCell()
    {
        Graph model = Model();
        Tensor targets = Samples.Tensor(new Shape(6, 3));
        targets[4, 1] = float.NaN;
        var rows = new Dataset(Samples.Tensor(new Shape(6, 4)), targets);
        var trainer = new Trainer(model, new SGD(model.Parameters, .1f), new MeanSquaredError()) { BatchSize = 6 };
        var e = Assert.Throws<DivergedException>(() => trainer.Epochs(rows, rows, cancellation: Cancellation).Count());
        Assert.Matches(
            "^epoch 1, batch 1: the loss is NaN, because of the data: row [0-5], column 1 of the batch's targets is NaN.$", e.Message);
    }

    [Fact]
    public void Train_BatchNormWithSingleRowBatch_ThrowsUnlessDropped()
    {
        var model = new Sequential(seed: 3, new Linear(4, 8), new BatchNorm1d(8), new Linear(8, 3));
        Dataset rows = Rows(33, 1), validation = Rows(10, 2);
        var trainer = new Trainer(model, new SGD(model.Parameters, .1f));
        string message = Assert.Throws<ShapeException>(() => trainer.Epochs(rows, validation, 1, Cancellation).Count()).Message;
        Assert.Equal(
            "1 (BatchNorm1d 8) needs at least two values per channel in training, got [1, 8] from 0; choose another batch size or " +
            "drop the last batch",
            message);

        trainer = new Trainer(model, new SGD(model.Parameters, .1f)) { DropLast = true };
        Assert.Equal(2, trainer.Epochs(rows, validation, 2, Cancellation).Count());
    }

    [Fact]
    public void Train_FewerNamesThanClasses_ThrowsBeforeTraining()
    {
        Graph model = Model();
        Dataset rows = Rows(30, 1), named = new(rows.Inputs, rows.Targets, ["a", "b"]);
        var e = Assert.Throws<ArgumentException>(
            () => new Trainer(model, new SGD(model.Parameters, .1f)).Epochs(rows, named, 1, Cancellation));
        Assert.StartsWith("The network has scores for 3 classes, but the data names only 2.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_InvalidArguments_ThrowsBeforeTraining()
    {
        Graph model = Model();
        var optimizer = new SGD(model.Parameters, .1f);
        Dataset rows = Rows(5, 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Trainer(model, optimizer).Epochs(rows, rows, epochs: 0, Cancellation));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new Trainer(model, optimizer) { BatchSize = 0 }.Epochs(rows, rows, 1, Cancellation));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new Trainer(model, optimizer) { Patience = 0 }.Epochs(rows, rows, 1, Cancellation));
        var e = Assert.Throws<ArgumentException>(() => new Trainer(model, optimizer).Epochs(rows, Rows(0, 1), 1, Cancellation));
        Assert.StartsWith(
            "There are 5 training and 0 validation rows; at least one of each is needed.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_OptimizerOfAnotherModel_Throws()
    {
        Graph model = Model(), other = Model();
        const string Message = "The optimizer must update parameters of this model only; create it with model.Parameters.";
        foreach (IReadOnlyList<Parameter> parameters in
            (IReadOnlyList<Parameter>[])[other.Parameters, [.. model.Parameters, other.Parameters[0]], []])
        {
            var e = Assert.Throws<ArgumentException>(() => new Trainer(model, new SGD(parameters, .1f)));
            Assert.StartsWith(Message, e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Train_OptimizerOfSomeParameters_DoesNotChangeTheOthers()
    {
        Graph model = Model();
        float[][] before = Weights(model);
        var trainer = new Trainer(model, new SGD([model.Parameters[2]], .1f));
        Assert.Equal(2, trainer.Epochs(Rows(60, 1), Rows(30, 2), epochs: 2, Cancellation).Count());
        float[][] after = Weights(model);
        Assert.All([0, 1, 3], i => Assert.Equal(before[i], after[i]));
        Assert.NotEqual(before[2], after[2]);
    }

    [Fact]
    public void Constructor_LossForModelWithLoss_Throws()
    {
        Graph model = Model();
        model.AddLoss(new SoftmaxCrossEntropy());
        var e = Assert.Throws<ArgumentException>(() => new Trainer(model, new SGD(model.Parameters, .1f), new SoftmaxCrossEntropy()));
        Assert.StartsWith("A loss is given, but the network already has one.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Epochs_EnumeratedTwice_Throws()
    {
        (Dataset training, Dataset validation) = (Rows(60, seed: 1), Rows(30, seed: 2));
        Graph model = Model();
        var trainer = new Trainer(model, new SGD(model.Parameters, .1f));
        IEnumerable<EpochResult> epochs = trainer.Epochs(training, validation, epochs: 2, Cancellation);
        Assert.Equal(2, epochs.Count());
        float[][] weights = Weights(model);
        var e = Assert.Throws<InvalidOperationException>(() => epochs.Count());
        Assert.Equal("These epochs have already been run; call Epochs again to train more.", e.Message);
        Assert.Equal(weights, Weights(model));
        Assert.Equal(2, trainer.History.Epochs.Count);

        Assert.Equal(3, trainer.Epochs(training, validation, epochs: 3, Cancellation).Count());
        Assert.Equal(3, trainer.History.Epochs.Count);
    }

    [Fact]
    public void Train_ProbabilitiesAsTargets_HasTheLossesOfTheClasses()
    {
        // Probabilities of 0 and 1 equal classes, so the losses are the same except for rounding over a dozen steps. There is no accuracy.
        (Dataset training, Dataset validation) = (Rows(60, seed: 1), Rows(40, seed: 2));
        Graph byClasses = Model(), byProbabilities = Model();
        EpochResult[] classes =
            [.. new Trainer(byClasses, new SGD(byClasses.Parameters, .1f)).Epochs(training, validation, epochs: 6, Cancellation)];
        EpochResult[] probabilities =
        [
            .. new Trainer(byProbabilities, new SGD(byProbabilities.Parameters, .1f)).Epochs(
                OneHot(training), OneHot(validation), epochs: 6, Cancellation),
        ];
        Assert.Equal(6, probabilities.Length);
        for (int i = 0; i < 6; i++)
        {
            Assert.Equal(classes[i].TrainingLoss, probabilities[i].TrainingLoss, 1e-5);
            Assert.Equal(classes[i].ValidationLoss, probabilities[i].ValidationLoss, 1e-5);
            Assert.Null(probabilities[i].ValidationAccuracy);
        }

        static Dataset OneHot(Dataset data)
        {
            var q = new Tensor(new Shape(data.Count, 3), "q");
            for (int row = 0; row < data.Count; row++)
            {
                q[row, data.Targets.Classes[row]] = 1;
            }

            return new Dataset(data.Inputs, q);
        }
    }

    [Fact]
    public void Train_Regression_HasNoAccuracyAndLearnsTheLine()
    {
        (Dataset training, Dataset validation) = (Line(64, seed: 1), Line(300, seed: 2));
        var model = new Sequential(seed: 3, new Linear(2, 1));
        var trainer = new Trainer(model, new SGD(model.Parameters, .2f), new MeanSquaredError()) { Patience = 100 };
        List<EpochResult> epochs = [.. trainer.Epochs(training, validation, epochs: 60, Cancellation)];
        Assert.Equal(60, epochs.Count);
        Assert.All(epochs, epoch => Assert.Null(epoch.ValidationAccuracy));
        Assert.DoesNotContain("accuracy", epochs[0].ToString(), StringComparison.Ordinal);

        // The data is t = 2a − b + 0.5 without noise, so training finds these weights.
        var line = (Linear)model["0"].Operation!;
        Assert.Equal(2, line.Weight.Value[0, 0], 1e-3);
        Assert.Equal(-1, line.Weight.Value[1, 0], 1e-3);
        Assert.Equal(.5, line.Bias!.Value.Span[0], 1e-3);
        double sum = 0;
        for (int row = 0; row < validation.Count; row++)
        {
            double prediction = ((double)validation.Inputs[row, 0] * line.Weight.Value[0, 0])
                + ((double)validation.Inputs[row, 1] * line.Weight.Value[1, 0])
                + line.Bias.Value.Span[0];
            sum += Math.Pow(prediction - validation.Targets.Values![row, 0], 2);
        }

        Assert.Equal(sum / validation.Count, epochs.Min(epoch => epoch.ValidationLoss), 1e-10);

        using var folder = new TemporaryFolder();
        trainer.History.Save(folder["history.csv"]);
        Assert.Equal("", File.ReadLines(folder["history.csv"]).ElementAt(1).Split(',')[3]);
        Assert.Equal(
            epochs.Select(epoch => epoch with { Seconds = 0 }),
            TrainingHistory.Load(folder["history.csv"]).Epochs.Select(epoch => epoch with { Seconds = 0 }));
    }

    [Fact]
    public void Train_ClassesWithoutNames_HasTheSameAccuracies()
    {
        Dataset named = Rows(60, 1);
        var unnamed = new Dataset(named.Inputs, named.Targets);
        Assert.Equal(Accuracies(named), Accuracies(unnamed));

        static IEnumerable<float?> Accuracies(Dataset rows)
        {
            Graph model = Model();
            return
            [
                .. new Trainer(model, new SGD(model.Parameters, .1f)).Epochs(rows, rows, epochs: 3, Cancellation)
                    .Select(epoch => epoch.ValidationAccuracy),
            ];
        }
    }

    [Fact]
    public void EpochResult_ToString_ReturnsOneLine() =>
        Assert.Equal(
            "epoch 12: training loss 0.0812, validation loss 0.0934, accuracy 0.957",
            new EpochResult(12, .08123f, .09338f, .9571f, 3).ToString());

    private static Sequential Model() => new(seed: 3, new Linear(4, 8), new Tanh(), new Linear(8, 3));

    // Without tanh, which would keep all values finite.
    private static Sequential WithoutBounds() => new(seed: 3, new Linear(4, 8), new Linear(8, 3));

    private static float[][] Weights(Graph graph) => [.. graph.Parameters.Select(parameter => parameter.Value.Span.ToArray())];

    /// <summary>Creates rows of three overlapping classes.</summary>
    private static Dataset Rows(int count, ulong seed)
    {
        var random = new RandomStream(seed, "rows");
        var x = new Tensor(new Shape(count, 4));
        int[] classes = [.. Enumerable.Range(0, count).Select(_ => random.NextInt32(3))];
        for (int row = 0; row < count; row++)
        {
            for (int i = 0; i < 4; i++)
            {
                x[row, i] = random.NextNormal() + (i == classes[row] ? 1 : 0);
            }
        }

        return new Dataset(x, classes, ["a", "b", "c"]);
    }

    /// <summary>Creates rows with the target t = 2a − b + 0.5.</summary>
    private static Dataset Line(int count, ulong seed)
    {
        Tensor x = Samples.Tensor(new Shape(count, 2), seed), t = new(new Shape(count, 1));
        for (int row = 0; row < count; row++)
        {
            t[row, 0] = (2 * x[row, 0]) - x[row, 1] + .5f;
        }

        return new Dataset(x, t);
    }

    /// <summary>Returns its input, with one NaN in its n-th training batch.</summary>
    private sealed class PoisonLayer(int at) : Layer
    {
        private int batches;

        public override Shape OutputShape(Shape input) => input;

        public override void Forward(Tensor x, Tensor y, NodeContext context)
        {
            y.CopyFrom(x);
            if (context.Phase == Phase.Training && ++batches == at)
            {
                y.Span[^1] = float.NaN;
            }
        }

        public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context) => dX?.Add(dY);
    }

    /// <summary>Returns its input, and cancels the run in its n-th training batch.</summary>
    private sealed class CancellingLayer(CancellationTokenSource source, int batches) : Layer
    {
        public int Batches { get; private set; }

        public override Shape OutputShape(Shape input) => input;

        public override void Forward(Tensor x, Tensor y, NodeContext context)
        {
            y.CopyFrom(x);
            if (context.Phase == Phase.Training && ++Batches == batches)
            {
                source.Cancel();
            }
        }

        public override void Backward(Tensor x, Tensor y, Tensor dY, Tensor? dX, NodeContext context) => dX?.Add(dY);
    }
}
