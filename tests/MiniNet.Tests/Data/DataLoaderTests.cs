using MiniNet.Data;
using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Tests.Data;

public class DataLoaderTests
{
    [Theory]
    [InlineData(23, 5)]
    [InlineData(20, 5)]
    [InlineData(7, 100)]
    [InlineData(1, 1)]
    [InlineData(12, 1)]
    public void Epoch_ReturnsEveryRowOnceWithItsTarget(int count, int batchSize)
    {
        var loader = new DataLoader(Rows(count, classes: true), batchSize, seed: 3);
        for (int epoch = 0; epoch < 4; epoch++)
        {
            var sizes = new List<int>();
            var seen = new List<float>();
            foreach (Batch batch in loader)
            {
                sizes.Add(batch.Inputs.Shape.Rows);
                Assert.Equal(sizes.Count, batch.Number);
                Assert.Equal(batch.Inputs.Shape.Rows, batch.Targets.Rows);
                for (int row = 0; row < batch.Targets.Rows; row++)
                {
                    float id = batch.Inputs[row, 0];
                    Assert.Equal(-id, batch.Inputs[row, 1]);
                    Assert.Equal((int)id % 3, batch.Targets.Classes[row]);
                    seen.Add(id);
                }
            }

            Assert.Equal(Enumerable.Range(0, count).Select(i => (float)i), seen.Order());
            int full = Math.Min(batchSize, count), last = count % full == 0 ? full : count % full;
            Assert.Equal((count + full - 1) / full, loader.Batches);
            Assert.Equal(loader.Batches, sizes.Count);
            Assert.All(sizes.SkipLast(1), size => Assert.Equal(full, size));
            Assert.Equal(last, sizes[^1]);
        }
    }

    [Fact]
    public void Epoch_ShufflesRowsNotBatches()
    {
        // If batches were shuffled instead, adjacent rows would stay adjacent.
        var loader = new DataLoader(Rows(1000, classes: true), 10, seed: 3);
        float[] epoch = Epoch(loader);
        int neighbours = Enumerable.Range(1, 999).Count(i => epoch[i] == epoch[i - 1] + 1);
        Assert.InRange(neighbours, 0, 10); // 1 expected
        Assert.NotEqual(epoch, Epoch(loader));
    }

    [Fact]
    public void Epoch_EveryRowIsFirstEquallyOften()
    {
        var loader = new DataLoader(Rows(10, classes: true), 3, seed: 1);
        var first = new int[10];
        for (int epoch = 0; epoch < 2000; epoch++)
        {
            first[(int)Epoch(loader)[0]]++;
        }

        Assert.All(first, count => Assert.InRange(count, 120, 280)); // 200 expected, standard deviation 13
    }

    [Fact]
    public void Epoch_ValueTargets_StayWithTheirRows()
    {
        var loader = new DataLoader(Rows(23, classes: false), 5, seed: 3);
        int rows = 0;
        foreach (Batch batch in loader)
        {
            Assert.Equal(batch.Inputs.Shape.Rows, batch.Targets.Values!.Shape.Rows);
            Assert.Equal(batch.Inputs.Shape.Rows, batch.Targets.Rows);
            for (int row = 0; row < batch.Targets.Rows; row++, rows++)
            {
                Assert.Equal(batch.Inputs[row, 0] * 10, batch.Targets.Values[row, 0]);
                Assert.Equal((batch.Inputs[row, 0] * 10) + 1, batch.Targets.Values[row, 1]);
            }
        }

        Assert.Equal(23, rows);
    }

    [Fact]
    public void Random_RestoredState_RepeatsTheEpoch()
    {
        var loader = new DataLoader(Rows(50, classes: true), 8, seed: 3);
        Epoch(loader);
        ulong state = loader.Random.State;
        float[] second = Epoch(loader), third = Epoch(loader);
        Assert.NotEqual(second, third);

        var resumed = new DataLoader(Rows(50, classes: true), 8, seed: 99);
        resumed.Random.State = state;
        Assert.Equal(second, Epoch(resumed));
        Assert.Equal(third, Epoch(resumed));
    }

