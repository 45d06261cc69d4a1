using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace MiniNet.Kernels;

/// <summary>Represents work whose items can be computed independently.</summary>
internal interface IWork<T>
    where T : unmanaged, IWork<T>
{
    /// <summary>Processes the items from <paramref name="first"/> up to, but not including, <paramref name="last"/>.</summary>
    static abstract void Run(in T work, int first, int last);
}

/// <summary>
/// Splits work over a few threads that live as long as the process and sleep while idle.
/// <c>Parallel.For</c> is not used because it allocates on every call, which a training step must not do.
/// Only one piece of work is split at a time. Work that arrives meanwhile, from another thread or from within a share, runs on its own
/// thread.
/// </summary>
internal static unsafe class WorkerThreads
{
    // A sleeping worker takes tens of microseconds to wake up. Measured on whole steps of three-layer networks on two cores, when workers
    // slept immediately: with a threshold of one million, steps of smaller networks took up to 50% longer on two threads; with four
    // million, none did. Back to back, as in the benchmarks' `threads`, splitting would pay off from a quarter of a million.
    internal const long MinMultiplicationsToSplit = 4_000_000;

    private static readonly Lock Gate = new();
    private static readonly List<Worker> Workers = [];

    /// <summary>Determines whether this many multiplications are worth splitting.</summary>
    public static bool IsWorthSplitting(long multiplications) => multiplications >= MinMultiplicationsToSplit && Kernel.MaxThreads > 1;

    /// <param name="work">The work.</param>
    /// <param name="count">The number of items.</param>
    /// <param name="grain">The share of each thread is a multiple of this number of items.</param>
    /// <param name="multiplications">The cost of all items.</param>
    [DebuggerStepThrough]
    public static void Split<T>(in T work, int count, int grain, long multiplications)
        where T : unmanaged, IWork<T>
    {
        int threads = !IsWorthSplitting(multiplications) ? 1 : Math.Min(Kernel.MaxThreads, (count + grain - 1) / grain);
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
                    // Wait for all workers even if one has failed: afterwards the memory belongs to the caller again, and the workers are
                    // free. If a worker has not started its share, because the machine is busy, the caller runs that share itself.
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
        // A worker spins for some tens of microseconds, about as long as waking it would take, before it sleeps.
        private const int SpinCount = 200;

        private readonly ManualResetEventSlim go = new(initialState: false, SpinCount);
        private readonly ManualResetEventSlim done = new(initialState: false, SpinCount);
        private delegate*<void*, int, int, void> run;
        private void* work;
        private int first, last;
        private Exception? failure;
        private bool isTaken = true; // the share has been claimed by the worker or by the caller

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

        /// <summary>Runs the share if it has not started; otherwise, waits until it is finished.</summary>
        /// <returns>The exception of the share; null if it succeeded.</returns>
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
                go.Reset(); // a share that was added since the wait is still found below
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
