using BenchmarkDotNet.Attributes;
using MiniNet.Layers;
using MiniNet.Tensors;

namespace MiniNet.Benchmarks;

/// <summary>Measures each type of layer on 32 rows, forward and backward. <see cref="ActivationBenchmarks"/> has the activations.</summary>
public class LayerBenchmarks
{
    private NodeProbe probe = null!;

    private static readonly Dictionary<string, Func<NodeProbe>> Probes = new(StringComparer.Ordinal)
    {
        ["Linear 128 -> 64"] = () => NodeProbe.Of(new Linear(128, 64), 32, 128),
        ["Embedding 32 of 100"] = () => NodeProbe.Of(new Embedding(100, 32), Indices(32, 8, below: 100)),
        ["Conv2d 1 -> 16, 8x8"] = () => NodeProbe.Of(new Conv2d(1, 16, kernelSize: 3, padding: 1), 32, 1, 8, 8),
        ["Conv2d 16 -> 32, 4x4"] = () => NodeProbe.Of(new Conv2d(16, 32, kernelSize: 3, padding: 1), 32, 16, 4, 4),
        ["MaxPool2d 16x8x8"] = () => NodeProbe.Of(new MaxPool2d(2), 32, 16, 8, 8),
        ["AveragePool2d 16x8x8"] = () => NodeProbe.Of(new AveragePool2d(2), 32, 16, 8, 8),
        ["BatchNorm1d 128"] = () => NodeProbe.Of(new BatchNorm1d(128), 32, 128),
        ["BatchNorm2d 16x8x8"] = () => NodeProbe.Of(new BatchNorm2d(16), 32, 16, 8, 8),
        ["LayerNorm 128"] = () => NodeProbe.Of(new LayerNorm(128), 32, 128),
        ["Dropout 128"] = () => NodeProbe.Of(new Dropout(), 32, 128),
        ["Flatten 16x8x8"] = () => NodeProbe.Of(new Flatten(), 32, 16, 8, 8),
        ["Unflatten 1024"] = () => NodeProbe.Of(new Unflatten(16, 8, 8), 32, 1024),
        ["Add 128"] = () => NodeProbe.Of(new Add(), 32, 128),
        ["Multiply 128"] = () => NodeProbe.Of(new Multiply(), 32, 128),
        ["Concat 128"] = () => NodeProbe.Of(new Concat(), 32, 128),
        ["MatMul 16x16"] = () => NodeProbe.Of(new MatMul(), 32, 16, 16),
    };

    public static IEnumerable<string> Names => Probes.Keys;

    [ParamsSource(nameof(Names))]
    public string Layer { get; set; } = "";

    [GlobalSetup]
    public void Setup() => probe = Probes[Layer]();

    [Benchmark]
    public void Forward() => probe.Forward();

    [Benchmark]
    public void Backward() => probe.Backward();

    private static Tensor Indices(int rows, int columns, int below)
    {
        var indices = new Tensor(new Shape(rows, columns));
        for (int i = 0; i < indices.Span.Length; i++)
        {
            indices.Span[i] = i * 7 % below;
        }

        return indices;
    }
}
