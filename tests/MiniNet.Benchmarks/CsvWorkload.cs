using System.Diagnostics;
using MiniNet.Data;
using MiniNet.Kernels;

namespace MiniNet.Benchmarks;

/// <summary>
/// W6: a large CSV file becomes a <see cref="CsvDataset"/>, schema, classes and all. Nothing is scaled while it is loaded (that is
/// <see cref="Preprocessing"/>), so the checksum is the sum of the columns' own values.
/// </summary>
internal static class CsvWorkload
{
    public static void Run(string path, int threads, Action<string, double> emit)
    {
        Kernel.MaxThreads = threads;
        long start = Stopwatch.GetTimestamp();
        var data = CsvDataset.Load(path, target: "label");
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        using var process = Process.GetCurrentProcess();
        emit("load_s", seconds);
        emit("rows_s", data.Count / seconds);
        emit("peak_mb", process.PeakWorkingSet64 / (1024.0 * 1024.0));
        emit("checksum_sum", data.Columns.OfType<NumericColumn>().Sum(column => column.Values.Sum(value => (double)value)));
    }
}
