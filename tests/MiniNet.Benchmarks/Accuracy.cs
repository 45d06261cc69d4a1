using System.Globalization;
using MiniNet.Data;
using MiniNet.Metrics;
using MiniNet.Training;

namespace MiniNet.Benchmarks;

/// <summary>
/// Trains with the defaults of <c>mininet train</c>, once for each seed, and prints the mean test accuracy. The defaults were chosen on
/// seeds from 1001 on. Other seeds are used here, because accuracy on the same seeds would be biased upwards.
/// </summary>
internal static class Accuracy
{
    public static int Run(string[] args)
    {
        if (args is [var data, var target, var first, var last])
        {
            int to = Arguments.Number("LAST_SEED", last, max: int.MaxValue);
            Print(data, target, (ulong)Arguments.Number("FIRST_SEED", first, max: to), (ulong)to, atLeast: 0);
            return 0;
        }

        if (args.Length > 0)
        {
            throw new UsageException("accuracy takes either no arguments or DATA.csv TARGET FIRST_SEED LAST_SEED.");
        }

        bool enough = Print(WorkloadData.PathTo("datasets", "iris.csv"), "species", 1, 100, atLeast: 0.94);
        enough &= Print(WorkloadData.PathTo("datasets", "digits.csv"), "digit", 1, 10, atLeast: 0.965);
        enough &= Print(WorkloadData.PathTo("datasets", "titanic.csv"), "survived", 1, 20, atLeast: 0.775);
        return enough ? 0 : 1;
    }

    private static bool Print(string path, string target, ulong first, ulong last, double atLeast)
    {
        var data = CsvDataset.Load(path, target);
        double sum = 0, least = 1, epochs = 0, seconds = 0;
        for (ulong seed = first; seed <= last; seed++)
        {
            var run = new ClassifierRun(data, new ClassifierSettings { Seed = seed });
            epochs += run.Train().History.Epochs.Count;
            seconds += run.History.Epochs.Sum(epoch => epoch.Seconds);
            ConfusionMatrix test = run.Test().Confusion;
            sum += test.Accuracy;
            least = Math.Min(least, test.Accuracy);
        }

        double count = last - first + 1, mean = sum / count;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{path}: mean test accuracy {mean:F4} (required: {atLeast}), minimum {least:F4}, seeds {first} to {last}; "
            + $"{epochs / count:F0} epochs and {seconds / count:F2} s each"));
        return mean >= atLeast;
    }
}
