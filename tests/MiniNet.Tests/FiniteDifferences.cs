using MiniNet.Graphs;
using MiniNet.Layers;
using MiniNet.Tensors;

namespace MiniNet.Tests;

/// <summary>
/// Checks derivatives numerically: changes one number at a time slightly up and down, and compares the change of the loss with the result
/// of backpropagation, for every element of every parameter and of every input that has a gradient.
/// </summary>
/// <remarks>
/// The loss is a float, so the step is a compromise. Let N be its rounding error. D(h) = (L(w + h) − L(w − h)) / 2h has an error of N/h
/// from rounding and of h²L‴/6 from curvature. Richardson's R = (4D(h/2) − D(h)) / 3 has no term in h² and an error of 3N/h and h⁴L⁽⁵⁾/480.
/// With h = (1 + |w|)/32 that is about 100N and 2·10⁻⁷L⁽⁵⁾ at |w| = 2. N is taken as 16 roundings of the largest number in the graph: about
/// fifty occur, but not all in the same direction. Together these are about 10⁻⁴ of that number each, whereas a wrong factor or a
/// missing term causes an error of the size of the gradient itself.
/// Across a kink there is no derivative to compare with. If a step changes the sign of the input of a ReLU or a similar activation, or the
/// position of the maximum in a window of a MaxPool2d, an eighth of the step is tried, with eight times the rounding error. If that does
/// not help either, the element is skipped.
/// </remarks>
internal static class FiniteDifferences
{
    private static readonly float[] Steps = [1f / 32, 1f / 256];

    /// <summary>Checks every gradient of a graph whose last node has a single value.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="targets">The targets, if the graph has a loss.</param>
    /// <param name="inputs">A value for each input. It is changed during the check and then restored.</param>
    public static void Check(Graph graph, Targets? targets, params Tensor[] inputs)
    {
        double loss = Evaluate(graph, targets, inputs);
        graph.ZeroGradients();
        graph.Backward();

        int[] sides = SidesOfTheKinks(graph);
        double scale = 1 + Math.Abs(loss) + graph.Nodes.Max(node => Largest(node.Value));
        int elements = 0, left = 0;
        double largest = 0, widest = 0;
        foreach ((string name, Tensor w, Tensor gradient) in WhatHasAGradient(graph))
        {
            for (int i = 0; i < w.Span.Length; i++)
            {
                elements++;
                if (Derivative(graph, targets, inputs, sides, w, i, out float h) is not { } expected)
                {
                    left++;
                    continue;
                }

                double tolerance = scale * ((3 * 16 * Samples.U / h) + 1e-4);
                (largest, widest) = (Math.Max(largest, Math.Abs(expected)), Math.Max(widest, tolerance));
                Assert.True(
                    Math.Abs(expected - gradient.Span[i]) <= tolerance,
                    $"d{name}[{i}] is {gradient.Span[i]:G6}, by differences {expected:G6}, tolerance {tolerance:G2}");
            }
        }

        // Otherwise every gradient would be within the tolerance, and the comparison would prove nothing.
        Assert.True(largest > 10 * widest, $"the largest gradient, {largest:G3}, is not much larger than the tolerance {widest:G3}");
        Assert.True(left * 4 <= elements, $"{left} of {elements} elements lie at a kink");
    }

    private static List<(string Name, Tensor Value, Tensor Gradient)> WhatHasAGradient(Graph graph)
    {
        var all = new List<(string, Tensor, Tensor)>();
        foreach (Parameter parameter in graph.Parameters)
        {
            all.Add((parameter.Name, parameter.Value, parameter.Gradient.Clone()));
        }

        foreach (Node node in graph.Nodes)
        {
            if (node.Operation is null && node.Gradient is { } gradient)
            {
                all.Add((node.Name, node.Value, gradient.Clone()));
            }
        }

        Assert.NotEmpty(all);
        return all;
    }

    private static double? Derivative(Graph graph, Targets? targets, Tensor[] inputs, int[] sides, Tensor of, int i, out float h)
    {
        float w = of.Span[i];
        h = 0;
        foreach (float step in Steps)
        {
            h = step * (1 + Math.Abs(w));
            if (Difference(h) is { } whole && Difference(h / 2) is { } half)
            {
                return ((4 * half) - whole) / 3;
            }
        }

        return null;

        double? Difference(float h)
        {
            float above = w + h, below = w - h; // rounded to floats, so their distance is not exactly 2h
            of.Span[i] = above;
            double up = Evaluate(graph, targets, inputs);
            bool same = sides.AsSpan().SequenceEqual(SidesOfTheKinks(graph));
            of.Span[i] = below;
            double down = Evaluate(graph, targets, inputs);
            same &= sides.AsSpan().SequenceEqual(SidesOfTheKinks(graph));
            of.Span[i] = w;
            return same ? (up - down) / ((double)above - below) : null;
        }
    }

    private static double Evaluate(Graph graph, Targets? targets, Tensor[] inputs)
    {
        IReadOnlyList<ulong> state = graph.RandomState;
        graph.Forward(inputs);
        double loss = targets is null ? graph.Nodes[^1].Value.Span[0] : graph.Loss(targets);
        graph.RandomState = state; // the same dropout mask every time
        return loss;
    }

    private static int[] SidesOfTheKinks(Graph graph)
    {
        var sides = new List<int>();
        foreach (Node node in graph.Nodes)
        {
            foreach (float x in node.Operation is ReLU or LeakyReLU or ELU ? node.Sources[0].Value.Span : [])
            {
                sides.Add(x > 0 ? 1 : 0);
            }

            foreach (float y in node.Operation is MaxPool2d ? node.Value.Span : [])
            {
                sides.Add(node.Sources[0].Value.Span.IndexOf(y)); // the position of the maximum
            }
        }

        return [.. sides];
    }

    private static float Largest(Tensor tensor)
    {
        float largest = 0;
        foreach (float value in tensor.Span)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        return largest;
    }
}
