using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Tests.Graphs;

public class TargetsTests
{
    [Fact]
    public void Classes_SmallerBatch_ReturnsFirstRows()
    {
        Targets targets = new[] { 2, 0, 1 };
        Assert.Equal([2, 0, 1], targets.Classes.ToArray());
        Assert.Null(targets.Values);
        targets.Resize(2);
        Assert.Equal([2, 0], targets.Classes.ToArray());
        Assert.Equal("2 classes: 2, 0", targets.ToString());
    }

    [Fact]
    public void Rows_OfValues_ComeFromTensor()
    {
        Tensor values = new(new Shape(3, 2), "t");
        Targets targets = values;
        Assert.Same(values, targets.Values);
        Assert.Equal(3, targets.Rows);
        Assert.Equal(0, targets.Classes.Length);
        values.Resize(new Shape(2, 2));
        Assert.Equal(2, targets.Rows);
        Assert.Equal("t [2, 2] 0..0", targets.ToString());
    }

    [Theory]
    [InlineData(12, "")]
    [InlineData(13, ", ...")]
    [InlineData(20, ", ...")]
    public void ToString_ManyClasses_ShowsFirstTwelve(int count, string more) =>
        Assert.Equal($"{count} classes: 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0{more}", new Targets(new int[count]).ToString());
}
