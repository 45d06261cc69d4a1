using System.Diagnostics;
using System.Globalization;
using MiniNet.Data;
using MiniNet.Graphs;
using MiniNet.Initializers;
using MiniNet.Kernels;
using MiniNet.Layers;
using MiniNet.Losses;
using MiniNet.Optimizers;
using MiniNet.Tensors;

namespace MiniNet.Benchmarks;

/// <summary>
/// Runs the workloads that compare MiniNet with other ways to train the same network. They use only the public API: a graph, a loss, an
/// optimizer, and a training loop by hand. The kernels were tuned on W1 to W7. X1 and X2 have similar sizes that were not used for tuning.
/// </summary>
internal static class Workloads
{
    public static int Run(string[] args)
    {
        var arguments = new Arguments(args, "--threads", "--data");
        string workload = string.Join(' ', arguments.Positional);
        string folder = arguments["--data"] ?? "datasets";
        Kernel.MaxThreads = arguments.Threads;
        switch (workload)
        {
            case "W1":
                Steps(workload, Perceptron(4, 16, 3), Momentum, WorkloadData.Slice(WorkloadData.Iris(folder), 16, 4));
                break;
            case "W1wall":
                Training("W1", Perceptron(4, 16, 3), Momentum, WorkloadData.Iris(folder), 16, epochs: 200);
                break;
            case "W2":
                Steps(workload, Perceptron(64, 128, 64, 10), Adam, WorkloadData.Slice(WorkloadData.Digits(folder).Training, 32, 64));
                break;
            case "W2wall":
                var (training, test) = WorkloadData.Digits(folder);
                Graph trained = Training("W2", Perceptron(64, 128, 64, 10), Adam, training, 32, epochs: 50);
                Measurement.Print("W2", "test_acc", Metrics.Accuracy.Of(trained, test));
                break;
            case "W3":
                Synthetic(workload, Adam, 128, 784, 512, 256, 10);
                break;
            case "W4":
                Synthetic(workload, graph => new SGD(graph.Parameters, learningRate: 0.01f), 256, 2048, 4096, 4096, 1000);
                break;
            case "W5":
                Predictions(workload, Perceptron(64, 128, 64, 10), WorkloadData.Slice(WorkloadData.Digits(folder).Training, 1, 64));
                break;
            case "W6":
                CsvWorkload.Run(
                    WorkloadData.PathTo(folder, "big.csv"),
                    Kernel.MaxThreads,
                    (metric, value) => Measurement.Print(workload, metric, value));
                break;
            case "W7":
                Steps(workload, Convolutional(), Adam, WorkloadData.Slice(WorkloadData.Digits(folder).Training, 64, 1, 8, 8));
                break;
            case "X1":
                Synthetic(workload, Momentum, 12, 5, 20, 4);
                break;
            case "X2":
                Synthetic(workload, Adam, 24, 48, 96, 72, 7);
                break;
            default:
                throw new UsageException(
                    $"there is no workload '{workload}'; the workloads are W1, W1wall, W2, W2wall, W3, W4, W5, W6, W7, X1, X2.");
        }

        return 0;
    }

    private static Sequential Perceptron(params int[] widths)
    {
        // He initialization, as in the networks compared with.
        var layers = new List<Layer> { new Linear(widths[0], widths[1], initializer: new HeNormal()) };
        for (int i = 2; i < widths.Length; i++)
        {
            layers.Add(new ReLU());
            layers.Add(new Linear(widths[i - 1], widths[i], initializer: new HeNormal()));
        }

        return new Sequential(seed: 0, layers);
    }

    private static Sequential Convolutional() => new(
        seed: 0,
        Shape.Batch(1, 8, 8),
        new Conv2d(1, 16, kernelSize: 3, padding: 1), new ReLU(), new MaxPool2d(2),
        new Conv2d(16, 32, kernelSize: 3, padding: 1), new ReLU(),
        new Flatten(), new Linear(512, 10));

    private static SGD Momentum(Graph graph) => new(graph.Parameters, learningRate: 0.05f, momentum: 0.9f);

    private static Adam Adam(Graph graph) => new(graph.Parameters, learningRate: 0.001f);

    private static float Step(Graph graph, Optimizer optimizer, Tensor inputs, Targets targets)
    {
        graph.Forward(inputs);
        float loss = graph.Loss(targets);
        graph.ZeroGradients();
        graph.Backward();
        optimizer.Step();
        return loss;
    }

    /// <summary>
    /// Measures one warmed-up step on batches cut in advance. Also prints the first and last loss, to show that the network learns.
    /// </summary>
    private static double Steps(string workload, Graph graph, Func<Graph, Optimizer> choose, (Tensor Inputs, Targets Targets)[] batches)
    {
        graph.AddLoss(new SoftmaxCrossEntropy());
        Optimizer optimizer = choose(graph);
        float first = float.NaN, loss = 0;
        double microseconds = Measurement.Median(i =>
        {
            var (inputs, targets) = batches[i % batches.Length];
            loss = Step(graph, optimizer, inputs, targets);
            first = float.IsNaN(first) ? loss : first;
        });
        Measurement.Print(
            workload,
            "step_us",
            microseconds,
            string.Create(CultureInfo.InvariantCulture, $",\"first_loss\":{first},\"loss\":{loss}"));
        return microseconds;
    }

    /// <summary>
    /// Measures a step on four batches of synthetic rows. Counts the operations of the matrix products, without the gradient of the
    /// network's inputs, which is not computed.
    /// </summary>
    private static void Synthetic(string workload, Func<Graph, Optimizer> choose, int batch, params int[] widths)
    {
        Dataset data = WorkloadData.Synthetic(4 * batch, widths[0], widths[^1]);
        double microseconds = Steps(workload, Perceptron(widths), choose, WorkloadData.Slice(data, batch, widths[0]));
        double operations = -2.0 * batch * widths[0] * widths[1];
        for (int i = 1; i < widths.Length; i++)
        {
            operations += 6.0 * batch * widths[i - 1] * widths[i];
        }

        Measurement.Print(workload, "gflops", operations / microseconds / 1e3);
        Measurement.Print(workload, "peak_mb", Process.GetCurrentProcess().PeakWorkingSet64 / 1048576.0);
    }

    /// <summary>Times a complete training without warm-up, with shuffling in each epoch and a smaller last batch.</summary>
    private static Graph Training(string workload, Graph graph, Func<Graph, Optimizer> choose, Dataset data, int batchSize, int epochs)
    {
        long start = Stopwatch.GetTimestamp();
        graph.AddLoss(new SoftmaxCrossEntropy());
        Optimizer optimizer = choose(graph);
        var loader = new DataLoader(data, batchSize, seed: 0);
        float loss = 0;
        for (int epoch = 1; epoch <= epochs; epoch++)
        {
            foreach (Batch batch in loader)
            {
                loss = Step(graph, optimizer, batch.Inputs, batch.Targets);
            }
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Measurement.Print(
            workload,
            string.Create(CultureInfo.InvariantCulture, $"train{epochs}_s"),
            seconds,
            string.Create(CultureInfo.InvariantCulture, $",\"loss\":{loss}"));
        return graph;
    }

    /// <summary>
    /// Measures the forward pass of one row. Uses the graph directly, because <c>Predict</c> also copies the result so that threads can
    /// share the graph.
    /// </summary>
    private static void Predictions(string workload, Graph graph, (Tensor Inputs, Targets Targets)[] rows) =>
        Measurement.Print(workload, "predict_us", Measurement.Median(i => graph.Forward(rows[i % 100].Inputs, Phase.Inference)));
}
