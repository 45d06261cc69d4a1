using System.Text.Json.Nodes;
using MiniNet.Files;
using MiniNet.Graphs;
using MiniNet.Losses;
using MiniNet.Optimizers;
using MiniNet.Tensors;

namespace MiniNet.Tests.Oracle;

/// <summary>Runs a case in MiniNet, and returns the results with the names of the recordings, in PyTorch's layout.</summary>
internal static class MiniNetRunner
{
    public static Dictionary<string, Numbers> Run(GraphCase of)
    {
        Graph graph = Build(of);
        Tensor[] inputs = [.. graph.Nodes.Where(node => node.Operation is null).Select(node => ToTensor(of.Inputs[node.Name]))];
        var results = new Dictionary<string, Numbers>(StringComparer.Ordinal) { ["output"] = ToNumbers(graph.Forward(inputs, of.Phase)) };
        if (of.Loss is { } loss)
        {
            float value = graph.Loss(ToTargets(of.Loss, of.Targets!));
            if (loss["kind"]!.GetValue<string>() != nameof(WeightedSum))
            {
                results["loss"] = new Numbers([], [value]);
            }

            graph.ZeroGradients();
            graph.Backward();
            foreach (string input in of.Differentiate)
            {
                results[$"d {input}"] = ToNumbers(graph[input].Gradient!);
            }
        }

        foreach ((string name, Tensor tensor, bool transposed) in graph.NamedTensors())
        {
            if (graph.Parameters.FirstOrDefault(parameter => parameter.Value == tensor) is not { } parameter)
            {
                results[$"after {name}"] = ToNumbers(tensor, transposed);
            }
            else if (of.Loss is not null)
            {
                results[$"d {name}"] = ToNumbers(parameter.Gradient, transposed);
            }
        }

        return results;
    }

    public static Dictionary<string, Numbers> Run(OptimizerCase of)
    {
        Parameter[] parameters = [.. of.Gradients[0].Select((gradient, i) => new Parameter($"w{i}", new Shape(gradient.Shape)))];
        foreach ((Parameter parameter, Numbers first) in parameters.Zip(of.Parameters))
        {
            Fill(parameter.Value, first);
        }

        var results = new Dictionary<string, Numbers>(StringComparer.Ordinal);
        string kind = of.Optimizer["kind"]!.GetValue<string>();
        if (typeof(GradientClipping).GetMethod(kind) is { } clip)
        {
            parameters.Zip(of.Gradients[0]).ToList().ForEach(pair => Fill(pair.First.Gradient, pair.Second));
            if (clip.Invoke(null, [parameters, of.Optimizer["limit"]!.GetValue<float>()]) is float norm)
            {
                results["norm"] = new Numbers([], [norm]);
            }

            parameters.Select((parameter, i) => (parameter, i)).ToList().ForEach(
                pair => results[$"g{pair.i}"] = ToNumbers(pair.parameter.Gradient));
            return results;
        }

        var optimizer = OperationFactory.Create<Optimizer>(of.Optimizer, (object)parameters);
        for (int step = 1; step <= of.Gradients.Length; step++)
        {
            for (int i = 0; i < parameters.Length; i++)
            {
                Fill(parameters[i].Gradient, of.Gradients[step - 1][i]);
            }

            optimizer.Step();
            for (int i = 0; i < parameters.Length; i++)
            {
                results[$"w{i} after step {step}"] = ToNumbers(parameters[i].Value);
            }
        }

        return results;
    }

    public static Dictionary<string, Numbers> Run(ScheduleCase of)
    {
        var results = new Dictionary<string, Numbers>(StringComparer.Ordinal);
        if (of.Observations is { } observations)
        {
            var optimizer = new SGD([], learningRate: 0.5f);
            var plateau = OperationFactory.Create<ReduceOnPlateau>(of.Schedule, optimizer);
            for (int step = 0; step < observations.Data.Length; step++)
            {
                results[$"rate at {step}"] = new Numbers([], [optimizer.LearningRate]);
                plateau.Observe((float)observations.Data[step]);
            }
        }
        else
        {
            var schedule = OperationFactory.Create<Schedule>(of.Schedule);
            for (int step = 0; step < of.Expected.Count; step++)
            {
                results[$"rate at {step}"] = new Numbers([], [schedule.At(step)]);
            }
        }

        return results;
    }

    /// <summary>
    /// Builds the graph of a case like the reader of model files does, with the recorded tensors, the requested gradients and the loss.
    /// </summary>
    public static Graph Build(GraphCase of)
    {
        Graph read = Architecture.Read(of.Architecture, seed: 0, of.Tensors.Values.Sum(tensor => (long)tensor.Data.Length));
        var graph = new Graph();
        foreach (Node node in read.Nodes)
        {
            Node[] sources = [.. node.Sources.Select(source => graph[source.Name])];
            _ = node.Operation switch
            {
                Layer layer => graph.Add(node.Name, layer, sources[0]),
                MergeLayer layer => graph.Add(node.Name, layer, sources[0], sources[1]),
                _ => graph.Input(node.Name, node.Shape, needsGradient: of.Differentiate.Contains(node.Name)), // not stored in model files
            };
        }

        List<string> names = [.. of.Tensors.Keys];
        foreach ((string name, Tensor tensor, bool transposed) in graph.NamedTensors())
        {
            Assert.True(names.Remove(name), $"{name} is not recorded");
            Fill(tensor, of.Tensors[name], transposed);
        }

        Assert.Empty(names);
        if (of.Loss is { } loss)
        {
            graph.AddLoss(OperationFactory.Create<Loss>(loss));
        }

        return graph;
    }

    public static Targets ToTargets(JsonObject loss, Numbers targets) =>
        loss["kind"]!.GetValue<string>() == nameof(SoftmaxCrossEntropy) && targets.Shape.Length == 1
            ? Array.ConvertAll(targets.Data, value => (int)value)
            : ToTensor(targets);

    public static Tensor ToTensor(Numbers numbers)
    {
        var tensor = new Tensor(new Shape(numbers.Shape));
        Fill(tensor, numbers);
        return tensor;
    }

    private static void Fill(Tensor tensor, Numbers numbers, bool transposed = false)
    {
        int[] shape = ShapeOf(tensor);
        Assert.Equal(numbers.Shape, transposed ? shape.Reverse() : shape);
        for (int i = 0; i < numbers.Data.Length; i++)
        {
            tensor.Span[transposed ? Exchanged(i, shape) : i] = (float)numbers.Data[i];
        }
    }

    public static Numbers ToNumbers(Tensor tensor, bool transposed = false)
    {
        int[] shape = ShapeOf(tensor);
        var data = new double[tensor.Span.Length];
        for (int i = 0; i < data.Length; i++)
        {
            data[i] = tensor.Span[transposed ? Exchanged(i, shape) : i];
        }

        return new Numbers(transposed ? [.. shape.Reverse()] : shape, data);
    }

    /// <summary>Returns the index in a matrix of this shape for the element at index i of its transpose.</summary>
    private static int Exchanged(int i, int[] shape) => (i % shape[0] * shape[1]) + (i / shape[0]);

    private static int[] ShapeOf(Tensor tensor) => [.. Enumerable.Range(0, tensor.Shape.Rank).Select(i => tensor.Shape[i])];
}