    [Fact]
    public void Epoch_AfterBreak_IsTheSameAsAfterAWholeEpoch()
    {
        DataLoader whole = new(Rows(50, classes: true), 8, seed: 3), broken = new(Rows(50, classes: true), 8, seed: 3);
        Epoch(whole);
        foreach (Batch batch in broken)
        {
            if (batch.Number == 2)
            {
                break;
            }
        }

        Assert.Equal(Epoch(whole), Epoch(broken));
    }

    [Fact]
    public void Epoch_WithoutShuffling_KeepsTheOrder()
    {
        var loader = new DataLoader(Rows(23, classes: true), 5, seed: 3, shuffle: false);
        Assert.Equal(Enumerable.Range(0, 23).Select(i => (float)i), Epoch(loader));
        Assert.Equal(Enumerable.Range(0, 23).Select(i => (float)i), Epoch(loader));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ToList_HoldsTheBatchesOfAnEpoch(bool classes)
    {
        DataLoader listed = new(Rows(23, classes), 5, seed: 3), looped = new(Rows(23, classes), 5, seed: 3);
        List<Batch> batches = listed.ToList();
        int number = 0;
        foreach (Batch expected in looped)
        {
            Batch actual = batches[number++];
            Assert.Equal(number, actual.Number);
            Assert.Equal(expected.Inputs.Shape, actual.Inputs.Shape);
            Assert.Equal(expected.Inputs.Span, actual.Inputs.Span);
            Assert.Equal(expected.Targets.Rows, actual.Targets.Rows);
            Assert.Equal(expected.Targets.Classes, actual.Targets.Classes);
            Assert.Equal(expected.Targets.Values?.ToArray(), actual.Targets.Values?.ToArray());
        }

        Assert.Equal(number, batches.Count);
        Assert.Equal(Epoch(looped), Epoch(listed)); // the second epochs
    }

    [Fact]
    public void Loop_OverwritesOneBatch_AndCloneKeepsIt()
    {
        var loader = new DataLoader(Rows(4, classes: true), 2, shuffle: false);
        Batch? first = null, copy = null;
        foreach (Batch batch in loader)
        {
            first ??= batch;
            copy ??= batch.Clone();
        }

        Assert.Equal(2, first!.Number);
        Assert.Equal([2, -2, 3, -3], first.Inputs.Span);
        Assert.Equal(1, copy!.Number);
        Assert.Equal([0, -0f, 1, -1], copy.Inputs.Span);
        Assert.Equal([0, 1], copy.Targets.Classes);
    }

    [Fact]
    public void Constructor_BatchSize0_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new DataLoader(Rows(3, classes: true), 0));

    [Fact]
    public void Dataset_DifferentNumbersOfInputsAndTargets_Throws() =>
        Assert.Throws<TargetsException>(() => new Dataset(new Tensor(new Shape(3, 2)), new Targets([0, 1])));

    internal static Dataset Rows(int count, bool classes)
    {
        Tensor inputs = new(new Shape(count, 2)), values = new(new Shape(count, 2));
        for (int row = 0; row < count; row++)
        {
            (inputs[row, 0], inputs[row, 1]) = (row, -row);
            (values[row, 0], values[row, 1]) = (row * 10, (row * 10) + 1);
        }

        return new Dataset(inputs, classes ? new Targets([.. Enumerable.Range(0, count).Select(i => i % 3)]) : new Targets(values));
    }

    private static float[] Epoch(DataLoader loader)
    {
        var seen = new List<float>();
        foreach (Batch batch in loader)
        {
            for (int row = 0; row < batch.Targets.Rows; row++)
            {
                seen.Add(batch.Inputs[row, 0]);
            }
        }

        return [.. seen];
    }

    [Theory]
    [InlineData(33, 32, 1)]
    [InlineData(64, 32, 2)]
    [InlineData(7, 32, 1)] // fewer rows than the batch size make a whole batch
    public void DropLast_DropsOnlyASmallerBatch(int count, int batchSize, int batches)
    {
        var loader = new DataLoader(Rows(count, classes: true), batchSize, seed: 3, dropLast: true);
        var sizes = new List<int>();
        foreach (Batch batch in loader)
        {
            sizes.Add(batch.Inputs.Shape.Rows);
        }

        Assert.Equal(Enumerable.Repeat(Math.Min(count, batchSize), batches), sizes);
        Assert.Equal(batches, loader.Batches);
    }
}
