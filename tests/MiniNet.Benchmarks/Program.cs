using MiniNet.Benchmarks;

return args switch
{
    ["accuracy", .. var rest] => Accuracy.Run(rest),
    ["threads"] => ThreadThreshold.Run(),
    ["workload", .. var rest] => Workloads.Run(rest),
    ["products", .. var rest] => Products.Run(rest),
    ["kernels", .. var rest] => Microbenchmarks.Kernels(rest),
    ["layers", .. var rest] => Microbenchmarks.Layers(rest),
    _ => Usage(),
};

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
