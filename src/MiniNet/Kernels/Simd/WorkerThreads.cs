using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace MiniNet.Kernels;

/// <summary>Something of which each part can be done by itself.</summary>
internal interface IWork<T>
    where T : unmanaged, IWork<T>
{
    /// <summary>Does the parts from <paramref name="first"/> up to but not including <paramref name="last"/>.</summary>
    static abstract void Run(in T work, int first, int last);
}

/// <summary>
/// Splits a piece of work over a few threads that live as long as the process and sleep while idle.
/// Why not <c>Parallel.For</c>: it allocates at every call, and a training step must not.
/// One piece of work at a time is split; one that comes meanwhile, from another thread or out of a share, is done by that thread alone.
/// </summary>
internal static unsafe class WorkerThreads
{
    // A worker that has fallen asleep takes tens of microseconds to wake. Measured on whole steps of three-layer nets on two cores, when workers slept
    // at once: from one million on, steps of smaller nets took up to half as long again on two threads; from four
    // million on none did. Back to back, as in the benchmarks' `threads`, splitting would pay from a quarter of a million.
    internal const long WorthSplitting = 4_000_000;

    private static readonly Lock Gate = new();
    private static readonly List<Worker> Workers = [];

    /// <summary>Whether so many multiplications are worth splitting.</summary>
    public static bool AreWorth(long multiplications) => multiplications >= WorthSplitting && Kernel.MaxThreads > 1;

    /// <param name="work">What is to be done.</param>
    /// <param name="count">How many parts it has.</param>
    /// <param name="grain">A share is a whole number of so many parts.</param>
    /// <param name="multiplications">What all of it costs.</param>
    [DebuggerStepThrough]
    public static void Split<T>(in T work, int count, int grain, long multiplications)
        where T : unmanaged, IWork<T>
    {
        int threads = !AreWorth(multiplications) ? 1 : Math.Min(Kernel.MaxThreads, (count + grain - 1) / grain);
        if (threads == 1 || Gate.IsHeldByCurrentThread || !Gate.TryEnter())
        {
            T.Run(work, 0, count);
            return;
        }

        try
        {
            while (Workers.Count < threads - 1)
            {
                Workers.Add(new Worker());
            }

            fixed (T* shared = &work)
            {
                for (int t = 1; t < threads; t++)
                {
                    Workers[t - 1].Start(&Run<T>, shared, First(t), First(t + 1));
                }

                Exception? failure = null;
                try
                {
                    T.Run(work, 0, First(1));
                }
                finally
                {
                    // All of them, whoever failed: afterwards the memory is the caller's again, and the workers are free for the next work. A share
                    // that its worker has not begun, on a machine that is busy with something else, the caller does itself.
                    for (int t = 1; t < threads; t++)
                    {
                        Exception? thrown = Workers[t - 1].Finish();
                        failure ??= thrown;
                    }
                }

                if (failure is not null)
                {
                    throw new InvalidOperationException("A worker thread failed: " + failure.Message, failure);
                }
            }
        }
        finally
        {
            Gate.Exit();
        }

        int First(int thread) => (int)Math.Min(count, (((long)count * thread / threads) + grain - 1) / grain * grain);
    }

    private static void Run<T>(void* work, int first, int last)
        where T : unmanaged, IWork<T> => T.Run(*(T*)work, first, last);

    [SuppressMessage("Design", "CA1001", Justification = "A worker lives as long as the process.")]
    private sealed class Worker
    {
        // A worker looks for the next piece of work for some tens of microseconds, about what waking it would cost, and only then falls asleep.
        private const int Looks = 200;

        private readonly ManualResetEventSlim go = new(initialState: false, Looks);
        private readonly ManualResetEventSlim done = new(initialState: false, Looks);
        private delegate*<void*, int, int, void> run;
        private void* work;
        private int first, last;
        private Exception? failure;
        private bool isTaken = true; // the share, by the worker or by the caller

        public Worker() => new Thread(Run) { IsBackground = true, Name = "MiniNet worker" }.Start();

        public void Start(delegate*<void*, int, int, void> run, void* work, int first, int last)
        {
            this.run = run;
            this.work = work;
            (this.first, this.last) = (first, last);
            failure = null;
            done.Reset();
            Volatile.Write(ref isTaken, false);
            go.Set();
        }

        /// <summary>Does the share if it is not begun, or waits until it is done.</summary>
        /// <returns>What it failed with; null where it did not.</returns>
        public Exception? Finish()
        {
            RunIfNotTaken();
            done.Wait();
            return failure;
        }

        private void Run()
        {
            while (true)
            {
                go.Wait();
                go.Reset(); // if there is a share to do since, it is found all the same
                RunIfNotTaken();
            }
        }

        private void RunIfNotTaken()
        {
            if (Interlocked.Exchange(ref isTaken, true))
            {
                return;
            }

            try
            {
                run(work, first, last);
            }
            catch (Exception e)
            {
                failure = e;
            }

            done.Set();
        }
    }
}
