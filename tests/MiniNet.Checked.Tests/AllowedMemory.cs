using System.Runtime.CompilerServices;

namespace MiniNet.Kernels;

/// <summary>
/// Records the memory that the kernels may read and write: the latest operands, the thread's scratch buffers for packed factors and
/// transposed images, and its stack.
/// </summary>
internal static unsafe class AllowedMemory
{
    private const int StackBytes = 1 << 17; // kernels keep small buffers there, and are only a few calls away

    private static readonly (nint From, nint To)[] Operands = new (nint, nint)[16];
    private static int next;

    [ThreadStatic]
    private static (nint From, nint To)[]? scratchBuffers;

    /// <summary>
    /// Forgets the operands of earlier tests: their memory may have been freed, and may lie beside that of a new operand.
    /// </summary>
    public static void ForgetOperands() => Array.Clear(Operands);

    public static void Operand(float* from, int count) => Operands[next++ % Operands.Length] = Range(from, count);

    public static void ScratchBuffer(int index, float* from, int count) =>
        (scratchBuffers ??= new (nint, nint)[5])[index] = Range(from, count);

    // Not inlined, so that the kernel's whole stack frame is above that of this method.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Check(float* from, nint count)
    {
        (nint first, nint last) = Range(from, count);
        nint stack = (nint)(&first);
        if (!Contains(Operands, first, last)
            && !(first > stack && last < stack + StackBytes) && (scratchBuffers is null || !Contains(scratchBuffers, first, last)))
        {
            throw new InvalidOperationException($"{count} floats at {first:x} are outside every operand.");
        }
    }

    private static bool Contains((nint From, nint To)[] ranges, nint first, nint last)
    {
        foreach ((nint from, nint to) in ranges)
        {
            if (first >= from && last <= to)
            {
                return true;
            }
        }

        return false;
    }

    private static (nint From, nint To) Range(float* from, nint count) => ((nint)from, (nint)(from + count));
}
