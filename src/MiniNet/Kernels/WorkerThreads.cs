using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace MiniNet.Kernels;

/// <summary>One product's share of rows: c[first..last] from a and b.</summary>
internal delegate void RowKernel(MatrixView a, MatrixView b, MatrixView c, int first, int last);

/// <summary>
/// Splits the rows of one product's result over a few threads that live as long as the process and sleep while idle.
/// Why not <c>Parallel.For</c>: it allocates at every call, and a training step must not.
/// One product at a time is split; a product that comes from another thread meanwhile runs on that thread alone.
/// </summary>
internal static class WorkerThreads
{
    // Between two products of a training step a worker falls asleep, and waking it costs tens of microseconds. Measured on whole steps of
    // three-layer nets on two cores: from one million on, steps of smaller nets took up to half as long again on two threads; from four
    // million on none did. Back to back, as in the benchmarks' `threads`, splitting would pay from a quarter of a million.
    internal const long WorthSplitting = 4_000_000;

    private static readonly Lock Gate = new();
    private static readonly List<Worker> Workers = [];

    [DebuggerStepThrough]
    public static void SplitRows(RowKernel kernel, MatrixView a, MatrixView b, MatrixView c, long multiplications)
    {
        int threads = Math.Min(Kernel.MaxThreads, c.Rows);
        if (threads == 1 || multiplications < WorthSplitting || !Gate.TryEnter())
        {
            kernel(a, b, c, 0, c.Rows);
            return;
        }

        try
        {
            while (Workers.Count < threads - 1)
            {
                Workers.Add(new Worker());
            }

            for (int t = 1; t < threads; t++)
            {
                Workers[t - 1].Start(kernel, a, b, c, First(t), First(t + 1));
            }

            Exception? failure = null;
            try
            {
                kernel(a, b, c, 0, First(1));
            }
            finally
            {
                // All of them, whoever failed: afterwards c is the caller's again, and the workers are free for the next product.
                for (int t = 1; t < threads; t++)
                {
                    Exception? thrown = Workers[t - 1].Wait();
                    failure ??= thrown;
                }
            }

            if (failure is not null)
            {
                throw new InvalidOperationException("A worker thread failed: " + failure.Message, failure);
            }
        }
        finally
        {
            Gate.Exit();
        }

        int First(int thread) => (int)((long)c.Rows * thread / threads);
    }

    [SuppressMessage("Design", "CA1001", Justification = "A worker lives as long as the process.")]
    private sealed class Worker
    {
        private readonly ManualResetEventSlim go = new(initialState: false);
        private readonly ManualResetEventSlim done = new(initialState: false);
        private RowKernel? kernel;
        private MatrixView a, b, c;
        private int first, last;
        private Exception? failure;

        public Worker() => new Thread(Run) { IsBackground = true, Name = "MiniNet worker" }.Start();

        public void Start(RowKernel kernel, MatrixView a, MatrixView b, MatrixView c, int first, int last)
        {
            (this.kernel, this.a, this.b, this.c, this.first, this.last) = (kernel, a, b, c, first, last);
            done.Reset();
            go.Set();
        }

        /// <summary>Waits for the share to be done.</summary>
        /// <returns>What it failed with; null where it did not.</returns>
        public Exception? Wait()
        {
            done.Wait();
            Exception? thrown = failure;
            failure = null;
            return thrown;
        }

        private void Run()
        {
            while (true)
            {
                go.Wait();
                go.Reset();
                try
                {
                    kernel!(a, b, c, first, last);
                }
                catch (Exception e)
                {
                    failure = e;
                }

                done.Set();
            }
        }
    }
}
