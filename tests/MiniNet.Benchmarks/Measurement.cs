using System.Diagnostics;
using System.Globalization;

namespace MiniNet.Benchmarks;

/// <summary>How all workloads are timed, and the line each figure is printed as.</summary>
internal static class Measurement
{
    private const int Samples = 7;

    /// <summary>
    /// Warms up for a second and eight repetitions, so that the compiler's tiers lie behind, then takes the median of 7 samples, each of as many
    /// repetitions as last a quarter of a second.
    /// </summary>
    /// <param name="step">What to time; it is given its number.</param>
    /// <returns>Microseconds for one.</returns>
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

    /// <summary>Prints one figure as one JSON object.</summary>
    /// <param name="workload">Such as <c>W1</c>.</param>
    /// <param name="metric">Such as <c>step_us</c>.</param>
    /// <param name="value">The figure.</param>
    /// <param name="more">Further members, beginning with a comma.</param>
    public static void Print(string workload, string metric, double value, string more = "") => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"peer":"mininet","workload":"{{workload}}","metric":"{{metric}}","threads":{{Kernels.Kernel.MaxThreads}},"value":{{value:0.######}}{{more}}}"""));
}
