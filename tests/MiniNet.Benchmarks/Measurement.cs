using System.Diagnostics;
using System.Globalization;

namespace MiniNet.Benchmarks;

/// <summary>Times the workloads and prints the results.</summary>
internal static class Measurement
{
    private const int Samples = 7;

    /// <summary>
    /// Measures the median time of a step over 7 samples. Each sample repeats the step for about a quarter of a second. Warms up for one
    /// second and at least eight repetitions first, so that tiered compilation has finished.
    /// </summary>
    /// <param name="step">The step to time; its argument is the number of the repetition.</param>
    /// <returns>The time of one step in microseconds.</returns>
    public static double Median(Action<int> step)
    {
        int number = 0;
        double Seconds(long repetitions)
        {
            long start = Stopwatch.GetTimestamp();
            for (long i = 0; i < repetitions; i++)
            {
                step(number++ & int.MaxValue);
            }

            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        long count = 1;
        for (double warm = 0; warm < 1 || number < 8;)
        {
            double seconds = Seconds(count);
            warm += seconds;
            count = (long)Math.Ceiling(count * (warm < 1 ? 0.1 : 0.3) / seconds);
        }

        return Enumerable.Range(0, Samples).Select(_ => Seconds(count) / count).Order().ElementAt(Samples / 2) * 1e6;
    }

    /// <summary>Prints one result as a JSON object on one line.</summary>
    /// <param name="workload">The workload, such as <c>W1</c>.</param>
    /// <param name="metric">The metric, such as <c>step_us</c>.</param>
    /// <param name="value">The value.</param>
    /// <param name="more">Additional JSON members, starting with a comma.</param>
    public static void Print(string workload, string metric, double value, string more = "") => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"peer":"mininet","workload":"{{workload}}","metric":"{{metric}}","threads":"""
        + $$"""{{Kernels.Kernel.MaxThreads}},"value":{{value:0.######}}{{more}}}"""));
}
