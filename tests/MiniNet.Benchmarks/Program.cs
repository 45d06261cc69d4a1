using MiniNet.Benchmarks;

return args switch
{
    ["accuracy", .. var rest] => Accuracy.Run(rest),
    ["threads"] => ThreadThreshold.Run(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        usage: MiniNet.Benchmarks accuracy [DATA.csv TARGET FIRST_SEED LAST_SEED]   mean test accuracy of the defaults over seeds
               MiniNet.Benchmarks threads                                            from what size a product is worth splitting
        """);
    return 2;
}
