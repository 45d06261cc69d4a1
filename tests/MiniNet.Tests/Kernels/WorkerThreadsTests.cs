using MiniNet.Kernels;

namespace MiniNet.Tests.Kernels;

[Collection(Alone.Name)]
public sealed class WorkerThreadsTests : IDisposable
{
    private const long WorthSplitting = WorkerThreads.WorthSplitting;

    private readonly int maxThreads = Kernel.MaxThreads;
    private readonly MatrixView none = new([], 0, 0);
    private readonly MatrixView c = new(new float[7], 7, 1);

    public void Dispose() => Kernel.MaxThreads = maxThreads;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(9)] // more threads than rows
    public void SplitRows_GivesEveryRowToOneThread(int threads)
    {
        Kernel.MaxThreads = threads;
        var ids = new int[c.Rows];
        WorkerThreads.SplitRows(
            (_, _, c, first, last) =>
            {
                for (int i = first; i < last; i++)
                {
                    c[i, 0]++;
                    ids[i] = Environment.CurrentManagedThreadId;
                }
            },
            none, none, c, WorthSplitting);
        Assert.Equal([1, 1, 1, 1, 1, 1, 1], c.Data);
        Assert.Equal(Math.Min(threads, c.Rows), ids.Distinct().Count());
    }

    [Fact]
    public void SplitRows_SmallProduct_StaysOnTheCallersThread()
    {
        Kernel.MaxThreads = 3;
        var parts = new List<(int, int, int)>();
        WorkerThreads.SplitRows((_, _, _, first, last) => parts.Add((first, last, Environment.CurrentManagedThreadId)), none, none, c, multiplications: WorthSplitting - 1);
        Assert.Equal([(0, 7, Environment.CurrentManagedThreadId)], parts);
    }

    [Fact]
    public void SplitRows_FromASecondThreadMeanwhile_RunsThereAlone()
    {
        Kernel.MaxThreads = 2;
        var parts = new List<(int, int)>();
        WorkerThreads.SplitRows(
            (_, _, _, first, _) =>
            {
                if (first == 0)
                {
                    Threads.Run(() => WorkerThreads.SplitRows((_, _, _, f, l) => parts.Add((f, l)), none, none, c, WorthSplitting));
                }
            },
            none, none, c, WorthSplitting);
        Assert.Equal([(0, 7)], parts);
    }

    [Fact]
    public void SplitRows_AWorkerFails_ReachesTheCaller()
    {
        Kernel.MaxThreads = 2;
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => WorkerThreads.SplitRows(
            (_, _, _, first, _) =>
            {
                if (first > 0)
                {
                    throw new TimeoutException("no more paper");
                }
            },
            none, none, c, WorthSplitting));
        Assert.Equal("A worker thread failed: no more paper", e.Message);
        Assert.IsType<TimeoutException>(e.InnerException);
        SplitRows_GivesEveryRowToOneThread(2);
    }

    [Fact]
    public void SplitRows_SeveralWorkersFail_LeavesNothingForTheNextCall()
    {
        Kernel.MaxThreads = 4;
        int working = 0;
        Assert.Throws<InvalidOperationException>(() => WorkerThreads.SplitRows(
            (_, _, _, first, _) =>
            {
                if (first > 0)
                {
                    Interlocked.Increment(ref working);
                    Thread.Sleep(first == 1 ? 0 : 100); // the first failure is there long before the others
                    Interlocked.Decrement(ref working);
                    throw new TimeoutException();
                }
            },
            none, none, c, WorthSplitting));
        Assert.Equal(0, Volatile.Read(ref working)); // c belongs to the caller again: nobody writes to it any more
        SplitRows_GivesEveryRowToOneThread(4);
    }

    [Fact]
    public void SplitRows_TheCallersShareFails_WaitsForTheWorkers()
    {
        Kernel.MaxThreads = 3;
        int finished = 0;
        Assert.Throws<TimeoutException>(() => WorkerThreads.SplitRows(
            (_, _, _, first, _) =>
            {
                if (first == 0)
                {
                    throw new TimeoutException();
                }

                Thread.Sleep(50);
                Interlocked.Increment(ref finished);
            },
            none, none, c, WorthSplitting));
        Assert.Equal(2, finished);
    }
}
