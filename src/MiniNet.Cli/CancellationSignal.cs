using System.Runtime.InteropServices;

namespace MiniNet.Cli;

/// <summary>
/// Turns Ctrl-C or a request to terminate into a cancellation, so that the command can save or clean up. A second request ends the process
/// at once.
/// </summary>
internal sealed class CancellationSignal : IDisposable
{
    public const int ExitCode = 130;
    private readonly CancellationTokenSource cancellation = new();
    private readonly PosixSignalRegistration interrupt, terminate;

    public CancellationSignal()
    {
        interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    }

    public CancellationToken Token => cancellation.Token;

    public void Dispose()
    {
        interrupt.Dispose();
        terminate.Dispose();
        cancellation.Dispose();
    }

    private void Stop(PosixSignalContext signal)
    {
        signal.Cancel = !cancellation.IsCancellationRequested;
        cancellation.Cancel();
    }
}
