using MiniNet.Graphs;
using MiniNet.Optimizers;
using MiniNet.Stepping;

namespace MiniNet.Tests.Stepping;

public class RuleTests
{
    public static TheoryData<Type> Operations => [.. Concrete<Operation>(), .. Concrete<Optimizer>()];

    [Theory]
    [MemberData(nameof(Operations))]
    public void EveryOperationAndOptimizer_StatesItsRule(Type type) =>
        Assert.NotEqual(typeof(Optimizer).IsAssignableFrom(type) ? typeof(Optimizer) : typeof(Operation), type.GetProperty(nameof(Operation.Rule))!.DeclaringType);

    [Fact]
    public void WithShapes_PutsShapesForLetters_AndLeavesIndicesAndSigns()
    {
        MiniNet.Tensors.Tensor dW = Samples.Tensor(new(4, 16), name: "dW"), x = Samples.Tensor(new(8, 4), name: "x"), dY = Samples.Tensor(new(8, 16), name: "dY");
        Assert.Equal("dW += xᵀ·dY   [4x16] = [8x4]ᵀ·[8x16]", Letters.WithShapes("dW += xᵀ·dY", [dW, x, dY]));
        Assert.Equal("dW += Σᵢ dYᵢ   [4x16] = Σᵢ [8x16]ᵢ", Letters.WithShapes("dW += Σᵢ dYᵢ", [dW, dY]));
        Assert.Equal("dW += dY · sin q   [4x16]", Letters.WithShapes("dW += dY · sin q", [dW, dY]));
        Assert.Equal("u = v", Letters.WithShapes("u = v", [dW]));
    }

    private static IEnumerable<Type> Concrete<T>() => typeof(Graph).Assembly.GetExportedTypes().Where(type => typeof(T).IsAssignableFrom(type) && !type.IsAbstract);
}
