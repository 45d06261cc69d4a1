using MiniNet.Data;
using MiniNet.Tensors;

namespace MiniNet.Tests.Data;

public sealed class StratifiedSplitTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Split_ManySizesAndSeeds_KeepsTheProportions()
    {
        var random = new RandomStream(1, "sizes");
        for (ulong seed = 0; seed < 60; seed++)
        {
            int[] sizes = [.. Enumerable.Range(0, 2 + random.NextInt32(6)).Select(_ => 7 + random.NextInt32(90))];
            CsvDataset data = SortedByClass(sizes);
            (CsvDataset training, CsvDataset validation, CsvDataset test) = data.Split(70, 15, 15, seed);

            Assert.InRange(training.Count, (.7 * data.Count) - 2, (.7 * data.Count) + 2);
            Assert.InRange(validation.Count, (.15 * data.Count) - 1, (.15 * data.Count) + 1);
            Assert.InRange(test.Count, (.15 * data.Count) - 1, (.15 * data.Count) + 1);
            for (int c = 0; c < sizes.Length; c++)
            {
                // Each of the two small parts is at most one row off its proportion, so the training rows, the rest, are at most two off.
                Assert.InRange(validation.CountClasses()[c], (.15 * sizes[c]) - 1, (.15 * sizes[c]) + 1);
                Assert.InRange(test.CountClasses()[c], (.15 * sizes[c]) - 1, (.15 * sizes[c]) + 1);
                Assert.InRange(training.CountClasses()[c], (.7 * sizes[c]) - 2, (.7 * sizes[c]) + 2);
            }
        }
    }

    [Fact]
    public void Split_AnySizes_PartitionsTheRowsWithEveryClassInEachPart()
    {
        var random = new RandomStream(2, "sizes");
        for (ulong seed = 0; seed < 60; seed++)
        {
            int[] sizes = [.. Enumerable.Range(0, 2 + random.NextInt32(12)).Select(_ => 3 + random.NextInt32(seed % 2 == 0 ? 3 : 50))];
            CsvDataset data = SortedByClass(sizes);
            (CsvDataset training, CsvDataset validation, CsvDataset test) = data.Split(
                1 + random.NextInt32(9), 1 + random.NextInt32(9), 1 + random.NextInt32(9), seed);
            int[] all = [.. training.Rows, .. validation.Rows, .. test.Rows];
            Assert.Equal(Enumerable.Range(0, data.Count), all.Order());
            foreach (CsvDataset part in new[] { training, validation, test })
            {
                Assert.All(part.CountClasses(), count => Assert.InRange(count, 1, data.Count));
                Assert.Equal(part.Rows.ToArray().Order(), part.Rows.ToArray());
                for (int row = 0; row < part.Count; row++)
                {
                    Assert.Equal(data.ClassOf(part.Rows[row]), part.ClassOf(row));
                }
            }
        }
    }

    [Fact]
    public void Split_SameSeedGivesTheSameParts_OtherSeedGivesOthers()
    {
        CsvDataset data = SortedByClass([40, 40]);
        int[] first = data.Split(70, 15, 15, seed: 5).Test.Rows.ToArray();
        Assert.Equal(first, data.Split(70, 15, 15, seed: 5).Test.Rows.ToArray());
        Assert.Equal(first, data.Split(.7, .15, .15, seed: 5).Test.Rows.ToArray());
        Assert.NotEqual(first, data.Split(70, 15, 15, seed: 6).Test.Rows.ToArray());
    }

    [Fact]
    public void Split_ManySeeds_DrawEveryRowEquallyOften()
    {
        CsvDataset data = SortedByClass([20, 20]);
        var times = new int[40];
        for (ulong seed = 0; seed < 400; seed++)
        {
            foreach (int row in data.Split(70, 15, 15, seed).Test.Rows)
            {
                times[row]++;
            }
        }

        // 400 draws with probability 3/20: 60 expected, standard deviation 7; the tolerance is six standard deviations.
        Assert.All(times, count => Assert.InRange(count, 18, 102));
    }

    [Fact]
    public void Split_ClassOfTwoRows_Throws()
    {
        CsvDataset data = SortedByClass([20, 2]);
        var e = Assert.Throws<DataFormatException>(() => data.Split(70, 15, 15, seed: 1));
        Assert.Equal(
            $"{data.Path}: class 'c1' of 't' has 2 row(s), but needs at least 3: one each for training, validation and test. Add rows, " +
            "or remove the class.",
            e.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Split_InvalidProportion_Throws(double share) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SortedByClass([9, 9]).Split(70, share, 15, seed: 1));

    private CsvDataset SortedByClass(int[] sizes)
    {
        IEnumerable<string> lines = sizes.SelectMany((size, c) => Enumerable.Range(0, size).Select(i => $"{i},c{c}\n"));
        return CsvDataset.Load(folder.Write("f.csv", "a,t\n" + string.Concat(lines)), "t");
    }
}
