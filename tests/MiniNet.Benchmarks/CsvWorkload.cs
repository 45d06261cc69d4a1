using System.Diagnostics;
using MiniNet.Data;
using MiniNet.Kernels;

namespace MiniNet.Benchmarks;

/// <summary>
/// Workload W6: loads a large CSV file into a <see cref="CsvDataset"/>, including its schema and classes. Loading does not scale values
/// (<see cref="Preprocessing"/> does), so the checksum is the sum of the values in the file.
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
        emit("checksum_sum", Sum([.. data.Columns.OfType<NumericColumn>().Select(column => column.Values)], data.Count));
    }

    // Row by row, like the libraries compared with, because the last digits depend on the order.
    private static double Sum(float[][] columns, int rows)
    {
        double sum = 0;
        for (int row = 0; row < rows; row++)
        {
            foreach (float[] column in columns)
            {
                sum += column[row];
            }
        }

        return sum;
    }
}
