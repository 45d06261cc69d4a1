// Runs a case with TorchSharp's functional API on float64 tensors. Two operations differ from usual PyTorch code:
// - Matrix products use .mm and .bmm, because a shape error in .matmul ends the process in TorchSharp 0.107.0.
// - An embedding selects rows of its weight, because there is no torch.nn.functional.embedding.

using System.Text.Json.Nodes;
using MiniNet.Graphs;
using MiniNet.Losses;
using MiniNet.Tests.Oracle;
using TorchSharp;
using F = TorchSharp.torch.nn.functional;
using TorchParameter = TorchSharp.Modules.Parameter;
using TorchTensor = TorchSharp.torch.Tensor;

namespace MiniNet.Tests.Torch;

/// <summary>Represents the network of a case, with its recorded tensors. All tensors belong to the current dispose scope.</summary>
internal sealed class TorchGraph
{
    private readonly GraphCase of;
    private readonly Dictionary<string, JsonObject> layers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TorchTensor> values = new(StringComparer.Ordinal);

    /// <summary>Limits libtorch to one thread: the tensors are small, and the tests already run in parallel.</summary>
    static TorchGraph() => torch.set_num_threads(1);

    public TorchGraph(GraphCase of)
    {
        this.of = of;
        foreach ((string name, Numbers numbers) in of.Inputs)
        {
            values[name] = ToTorch(numbers).requires_grad_(of.Differentiate.Contains(name));
        }

        foreach ((string name, Numbers numbers) in of.Tensors)
        {
            bool state = name.EndsWith(".running_mean", StringComparison.Ordinal)
                || name.EndsWith(".running_var", StringComparison.Ordinal);
            Tensors[name] = state ? ToTorch(numbers) : new TorchParameter(ToTorch(numbers));
        }
    }

    /// <summary>Gets all parameters and, as plain tensors, all running statistics, by their names in the state dictionary.</summary>
    public Dictionary<string, TorchTensor> Tensors { get; } = new(StringComparer.Ordinal);

    public IEnumerable<TorchParameter> Parameters => Tensors.Values.OfType<TorchParameter>();

    /// <summary>Gets an input or, after <see cref="Forward"/>, the value of any node.</summary>
    public TorchTensor this[string name] => values[name];

    /// <summary>Creates a new tensor, which an optimizer or batch normalization may change in place.</summary>
    public static TorchTensor ToTorch(Numbers numbers)
    {
        long[] shape = Array.ConvertAll(numbers.Shape, size => (long)size);
        return torch.tensor(numbers.Data).reshape(shape).clone();
    }

    public static Numbers ToNumbers(TorchTensor tensor) =>
        new(Array.ConvertAll(tensor.shape, size => (int)size), tensor.detach().contiguous().data<double>().ToArray());

    /// <summary>Computes the value of the last node.</summary>
    public TorchTensor Forward()
    {
        string last = "";
        foreach (JsonNode? json in of.Architecture["nodes"]!.AsArray())
        {
            var node = (JsonObject)json!;
            last = node["name"]!.GetValue<string>();
            layers[last] = node["layerOf"] is { } first ? layers[first.GetValue<string>()] : node;
            if (!of.Inputs.ContainsKey(last))
            {
                TorchTensor[] sources = [.. node["from"]!.AsArray().Select(source => values[source!.GetValue<string>()])];
                values[last] = sources.Length == 1
                    ? Apply(layers[last], sources[0])
                    : Merge(node["kind"]!.GetValue<string>(), sources[0], sources[1]);
            }
        }

        return values[last];
    }

    /// <summary>Computes the loss of a prediction.</summary>
    public TorchTensor Loss(TorchTensor y)
    {
        JsonObject loss = of.Loss!;
        TorchTensor t = ToTorch(of.Targets!);
        return loss["kind"]!.GetValue<string>() switch
        {
            nameof(SoftmaxCrossEntropy) => F.cross_entropy(
                y,
                t.Dimensions == 1 ? t.to_type(torch.ScalarType.Int64) : t,
                Weights(loss["classWeights"]),
                -100,
                torch.nn.Reduction.Mean,
                Number(loss["labelSmoothing"] ?? 0f)),
            nameof(BinaryCrossEntropyWithLogits) => F.binary_cross_entropy_with_logits(
                y, t, null, torch.nn.Reduction.Mean, Weights(loss["positiveWeight"])),
            nameof(MeanSquaredError) => F.mse_loss(y, t),
            nameof(MeanAbsoluteError) => F.l1_loss(y, t),
            nameof(Huber) => F.huber_loss(y, t, Number(loss["delta"] ?? 1f)),
            nameof(KullbackLeibler) => F.kl_div(y, t, false, torch.nn.Reduction.Sum) / (double)y.shape[0], // TorchSharp has no 'batchmean'
            nameof(WeightedSum) => (y * t).sum(),
            string kind => throw new NotSupportedException($"Loss {kind}"),
        };
    }

