using MiniNet.Tensors;

namespace MiniNet.Tests.Tensors;

public class Size2dTests
{
    [Fact]
    public void Conversion_NumberOrPair_SetsHeightAndWidth()
    {
        Size2d both = 3, two = (3, 5);
        Size2d? perhaps = (2, 1);
        Assert.Equal(new Size2d(3, 3), both);
        Assert.Equal(new Size2d(3, 5), two);
        Assert.Equal(new Size2d(2, 1), perhaps);
        Assert.Equal(new Size2d(0, 0), default);
        Assert.Equal("3x5", two.ToString());
    }
}
