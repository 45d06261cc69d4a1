using MiniNet.Tensors;

namespace MiniNet.Tests.Tensors;

public class ParameterTests
{
    [Fact]
    public void Constructor_Shape_CreatesValueAndGradientOfThatShape()
    {
        var parameter = new Parameter("weight", new Shape(2, 3));
        Assert.Equal(new float[6], parameter.Value.Span);
        Assert.Equal(new float[6], parameter.Gradient.Span);
        Assert.Equal(("weight", "weight", "dweight"), (parameter.Name, parameter.Value.Name, parameter.Gradient.Name));
        Assert.False(parameter.IsTransposedInFiles);
        parameter.Gradient[0, 0] = 1;
        Assert.Equal(0, parameter.Value[0, 0]);
    }

    [Fact]
    public void ToString_Parameter_ReturnsTextOfValue()
    {
        var parameter = new Parameter("bias", new Shape(2));
        parameter.Value.Span[1] = 2;
        Assert.Equal("bias [2] 0..2", parameter.ToString());
    }
}
