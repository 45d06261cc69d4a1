using MiniNet.Data;
using MiniNet.Training;

namespace MiniNet.Tests.Training;

public sealed class TrainingHistoryTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Load_SavedHistory_ReturnsTheEpochs()
    {
        var history = new TrainingHistory();
        history.Add(new EpochResult(1, 1 / 3f, float.MaxValue, 0, 1.234567891));
        history.Add(new EpochResult(2, float.Epsilon, -0.1f, 1, 0));
        history.Add(new EpochResult(3, 1e-10f, 123456.789f, 2 / 3f, 1e5));
        history.Save(folder["h.csv"]);
        Assert.Equal(
            [new(1, 1 / 3f, float.MaxValue, 0, 1.234568), new(2, float.Epsilon, -0.1f, 1, 0), new(3, 1e-10f, 123456.789f, 2 / 3f, 1e5)],
            TrainingHistory.Load(folder["h.csv"]).Epochs);
        Assert.Equal(["h.csv"], folder.Names());
        using var alone = new FileStream(folder["h.csv"], FileMode.Open, FileAccess.ReadWrite, FileShare.None);
    }

    [Fact]
    public void Save_OneEpoch_WritesOneLine()
    {
        var history = new TrainingHistory();
        history.Add(new EpochResult(1, .5f, .25f, .75f, 2));
        history.Save(folder["h.csv"]);
        Assert.Equal(
            "epoch,training_loss,validation_loss,validation_accuracy,seconds\n1,0.5,0.25,0.75,2\n", File.ReadAllText(folder["h.csv"]));
    }

    [Theory]
    [InlineData(1, 1, 1)] // again
    [InlineData(3, 1, 1)] // one skipped
    [InlineData(0, 1, 1)]
    [InlineData(2, float.NaN, 1)]
    [InlineData(2, float.PositiveInfinity, 1)]
    [InlineData(2, 1, float.NaN)]
    [InlineData(2, 1, float.NegativeInfinity)]
    public void Add_WrongNumberOrNonFiniteLoss_Throws(int epoch, float trainingLoss, float validationLoss)
    {
        var history = new TrainingHistory();
        history.Add(new EpochResult(1, 1, 1, null, 1));
        var wrong = new EpochResult(epoch, trainingLoss, validationLoss, 1, 1);
        var e = Assert.Throws<ArgumentException>(() => history.Add(wrong));
        Assert.StartsWith($"Expected epoch 2 with finite losses, but got epoch {epoch}: ", e.Message, StringComparison.Ordinal);
        Assert.Single(history.Epochs);
        history.Add(new EpochResult(2, 1, 1, null, 1));
    }

    [Fact]
    public void Save_WithoutAccuracy_LeavesTheCellEmpty()
    {
        var history = new TrainingHistory();
        history.Add(new EpochResult(1, .5f, .25f, null, 2));
        history.Add(new EpochResult(2, .5f, .25f, 0, 2));
        history.Save(folder["h.csv"]);
        Assert.Equal(
            "epoch,training_loss,validation_loss,validation_accuracy,seconds\n1,0.5,0.25,,2\n2,0.5,0.25,0,2\n",
            File.ReadAllText(folder["h.csv"]));
        Assert.Equal([null, 0], TrainingHistory.Load(folder["h.csv"]).Epochs.Select(epoch => epoch.ValidationAccuracy));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("3", 1)]
    [InlineData("3 1 2", 2)]
    [InlineData("3 1 1", 2)] // the first of several
    public void BestEpoch_HasTheLowestValidationLoss(string losses, int expected)
    {
        var history = new TrainingHistory();
        foreach (string loss in losses.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            history.Add(
                new EpochResult(history.Epochs.Count + 1, 1, int.Parse(loss, System.Globalization.CultureInfo.InvariantCulture), 1, 1));
        }

        Assert.Equal(expected, history.BestEpoch);
    }

    [Theory]
    [InlineData("epoch,training_loss,validation_loss,validation_accuracy,seconds\n", ": there are no epochs under the header.")]
    [InlineData(
        "epoch,training_loss,validation_loss,seconds\n1,1,1,1\n",
        ": there is no history column 'validation_accuracy'. The columns are epoch, training_loss, validation_loss, seconds.")]
    [InlineData(
        "epoch,training_loss,validation_loss,validation_accuracy,seconds\n1,1,x,1,1\n",
        ", row 1 (line 2), column 'validation_loss': 'x' is not a finite number.")]
    [InlineData(
        "epoch,training_loss,validation_loss,validation_accuracy,seconds\n1,NaN,1,1,1\n",
        ", row 1 (line 2), column 'training_loss': 'NaN' is not a finite number.")]
    [InlineData(
        "epoch,training_loss,validation_loss,validation_accuracy,seconds\n1,1e39,1,1,1\n",
        ", row 1 (line 2), column 'training_loss': '1e39' is not a finite number.")]
    [InlineData(
        "epoch,training_loss,validation_loss,validation_accuracy,seconds\n1,1,1,1,1\n3,1,1,1,1\n",
        ", row 2 (line 3), column 'epoch': '3' is not the epoch expected here, 2.")]
    [InlineData(
        "epoch,training_loss,validation_loss,validation_accuracy,seconds\n1.5,1,1,1,1\n",
        ", row 1 (line 2), column 'epoch': '1.5' is not the epoch expected here, 1.")]
    public void Load_InvalidFile_NamesTheRowAndColumn(string text, string message)
    {
        string path = folder.Write("h.csv", text);
        var e = Assert.Throws<DataFormatException>(() => TrainingHistory.Load(path));
        Assert.Equal(path + message, e.Message);
        using var alone = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
    }

    [Fact]
    public void Load_ColumnsInAnyOrder_FindsThemByName()
    {
        string path = folder.Write("h.csv", "seconds,validation_accuracy,note,validation_loss,training_loss,epoch\n5,4,x,3,2,1\n");
        Assert.Equal([new(1, 2, 3, 4, 5)], TrainingHistory.Load(path).Epochs);
    }
}
