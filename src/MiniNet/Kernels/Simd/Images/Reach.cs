using System.Diagnostics;

namespace MiniNet.Kernels.Images;

/// <summary>
/// Along one direction, where window and images meet within the edges: <see cref="Count"/> pairs of places, the first at
/// <see cref="A"/> and <see cref="B"/>, each next one <see cref="StepA"/> and <see cref="StepB"/> further.
/// Everywhere row = i·s + u − p, with i from 0 to the length of y, u to that of the window, row to that of x.
/// </summary>
[DebuggerStepThrough]
internal readonly record struct Reach(int Count, int A, int StepA, int B, int StepB)
{
    /// <summary>For i of y: the u, and the rows of x.</summary>
    public static Reach OfY(int i, int k, int s, int p, int lengthX)
    {
        int row = (i * s) - p, u = Math.Max(0, -row), last = Math.Min(k, lengthX - row);
        return last > u ? new(last - u, u, 1, row + u, 1) : default;
    }

    /// <summary>For a row of x: the u, and the i of y, which fall as u grows.</summary>
    public static Reach OfX(int row, int k, int s, int p, int lengthY)
    {
        int i = Math.Min((row + p) / s, lengthY - 1), u = row + p - (i * s);
        return u < k ? new(Math.Min((k - 1 - u) / s, i) + 1, u, s, i, -1) : default;
    }

    /// <summary>For u of the window: the i of y, and the rows of x.</summary>
    public static Reach OfWindow(int u, int s, int p, int lengthX, int lengthY)
    {
        int before = p - u, room = lengthX + before;
        int i = before <= 0 ? 0 : ((before - 1) / s) + 1, last = room <= 0 ? 0 : Math.Min(((room - 1) / s) + 1, lengthY);
        return last > i ? new(last - i, i, 1, (i * s) - before, s) : default;
    }
}
