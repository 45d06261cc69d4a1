using System.Diagnostics;

namespace MiniNet.Kernels.Images;

/// <summary>
/// Represents, along one dimension, the index pairs at which the window overlaps the image: <see cref="Count"/> pairs that start at
/// <see cref="A"/> and <see cref="B"/> and advance by <see cref="StepA"/> and <see cref="StepB"/>.
/// In all cases row = i·s + u − p, with i below the length of y, u below that of the window, and row below that of x.
/// </summary>
[DebuggerStepThrough]
internal readonly record struct WindowOverlap(int Count, int A, int StepA, int B, int StepB)
{
    /// <summary>For index i of y: the indices u of the window and the rows of x.</summary>
    public static WindowOverlap OfY(int i, int k, int s, int p, int lengthX)
    {
        int row = (i * s) - p, u = Math.Max(0, -row), last = Math.Min(k, lengthX - row);
        return last > u ? new(last - u, u, 1, row + u, 1) : default;
    }

    /// <summary>For a row of x: the indices u of the window and the indices i of y, which decrease as u increases.</summary>
    public static WindowOverlap OfX(int row, int k, int s, int p, int lengthY)
    {
        int i = Math.Min((row + p) / s, lengthY - 1), u = row + p - (i * s);
        return u < k ? new(Math.Min((k - 1 - u) / s, i) + 1, u, s, i, -1) : default;
    }

    /// <summary>For index u of the window: the indices i of y and the rows of x.</summary>
    public static WindowOverlap OfWindow(int u, int s, int p, int lengthX, int lengthY)
    {
        int before = p - u, room = lengthX + before;
        int i = before <= 0 ? 0 : ((before - 1) / s) + 1, last = room <= 0 ? 0 : Math.Min(((room - 1) / s) + 1, lengthY);
        return last > i ? new(last - i, i, 1, (i * s) - before, s) : default;
    }
}
