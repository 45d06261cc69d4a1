using MiniNet.GradientChecking;
using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Tensors;

namespace MiniNet.Tests.GradientChecking;

/// <summary>
/// Checks that there are no false alarms: every operation of the library, with many seeds, several shapes and several kinds of numbers.
/// </summary>
public class CorrectOperationsTests
{
    private const ulong Seeds = 24;
    private static readonly Shape[] Any = [new(5, 4), new(1, 1), new(2, 3, 4), new(16, 6)], Matrices = [new(4, 3), new(1, 5)], Images =
    [
        new(2, 2, 5, 4),
        new(1, 2, 3, 3),
    ];

    // A new operation must be added here: Table_ContainsEveryOperation checks it.
    internal static readonly (Type Type, Shape[] Shapes, Func<Shape, Operation>[] Make)[] Table =
    [
        (typeof(Linear), Matrices, [x => new Linear(x.Columns, 3), x => new Linear(x.Columns, 1, bias: false)]),
        (typeof(ReLU), Any, [_ => new ReLU()]),
        (typeof(LeakyReLU), Any, [_ => new LeakyReLU()]),
        (typeof(ELU), Any, [_ => new ELU(), _ => new ELU(0.3f)]),
        (typeof(GELU), Any, [_ => new GELU(), _ => new GELU(tanhApproximation: true)]),
        (typeof(SiLU), Any, [_ => new SiLU()]),
        (typeof(Sigmoid), Any, [_ => new Sigmoid()]),
        (typeof(Tanh), Any, [_ => new Tanh()]),
        (typeof(Softplus), Any, [_ => new Softplus(), _ => new Softplus(beta: 3, threshold: 2)]), // y jumps by 0.04 at x = 2/3
        (typeof(Softmax), Any, [_ => new Softmax()]),
        (typeof(LogSoftmax), Any, [_ => new LogSoftmax()]),
        (typeof(Dropout), Any, [_ => new Dropout(0.4f)]),
        (
            typeof(BatchNorm1d),
            [new(4, 3), new(2, 3), new(16, 2), new(3, 2, 5)],
            [x => new BatchNorm1d(x[1]), x => new BatchNorm1d(x[1], affine: false)]),
        (typeof(BatchNorm2d), Images, [x => new BatchNorm2d(x[1]), x => new BatchNorm2d(x[1], affine: false)]),
        (
            typeof(LayerNorm),
            [new(4, 5), new(3, 2), new(2, 3, 4)],
            [x => new LayerNorm(x[x.Rank - 1]), x => new LayerNorm(x[x.Rank - 1], affine: false)]),
        (typeof(Embedding), [new(4), new(3, 2)], [_ => new Embedding(6, 3)]),
        (typeof(Conv2d), Images, [x => new Conv2d(x[1], 3, 2), x => new Conv2d(x[1], 2, (3, 2), (2, 1), 1, bias: false)]),
        (typeof(MaxPool2d), Images, [_ => new MaxPool2d(2), _ => new MaxPool2d((3, 2), 1, (1, 0))]),
        (typeof(AveragePool2d), Images, [_ => new AveragePool2d(2), _ => new AveragePool2d((3, 2), 1, (1, 0))]),
        (typeof(Flatten), Images, [_ => new Flatten()]),
        (typeof(Unflatten), [new(3, 8)], [_ => new Unflatten(2, 2, 2)]),
        (typeof(Exp), Any, [_ => new Exp()]),
        (typeof(Log), Any, [_ => new Log()]),
        (typeof(Sin), Any, [_ => new Sin()]),
        (typeof(Cos), Any, [_ => new Cos()]),
        (typeof(Power), Any, [_ => new Power(2), _ => new Power(3), _ => new Power(0.5f), _ => new Power(-1)]),
        (typeof(Affine), Any, [_ => new Affine(4), _ => new Affine(-1, 3)]),
        (typeof(Sum), Any, [_ => new Sum()]),
        (typeof(Mean), Any, [_ => new Mean()]),
        (typeof(Add), Any, [_ => new Add()]),
        (typeof(Subtract), Any, [_ => new Subtract()]),
        (typeof(Divide), Any, [_ => new Divide()]),
        (typeof(Multiply), Any, [_ => new Multiply()]),
        (typeof(Concat), [new(3, 2), new(2, 1, 3, 3)], [_ => new Concat()]),
        (typeof(MatMul), [new(4, 3), new(2, 4, 3), new(3, 3)], [_ => new MatMul()]),
        (
            typeof(SoftmaxCrossEntropy),
            Matrices,
            [_ => new SoftmaxCrossEntropy(), x => new SoftmaxCrossEntropy([.. Enumerable.Range(1, x.Columns).Select(i => i / 2f)], 0.1f)]),
        (
            typeof(BinaryCrossEntropyWithLogits),
            Matrices,
            [
                _ => new BinaryCrossEntropyWithLogits(),
                x => new BinaryCrossEntropyWithLogits([.. Enumerable.Range(1, x.Columns).Select(i => i / 2f)]),
            ]),
        (typeof(MeanSquaredError), Any, [_ => new MeanSquaredError()]),
        (typeof(MeanAbsoluteError), Any, [_ => new MeanAbsoluteError()]),
        (typeof(Huber), Any, [_ => new Huber(), _ => new Huber(0.3f)]),
        (typeof(KullbackLeibler), Matrices, [_ => new KullbackLeibler()]),
    ];