    private TorchTensor Apply(JsonObject layer, TorchTensor x)
    {
        bool training = of.Phase == Phase.Training;
        return layer["kind"]!.GetValue<string>() switch
        {
            "Linear" => F.linear(x, Own(layer, "weight")!, Own(layer, "bias")),
            "ReLU" => F.relu(x),
            "LeakyReLU" => F.leaky_relu(x, Number(layer["negativeSlope"])),
            "ELU" => F.elu(x, Number(layer["alpha"])),
            "GELU" => layer["tanhApproximation"]!.GetValue<bool>() ? F.gelu(x, TorchSharp.Modules.GELU.Approximate.tanh) : F.gelu(x),
            "SiLU" => F.silu(x),
            "Sigmoid" => x.sigmoid(),
            "Tanh" => x.tanh(),
            "Softplus" => F.softplus(x, Number(layer["beta"]), Number(layer["threshold"])),
            "Softmax" => F.softmax(x, -1),
            "LogSoftmax" => F.log_softmax(x, -1),

            // The probability is 0 in training cases, because random masks cannot be compared.
            "Dropout" => F.dropout(x, Number(layer["probability"]), training),
            "BatchNorm1d" or "BatchNorm2d" => F.batch_norm(
                x,
                Own(layer, "running_mean")!,
                Own(layer, "running_var")!,
                Own(layer, "weight"),
                Own(layer, "bias"),
                training,
                Number(layer["momentum"]),
                Number(layer["epsilon"])),
            "LayerNorm" => F.layer_norm(x, Sizes(layer["shape"]), Own(layer, "weight"), Own(layer, "bias"), Number(layer["epsilon"])),
            "Embedding" => Rows(Own(layer, "weight")!, x),
            "Conv2d" => F.conv2d(x, Own(layer, "weight")!, Own(layer, "bias"), Sizes(layer["stride"]), Sizes(layer["padding"])),
            "MaxPool2d" => F.max_pool2d(x, Sizes(layer["kernelSize"]), Sizes(layer["stride"]), Sizes(layer["padding"])),
            "AveragePool2d" => F.avg_pool2d(x, Sizes(layer["kernelSize"]), Sizes(layer["stride"]), Sizes(layer["padding"])),
            "Flatten" => x.flatten(1),
            "Unflatten" => x.unflatten(1, Sizes(layer["shape"])),
            "Exp" => x.exp(),
            "Log" => x.log(),
            "Sin" => x.sin(),
            "Cos" => x.cos(),
            "Sum" => x.sum(),
            "Mean" => x.mean(),
            "Power" => x.pow(Number(layer["exponent"])),
            "Affine" => (Number(layer["scale"]) * x) + Number(layer["shift"]),
            string kind => throw new NotSupportedException($"Layer {kind}"),
        };
    }

    private static TorchTensor Merge(string kind, TorchTensor a, TorchTensor b) => kind switch
    {
        "Add" => a + b,
        "Subtract" => a - b,
        "Multiply" => a * b,
        "Divide" => a / b,
        "Concat" => torch.cat(new List<TorchTensor> { a, b }, 1), // an array would be ambiguous between two overloads
        "MatMul" => a.Dimensions == 2 ? a.mm(b) : a.bmm(b),
        _ => throw new NotSupportedException($"Merge {kind}"),
    };

    /// <summary>Selects rows of the weight: [n, k, dimensions] for indices [n, k].</summary>
    private static TorchTensor Rows(TorchTensor weight, TorchTensor indices)
    {
        long[] shape = [.. indices.shape, weight.shape[1]];
        return weight.index_select(0, indices.flatten().to_type(torch.ScalarType.Int64)).reshape(shape);
    }

    /// <summary>Gets a tensor of a layer; null if the layer does not have it.</summary>
    private TorchTensor? Own(JsonObject layer, string name) => Tensors.GetValueOrDefault($"{layer["name"]!.GetValue<string>()}.{name}");

    // MiniNet computes with float32 options, so TorchSharp gets the value rounded to float32.
    private static double Number(JsonNode? option) => option!.GetValue<float>();

    private static long[] Sizes(JsonNode? option) => [.. option!.AsArray().Select(size => size!.GetValue<long>())];

    private static TorchTensor? Weights(JsonNode? option) =>
        option is null ? null : torch.tensor(option.AsArray().Select(weight => Number(weight)).ToArray());
}
