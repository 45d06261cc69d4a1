using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;

namespace MiniNet.Benchmarks;

/// <summary>
/// Measures the parts of a training step separately with BenchmarkDotNet and its options (<c>--filter</c>, <c>--list flat</c>, ...), on one
/// thread, with the SIMD kernels and the plain ones side by side. No other file may use BenchmarkDotNet's types, except the
/// benchmark classes, because loading them is slow.
/// </summary>
internal static class Microbenchmarks
{
    public static int Kernels(string[] args) =>
        Run(args, typeof(ProductBenchmarks), typeof(ActivationBenchmarks), typeof(LossBenchmarks), typeof(OptimizerBenchmarks));

    public static int Layers(string[] args) => Run(args, typeof(LayerBenchmarks));

    private static int Run(string[] args, params Type[] types)
    {
        bool quick = args.Contains("--quick");
        Job job = quick ? Job.ShortRun : Job.Default;
        IConfig config = ManualConfig.Create(DefaultConfig.Instance)
            .AddJob(job.WithId("simd").WithEnvironmentVariable("MININET_KERNELS", "simd").AsBaseline())
            .AddJob(job.WithId("plain").WithEnvironmentVariable("MININET_KERNELS", "plain"))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .HideColumns(Column.EnvironmentVariables, Column.Error, Column.RatioSD);
        string[] rest = [.. args.Where(arg => arg != "--quick")];
        string[] selected = rest.Contains("--filter") || rest.Contains("--list") ? rest : [.. rest, "--filter", "*"];
        var summaries = BenchmarkSwitcher.FromTypes(types).Run(selected, config).ToArray();

        // With an unknown option, BenchmarkDotNet runs nothing and returns no summary.
        bool done = summaries.Length > 0 || rest.Any(arg => arg is "--list" or "--info" or "--help" or "--version");
        return done && summaries.All(summary => summary.Reports.All(report => report.Success)) ? 0 : 1;
    }
}
