using System.Text.Json.Nodes;
using MiniNet.Optimizers;
using MiniNet.Tests.Oracle;
using TorchSharp;
using TorchParameter = TorchSharp.Modules.Parameter;
using TorchTensor = TorchSharp.torch.Tensor;

namespace MiniNet.Tests.Torch;

/// <summary>Runs a case with TorchSharp in float64. The results have the same names as in the recordings.</summary>
internal static class TorchRunner
{
    public static Dictionary<string, Numbers> Run(GraphCase of)
    {
        using var scope = torch.NewDisposeScope();
        var graph = new TorchGraph(of);
        TorchTensor output = graph.Forward();
        var results = new Dictionary<string, Numbers>(StringComparer.Ordinal) { ["output"] = TorchGraph.ToNumbers(output) };
        if (of.Loss is not null)
        {
            TorchTensor loss = graph.Loss(output);
            loss.backward();
            if (of.Loss["kind"]!.GetValue<string>() != nameof(WeightedSum))
            {
                results["loss"] = new Numbers([], [loss.item<double>()]);
            }

            foreach (string input in of.Differentiate)
            {
                results[$"d {input}"] = GradientOf(graph[input]);
            }
        }

        foreach ((string name, TorchTensor tensor) in graph.Tensors)
        {
            if (tensor is not TorchParameter)
            {
                results[$"after {name}"] = TorchGraph.ToNumbers(tensor);
            }
            else if (of.Loss is not null)
            {
                results[$"d {name}"] = GradientOf(tensor);
            }
        }

        return results;
    }

    public static Dictionary<string, Numbers> Run(OptimizerCase of)
    {
        using var scope = torch.NewDisposeScope();
        var results = new Dictionary<string, Numbers>(StringComparer.Ordinal);
        TorchParameter[] parameters = [.. of.Parameters.Select(first => new TorchParameter(TorchGraph.ToTorch(first)))];
        using torch.optim.Optimizer optimizer = Optimizer(of.Optimizer, parameters);
        for (int step = 1; step <= of.Gradients.Length; step++)
        {
            SetGradients(parameters, of.Gradients[step - 1]);
            optimizer.step();
            for (int i = 0; i < parameters.Length; i++)
            {
                results[$"w{i} after step {step}"] = TorchGraph.ToNumbers(parameters[i]);
            }
        }

        return results;
    }

    /// <summary>Runs a gradient clipping case, which is an optimizer case without an optimizer.</summary>
    public static Dictionary<string, Numbers> Clip(OptimizerCase of)
    {
        using var scope = torch.NewDisposeScope();
        var results = new Dictionary<string, Numbers>(StringComparer.Ordinal);
        Numbers[] gradients = of.Gradients[0];

        // Clipping does not use the values of the parameters, only their gradients.
        TorchParameter[] parameters = [.. gradients.Select(gradient => new TorchParameter(TorchGraph.ToTorch(gradient)))];
        SetGradients(parameters, gradients);
        double limit = of.Optimizer["limit"]!.GetValue<double>();
        if (of.Optimizer["kind"]!.GetValue<string>() == nameof(GradientClipping.ByNorm))
        {
            results["norm"] = new Numbers([], [torch.nn.utils.clip_grad_norm_(parameters, limit)]);
        }
        else
        {
            torch.nn.utils.clip_grad_value_(parameters, limit);
        }

        for (int i = 0; i < parameters.Length; i++)
        {
            results[$"g{i}"] = GradientOf(parameters[i]);
        }

        return results;
    }

    /// <summary>Creates TorchSharp's optimizer. Passes all options, because some defaults differ from PyTorch's.</summary>
    public static torch.optim.Optimizer Optimizer(JsonObject of, IEnumerable<TorchParameter> parameters)
    {
        double Of(string option, double otherwise) => of[option]?.GetValue<double>() ?? otherwise;
        bool Is(string option) => of[option]?.GetValue<bool>() ?? false;
        return of["kind"]!.GetValue<string>() switch
        {
            nameof(SGD) => torch.optim.SGD(
                parameters, Of("learningRate", double.NaN), Of("momentum", 0), 0, Of("weightDecay", 0), Is("nesterov")),
            nameof(RMSProp) => torch.optim.RMSProp(
                parameters,
                Of("learningRate", 0.01),
                Of("alpha", 0.99),
                Of("epsilon", 1e-8),
                Of("weightDecay", 0),
                Of("momentum", 0),
                Is("centered")),
            nameof(Adagrad) => torch.optim.Adagrad(
                parameters, Of("learningRate", 0.01), Of("learningRateDecay", 0), Of("weightDecay", 0), 0, Of("epsilon", 1e-10)),
            nameof(Adam) => torch.optim.Adam(
                parameters, Of("learningRate", 1e-3), Of("beta1", 0.9), Of("beta2", 0.999), Of("epsilon", 1e-8), Of("weightDecay", 0)),
            nameof(AdamW) => torch.optim.AdamW(
                parameters, Of("learningRate", 1e-3), Of("beta1", 0.9), Of("beta2", 0.999), Of("epsilon", 1e-8), Of("weightDecay", 0.01)),
            nameof(NAdam) => torch.optim.NAdam(
                parameters,
                Of("learningRate", 2e-3),
                Of("beta1", 0.9),
                Of("beta2", 0.999),
                Of("epsilon", 1e-8),
                Of("weightDecay", 0),
                Of("momentumDecay", 4e-3)),
            nameof(RProp) => torch.optim.Rprop(
                parameters, Of("learningRate", 0.01), Of("etaMinus", 0.5), Of("etaPlus", 1.2), Of("minStep", 1e-6), Of("maxStep", 50)),
            string kind => throw new NotSupportedException($"Optimizer {kind}"),
        };
    }

    private static void SetGradients(TorchParameter[] parameters, Numbers[] gradients)
    {
        for (int i = 0; i < parameters.Length; i++)
        {
            parameters[i].grad = TorchGraph.ToTorch(gradients[i]);
        }
    }

    /// <summary>Gets the gradient of a tensor; zeros if the loss does not depend on it, because PyTorch then has no gradient.</summary>
    private static Numbers GradientOf(TorchTensor tensor)
    {
        Numbers value = TorchGraph.ToNumbers(tensor);
        return tensor.grad is { } gradient ? TorchGraph.ToNumbers(gradient) : value with { Data = new double[value.Data.Length] };
    }
}
