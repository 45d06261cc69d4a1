using System.Diagnostics;
using System.Globalization;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Benchmarks;

/// <summary>
/// Times products of n by n matrices alternately on one thread and on all, to find the size from which several threads are faster.
/// </summary>
internal static class ThreadThreshold
{
    public static int Run()
    {
        int all = Environment.ProcessorCount;
        Console.WriteLine($"multiplications   1 thread, us   {all} threads, us   (medians of 25)");
        foreach (int n in (int[])[64, 80, 96, 100, 104, 128, 160, 200, 256])
        {
            Tensor x = new(new Shape(n, n)), w = new(new Shape(n, n)), y = new(new Shape(n, n));
            var times = new List<double>[] { [], [] };
            for (int round = 0; round < 30; round++)
            {
                for (int side = 0; side < 2; side++)
                {
                    Kernel.MaxThreads = side == 0 ? 1 : all;
                    long start = Stopwatch.GetTimestamp();
                    for (int i = 0; i < 100; i++)
                    {
                        y.AddProduct(x, w);
                    }

                    times[side].Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds / 100);
                }
            }

            double Median(int side) => times[side].Skip(5).Order().ElementAt(12);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(long)n * n * n,15} {Median(0),14:F1} {Median(1),16:F1}"));
        }

        return 0;
    }
}
