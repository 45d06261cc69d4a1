using MiniNet;
using MiniNet.Benchmarks;

// Exit codes: 0 for success; 1 for a problem with the data or the machine, or an accuracy that is too low; 2 for an invalid command line.
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
        _ => throw new UsageException($"there is no command '{string.Join(' ', args)}'; --help lists the commands."),
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
               MiniNet.Benchmarks threads                                            the size from which a second thread pays
               MiniNet.Benchmarks workload NAME [--threads T] [--data FOLDER]        time of a step, a training or a prediction
               MiniNet.Benchmarks products [--threads T] [MxKxN ...]                 speed of the three matrix products
               MiniNet.Benchmarks kernels|layers [--quick] [--filter GLOB] ...       parts of a step; takes BenchmarkDotNet's options
        """);
    return 2;
}

static int Fail(int exitCode, string message)
{
    Console.Error.WriteLine("MiniNet.Benchmarks: " + message.ReplaceLineEndings(" "));
    return exitCode;
}
