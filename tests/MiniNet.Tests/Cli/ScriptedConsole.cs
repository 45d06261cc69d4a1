using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MiniNet.Tests.Cli;

/// <summary>
/// A fake terminal that reads keys from a list and records the screen at each key. After the last key, the input is closed.
/// </summary>
internal sealed class ScriptedConsole : IAnsiConsole, IAnsiConsoleInput
{
    private readonly Queue<ConsoleKey> keys;
    private readonly StringBuilder shown = new();
    private readonly IAnsiConsole console;

    public ScriptedConsole(params ConsoleKey[] keys)
    {
        this.keys = new(keys);
        console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.No,
                Interactive = InteractionSupport.Yes,
                Out = new AnsiConsoleOutput(new StringWriter(shown)),
            });
        console.Profile.Width = 500;
        console.Profile.Height = 24;
    }

    /// <summary>Gets the screen at each key.</summary>
    public List<string> Screens { get; } = [];

    public int KeysLeft => keys.Count;

    public Profile Profile => console.Profile;

    public IAnsiConsoleCursor Cursor => console.Cursor;

    public IAnsiConsoleInput Input => this;

    public IExclusivityMode ExclusivityMode => console.ExclusivityMode;

    public RenderPipeline Pipeline => console.Pipeline;

    public void Clear(bool home) => shown.Clear();

    public void Write(IRenderable renderable)
    {
        if (renderable is ControlCode) // the code that clears the screen
        {
            shown.Clear();
        }
        else
        {
            console.Write(renderable);
        }
    }

    public void WriteAnsi(Action<AnsiWriter> action) => console.WriteAnsi(action);

    public bool IsKeyAvailable() => keys.Count > 0;

    public ConsoleKeyInfo? ReadKey(bool intercept)
    {
        Screens.Add(shown.ToString());
        return keys.TryDequeue(out ConsoleKey key) ? new ConsoleKeyInfo('\0', key, shift: false, alt: false, control: false) : null;
    }

    public Task<ConsoleKeyInfo?> ReadKeyAsync(bool intercept, CancellationToken cancellationToken) => Task.FromResult(ReadKey(intercept));
}
