using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using MiniNet.Kernels;

namespace MiniNet.Tests.Kernels;

[Collection(SerialTests.Name)]
public sealed class WorkerThreadsTests : IDisposable
{
    private const long MinMultiplicationsToSplit = WorkerThreads.MinMultiplicationsToSplit;

    private readonly int maxThreads = Kernel.MaxThreads;
    private const int Count = 7;

    public void Dispose() => Kernel.MaxThreads = maxThreads;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(9)] // more threads than rows
    public void Split_ManyItems_RunsEachItemOnOneThread(int threads)
    {
        Kernel.MaxThreads = threads;
        int[] ids = new int[Count], times = new int[Count];
        using var allAtOnce = new Barrier(Math.Min(threads, Count)); // otherwise one thread might also run another's share
        Split((first, last) =>
        {
            Assert.True(allAtOnce.SignalAndWait(TimeSpan.FromMinutes(1)));
            for (int i = first; i < last; i++)
            {
                times[i]++;
                ids[i] = Environment.CurrentManagedThreadId;
            }
        });
        Assert.Equal([1, 1, 1, 1, 1, 1, 1], times);
        Assert.Equal(Math.Min(threads, Count), ids.Distinct().Count());
    }

    [Theory]
    [InlineData(2, new[] { 0, 3, 7 })]
    [InlineData(3, new[] { 0, 3, 6, 7 })]
    [InlineData(4, new[] { 0, 3, 6, 7 })]
    public void Split_WithGrain_CutsAtMultiplesOfGrain(int threads, int[] cuts)
    {
        Kernel.MaxThreads = threads;
        var shares = new ConcurrentBag<(int, int)>();
        Split((first, last) => shares.Add((first, last)), grain: 3);
        Assert.Equal(cuts.Zip(cuts.Skip(1)), shares.Order());
    }

    [Fact]
    public void Split_SmallWork_RunsOnCallingThread()
    {
        Kernel.MaxThreads = 3;
        var parts = new List<(int, int, int)>();
        Split(
            (first, last) => parts.Add((first, last, Environment.CurrentManagedThreadId)), multiplications: MinMultiplicationsToSplit - 1);
        Assert.Equal([(0, 7, Environment.CurrentManagedThreadId)], parts);
    }

    [Fact]
    public void Split_FromSecondThreadMeanwhile_RunsOnThatThread()
    {
        Kernel.MaxThreads = 2;
        var parts = new List<(int, int)>();
        Split((first, _) =>
            {
                if (first == 0)
                {
                    Threads.Run(() => Split((f, l) => parts.Add((f, l))));
                }
            });
        Assert.Equal([(0, 7)], parts);
    }

    [Fact]
    public void Split_FromWithinShare_RunsOnThatThread()
    {
        Kernel.MaxThreads = 2;
        var parts = new List<(int, int, int)>();
        Split((first, _) =>
        {
            if (first == 0)
            {
                Split((f, l) => parts.Add((f, l, Environment.CurrentManagedThreadId)));
            }
        });
        Assert.Equal([(0, 7, Environment.CurrentManagedThreadId)], parts);
    }

    [Fact]
    public void Split_ManyTimes_RunsEveryShareOnce()
    {
        Kernel.MaxThreads = 3;
        int[] times = new int[Count];
        for (int round = 1; round <= 20_000; round++)
        {
            Split((first, last) =>
            {
                for (int i = first; i < last; i++)
                {
                    times[i]++;
                }
            });
            Assert.All(times, number => Assert.Equal(round, number));
        }
    }

    [Fact]
    public void Split_WorkerFails_ThrowsInCaller()
    {
        Kernel.MaxThreads = 2;
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => Split((first, _) =>
            {
                if (first > 0)
                {
                    throw new TimeoutException("no more paper");
                }
            }));
        Assert.Equal("A worker thread failed: no more paper", e.Message);
        Assert.IsType<TimeoutException>(e.InnerException);
        Split_ManyItems_RunsEachItemOnOneThread(2);
    }

    [Fact]
    public void Split_SeveralWorkersFail_NextCallSucceeds()
    {
        Kernel.MaxThreads = 4;
        int working = 0;
        Assert.Throws<InvalidOperationException>(() => Split((first, _) =>
            {
                if (first > 0)
                {
                    Interlocked.Increment(ref working);
                    Thread.Sleep(first == 1 ? 0 : 100); // the first failure happens long before the others
                    Interlocked.Decrement(ref working);
                    throw new TimeoutException();
                }
            }));
        Assert.Equal(0, Volatile.Read(ref working)); // the memory belongs to the caller again, and no worker writes to it
        Split_ManyItems_RunsEachItemOnOneThread(4);
    }

    [Fact]
    public void Split_CallersShareFails_WaitsForWorkers()
    {
        Kernel.MaxThreads = 3;
        int finished = 0;
        Assert.Throws<TimeoutException>(() => Split((first, _) =>
            {
                if (first == 0)
                {
                    throw new TimeoutException();
                }

                Thread.Sleep(50);
                Interlocked.Increment(ref finished);
            }));
        Assert.Equal(2, finished);
    }

    private static void Split(Action<int, int> share, int grain = 1, long multiplications = MinMultiplicationsToSplit)
    {
        var handle = GCHandle.Alloc(share);
        WorkerThreads.Split(new ActionWork(handle), Count, grain, multiplications);
        handle.Free();
    }

    private readonly struct ActionWork(GCHandle share) : IWork<ActionWork>
    {
        private readonly GCHandle share = share;

        public static void Run(in ActionWork work, int first, int last) => ((Action<int, int>)work.share.Target!)(first, last);
    }
}
