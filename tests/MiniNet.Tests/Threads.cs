using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace MiniNet.Tests;

/// <summary>Runs threads that can neither crash the test process nor keep it from ending.</summary>
internal static class Threads
{
    /// <summary>Longer than any of these tests takes on a slow machine.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Runs each body on its own thread, in parallel, and waits. An exception in one of them is thrown here.</summary>
    public static void Run(params Action[] bodies)
    {
        var failures = new ConcurrentQueue<ExceptionDispatchInfo>();
        Thread[] threads = [.. bodies.Select(body => new Thread(() =>
        {
            try
            {
                body();
            }
            catch (Exception e)
            {
                failures.Enqueue(ExceptionDispatchInfo.Capture(e));
            }
        }) { IsBackground = true })];
        Array.ForEach(threads, thread => thread.Start());
        long deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        bool ended = true;
        foreach (Thread thread in threads)
        {
            ended &= thread.Join((int)Math.Max(deadline - Environment.TickCount64, 0));
        }

        failures.FirstOrDefault()?.Throw(); // the others may have failed only because of that one
        Assert.True(ended, $"A thread had not ended after {Patience.TotalSeconds} seconds.");
    }
}