    public static TheoryData<string> Names => [.. Table.Select(entry => entry.Type.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Check_CorrectOperation_Passes(string name)
    {
        int elements = 0, skipped = 0;
        foreach ((string what, bool ordinary, Shape shape, Operation operation, RandomStream random, Tensor x) in CasesOf(name))
        {
            GradientReport report = operation switch
            {
                Layer layer => GradientCheck.Check(layer, x, random.NextUInt64()),
                Concat layer => GradientCheck.Check(layer, [x, Second(layer, shape, random), x], random.NextUInt64()),
                BinaryLayer layer => GradientCheck.Check(layer, x, Second(layer, shape, random), random.NextUInt64()),
                _ => GradientCheck.Check((Loss)operation, x, TargetsOf(operation, shape, random), random.NextUInt64()),
            };
            Assert.True(report.Passed, $"{what}: {report}");
            elements += ordinary ? shape.Length : 0;

            // x/x is 1 up to rounding
            skipped += !ordinary ? 0 : report.Gradients.Where(gradient => !(operation is Divide && gradient.Name == "a = b")).Sum(
                gradient => gradient.KinksSkipped);
        }

        Assert.True(skipped * 5 <= elements, $"{skipped} of {elements} elements were skipped"); // otherwise passing would mean little
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Check_OneElementOnePercentOff_Fails(string name)
    {
        foreach ((string what, _, _, Operation operation, RandomStream random, Tensor x) in CasesOf(name))
        {
            if (operation is Layer layer)
            {
                var wrong = new OnePercentOff(layer, random);
                GradientReport report = GradientCheck.Check(wrong, x, random.NextUInt64());
                bool mayPass = !wrong.IsOff || report.Gradients.Any(gradient => gradient.KinksSkipped > 0);
                Assert.True(!report.Passed || mayPass, $"{what}: {report}");
            }
        }
    }

    [Fact]
    public void Table_ContainsEveryOperation()
    {
        IEnumerable<Type> operations = typeof(Graph).Assembly.GetExportedTypes().Where(
            type => type.IsSubclassOf(typeof(Operation)) && !type.IsAbstract);
        Assert.Empty(operations.Except(Table.Select(entry => entry.Type)));
    }

    /// <summary>
    /// Returns inputs of both signs: large, small and positive ones; and unusual ones that are close together or nearly equal.
    /// </summary>
    private static IEnumerable<(string What, bool Ordinary, Shape Shape, Operation Operation, RandomStream Random, Tensor X)> CasesOf(
        string name)
    {
        (_, Shape[] shapes, Func<Shape, Operation>[] make) = Table.Single(entry => entry.Type.Name == name);
        foreach (Shape shape in shapes)
        {
            for (ulong seed = 1; seed <= Seeds; seed++)
            {
                var random = new RandomStream(seed, name);
                Operation operation = make[(int)(seed / 6) % make.Length](shape);
                (float scale, float middle) = (seed % 6) switch
                {
                    0 => (0.05f, 0),
                    1 => (5, 0),
                    2 => (1, 4),
                    3 => (1e-3f, 0),
                    4 => (1, 1000),
                    _ => (1f, 0),
                };
                Tensor x = operation is Embedding embedding ? Indices(shape, random, embedding.Count) : Numbers(
                    shape,
                    random,
                    scale,
                    middle);
                x = InDomain(operation, x);

                yield return ($"{shape}, seed {seed}", seed % 6 is not (3 or 4), shape, operation, random, x);
            }
        }
    }

    private static Tensor Second(MergeLayer layer, Shape shape, RandomStream random) => layer switch
    {
        MatMul => Numbers(shape.Rank == 2 ? new(3, 3) : new(2, 3, 5), random),
        Divide => Away(Numbers(shape, random)),
        _ => Numbers(shape, random),
    };

    /// <summary>Returns the numbers, or others within the domain of a function that is not smooth or finite everywhere.</summary>
    internal static Tensor InDomain(Operation operation, Tensor x) =>
        operation is Log or Divide or Power { Exponent: 0.5f or -1 } ? Away(x) : operation is Exp ? Away(x, 80) : x;

    // Moves numbers well above 0, where a logarithm, a root and a quotient are smooth, and below a bound.
    private static Tensor Away(Tensor of, float bound = 1e9f)
    {
        foreach (ref float value in of.Span)
        {
            value = (MathF.Abs(value) % bound) + 0.5f;
        }

        return of;
    }

    internal static Tensor Numbers(Shape shape, RandomStream random, float scale = 1, float middle = 0)
    {
        Tensor tensor = Samples.Tensor(shape, random);
        foreach (ref float value in tensor.Span)
        {
            value = (value * scale) + middle;
        }

        return tensor;
    }

    internal static Tensor Indices(Shape shape, RandomStream random, int count)
    {
        var tensor = new Tensor(shape);
        foreach (ref float index in tensor.Span)
        {
            index = random.NextInt32(count);
        }

        return tensor;
    }

    internal static Targets TargetsOf(Operation loss, Shape shape, RandomStream random) => loss switch
    {
        SoftmaxCrossEntropy => Samples.Classes(shape.Rows, shape.Columns, random),
        BinaryCrossEntropyWithLogits => Indices(shape, random, 2),
        KullbackLeibler => SoftmaxCrossEntropy.Softmax(Numbers(shape, random)),
        _ => Numbers(shape, random),
    };
}
