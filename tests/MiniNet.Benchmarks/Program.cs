using MiniNet;
using MiniNet.Benchmarks;

// 0: done. 1: something is wrong with the data or the machine, or an accuracy is too low. 2: the command line itself.
try
{
    return args switch
    {
        ["accuracy", .. var rest] => Accuracy.Run(rest),
        ["threads"] => ThreadThreshold.Run(),
        ["workload", .. var rest] => Workloads.Run(rest),
        ["products", .. var rest] => Products.Run(rest),
        ["kernels", .. var rest] => Microbenchmarks.Kernels(rest),
        ["layers", .. var rest] => Microbenchmarks.Layers(rest),
        [] or ["--help"] => Usage(),
        _ => throw new UsageException($"'{string.Join(' ', args)}' is no command; --help lists what there is."),
    };
}
catch (UsageException e)
{
    return Fail(2, e.Message);
}
catch (TypeInitializationException e) when (e.InnerException is InvalidOperationException setting)
{
    return Fail(2, setting.Message);
}
catch (Exception e) when (e is MiniNetException or IOException or UnauthorizedAccessException)
{
    return Fail(1, e.Message);
}
catch (Exception e)
{
    return Fail(1, $"{e.GetType().Name}: {e.Message}");
}

static int Usage()
{
    Console.Error.WriteLine("""
        usage: MiniNet.Benchmarks accuracy [DATA.csv TARGET FIRST_SEED LAST_SEED]   mean test accuracy of the defaults over seeds
               MiniNet.Benchmarks threads                                            from what size a product is worth splitting
               MiniNet.Benchmarks workload NAME [--threads T] [--data FOLDER]        a training step, a training or a prediction
               MiniNet.Benchmarks products [--threads T] [MxKxN ...]                 the three matrix products
               MiniNet.Benchmarks kernels|layers [--quick] [--filter GLOB] ...       the parts of a step, by BenchmarkDotNet and with its options
        """);
    return 2;
}

static int Fail(int exitCode, string message)
{
    Console.Error.WriteLine("MiniNet.Benchmarks: " + message.ReplaceLineEndings(" "));
    return exitCode;
}
