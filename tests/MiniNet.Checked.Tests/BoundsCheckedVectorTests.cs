using System.Runtime.CompilerServices;
using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Tests.Kernels;

[Collection(SerialTests.Name)] // the latest operands are shared by all running tests
public unsafe class BoundsCheckedVectorTests
{
    [Fact]
    public void Checked_AddressOutsideOperands_Throws()
    {
        AllowedMemory.ForgetOperands();
        Span<float> span = new CanaryBuffer(20, 0, new RandomStream(1, "checked")).Span;
        float* x = (float*)Unsafe.AsPointer(ref span[0]); // a canary buffer is pinned
        _ = Floats128.Load(x);
        _ = Floats128.Load(x + 16);
        _ = Floats128.Load(x + 19, 1);
        _ = Floats128.Broadcast(x + 19);
        Assert.Throws<InvalidOperationException>(() => Floats128.Load(x - 1));
        Assert.Throws<InvalidOperationException>(() => Floats128.Load(x + 17));
        Assert.Throws<InvalidOperationException>(() => Floats128.Load(x + 18, 3));
        Assert.Throws<InvalidOperationException>(() => Floats128.Broadcast(x + 20));
        Assert.Throws<InvalidOperationException>(() => Floats128.Broadcast(0).Store(x + 17));
        Assert.Throws<InvalidOperationException>(() => Floats128.Broadcast(0).Store(x + 18, 3));
        Assert.Throws<InvalidOperationException>(() => Floats128.Transpose(x, 6, x, 4));
        Assert.Throws<InvalidOperationException>(() => Floats128.TransposeBack(x, 4, x, 6));
        Assert.Throws<InvalidOperationException>(() => Floats128.Transpose(x, 9, 3, 3, x, 4));
    }
}
