using System.Runtime.Intrinsics;
using MiniNet.Kernels.Images;
using MiniNet.Kernels.Vectors;

namespace MiniNet.Kernels;

// The spans of a convolution are validated here and nowhere else.
internal static unsafe partial class SimdKernels
{
    /// <inheritdoc cref="PlainKernels.Convolution"/>
    public static void Convolution(in ChannelsView x, in ChannelsView w, ReadOnlySpan<float> b, in ChannelsView y, Window window)
    {
        Require(b.IsEmpty || b.Length == y.Channels, nameof(b));
        fixed (float* px = x.Span, pw = w.Span, pb = b, py = y.Span)
        {
            Convolution convolution = Over(x, px, w, pw, y, py, window);
            if (Vector512.IsHardwareAccelerated) { convolution.Forward<Floats512>(pb, y.Rows); }
            else if (Vector256.IsHardwareAccelerated) { convolution.Forward<Floats256>(pb, y.Rows); }
            else { convolution.Forward<Floats128>(pb, y.Rows); }
        }
    }

    /// <inheritdoc cref="PlainKernels.ConvolutionBackwardW"/>
    public static void ConvolutionBackwardW(in ChannelsView x, in ChannelsView dY, in ChannelsView dW, Span<float> db, Window window)
    {
        Require(db.IsEmpty || db.Length == dY.Channels, nameof(db));
        fixed (float* px = x.Span, pw = dW.Span, pb = db, py = dY.Span)
        {
            Convolution convolution = Over(x, px, dW, pw, dY, py, window);
            if (Vector512.IsHardwareAccelerated) { convolution.BackwardW<Floats512>(pb, dY.Rows); }
            else if (Vector256.IsHardwareAccelerated) { convolution.BackwardW<Floats256>(pb, dY.Rows); }
            else { convolution.BackwardW<Floats128>(pb, dY.Rows); }
        }
    }

    /// <inheritdoc cref="PlainKernels.ConvolutionBackwardX"/>
    public static void ConvolutionBackwardX(in ChannelsView dY, in ChannelsView w, in ChannelsView dX, Window window)
    {
        fixed (float* px = dX.Span, pw = w.Span, py = dY.Span)
        {
            Convolution convolution = Over(dX, px, w, pw, dY, py, window);
            if (Vector512.IsHardwareAccelerated) { convolution.BackwardX<Floats512>(dX.Rows); }
            else if (Vector256.IsHardwareAccelerated) { convolution.BackwardX<Floats256>(dX.Rows); }
            else { convolution.BackwardX<Floats128>(dX.Rows); }
        }
    }

    private static Convolution Over(in ChannelsView x, float* px, in ChannelsView w, float* pw, in ChannelsView y, float* py, Window window)
    {
        Require(x.Rows == y.Rows && w.Rows == y.Channels && w.Channels == x.Channels, nameof(y));
        Require(w.Height == window.Height && w.Width == window.Width, nameof(w));
        Require(
            Slides(x.Height, window.Height, window.S1, window.P1, y.Height) && Slides(x.Width, window.Width, window.S2, window.P2, y.Width),
            nameof(window));
        return new Convolution
        {
            X = px,
            W = pw,
            Y = py,
            Channels = x.Channels,
            OutChannels = y.Channels,
            In = (x.Height, x.Width),
            Out = (y.Height, y.Width),
            Window = window,
        };
    }

    /// <summary>
    /// Determines whether a window of length k, with stride s, can take y positions on an image of length x with padding p on both sides.
    /// </summary>
    private static bool Slides(int x, int k, int s, int p, int y) =>
        k > 0 && s > 0 && p >= 0 && y > 0 && x > 0 && ((y - 1) * (long)s) + k <= x + (2L * p);

    private static void Require(bool condition, string name)
    {
        if (!condition)
        {
            throw new ArgumentException("It does not match the other arguments.", name);
        }
    }
}
