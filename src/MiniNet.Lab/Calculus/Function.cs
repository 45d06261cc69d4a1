using System.Diagnostics;
using System.Globalization;
using MiniNet.Explanations;
using MiniNet.GradientChecking;
using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Calculus;

/// <summary>
/// A graph as a function f: Rⁿ → Rᵐ. Its variables are inputs of the graph, one row of them, or the weights of a network; all else is held where
/// it is. The first derivatives are those of backpropagation, exact but for float32's rounding.
/// </summary>
/// <remarks>
/// Everything is worked out at <see cref="Phase.Inference"/>: no dropout, and a batch normalisation by its running figures. The nodes are left as the
/// last evaluation set them, to be looked at and explained; weights, gradients of weights and state are set back. One thread at a time.
/// </remarks>
/// <example>
/// <code>
/// var graph = new Graph();
/// Node x = graph.Variable("x"), y = graph.Variable("y");
/// var f = new Function(4 * x + 3 * y - x * x - x * y - y * y);
/// double[] gradient = f.Gradient(1, 2);       // [0, -2]
/// double[,] hessian = f.Hessian(1, 2);        // [[-2, -1], [-1, -2]]
/// </code>
/// </example>
[DebuggerStepThrough]
public sealed partial class Function
{
    private readonly Graph graph;
    private readonly Tensor[] inputs;
    private readonly Targets? targets;
    private readonly Place[] places;
    private readonly Operation[] operations;
    private Tensor seed = new(default(Shape));

    /// <summary>The value of a node as a function of inputs.</summary>
    /// <param name="output">The node; of a graph that takes one row at a time.</param>
    /// <param name="variables">Inputs of its graph that ask for a gradient; all such inputs, in their order, unless given. The others keep the value of the last forward pass.</param>
    /// <exception cref="ArgumentException">
    /// There is no variable; or one is no input of this graph, or asks for no gradient; or another input has had no value yet; or the node needs targets.
    /// </exception>
    public Function(Node output, params IReadOnlyList<Node> variables)
    {
        (Output, graph) = (output, output.Graph);
        Node[] all = [.. graph.Nodes.Where(node => node.Operation is null)];
        variables = variables.Count > 0 ? variables : [.. all.Where(input => input.NeedsGradient)];
        if (variables.Count == 0 || variables.Any(node => !all.Contains(node) || !node.NeedsGradient) || variables.Distinct().Count() < variables.Count)
        {
            throw new ArgumentException("The variables of a function are inputs of its graph that ask for a gradient, such as graph.Variable(\"x\"), each once.", nameof(variables));
        }

        if (output.NeedsTargets)
        {
            throw new ArgumentException($"{output.Name} needs targets: say which, with Function.OfParameters.", nameof(output));
        }

        if (all.FirstOrDefault(input => !variables.Contains(input) && input.Value.Shape.Rows != 1) is { } other)
        {
            throw new ArgumentException($"The input {other.Name} is no variable: give it a value first, one row, with graph.Forward.", nameof(variables));
        }

        inputs = [.. all.Select(input => variables.Contains(input) ? new Tensor(input.Shape.Rows == Shape.Any ? input.Shape.WithRows(1) : input.Shape, input.Name) : input.Value.Clone())];
        places = [.. variables.Select(node => new Place(node.Name, inputs[Array.IndexOf(all, node)], node, null))];
        Dimension = places.Sum(place => place.Value.Shape.Length);
        operations = [.. graph.Nodes.Select(node => node.Operation).OfType<Operation>().Distinct()];
    }

    private Function(Graph graph, Tensor[] inputs, Targets? targets)
    {
        (this.graph, this.inputs, this.targets) = (graph, inputs, targets);
        Output = targets is null ? graph.Output : graph.Nodes.Last(node => node.NeedsTargets);
        operations = [.. graph.Nodes.Select(node => node.Operation).OfType<Operation>().Distinct()];
        IReadOnlyDictionary<Parameter, string> names = graph.NamedParameters();
        places = [.. graph.Parameters.Select(p => new Place(names[p], p.Value, null, p))];
        Dimension = places.Sum(place => place.Value.Shape.Length);
    }

    /// <summary>The loss of a batch, or without targets the prediction, as a function of all weights of a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="x">The batch: the value of the graph's only input. It is used in place.</param>
    /// <param name="targets">Its targets, for a graph with a loss; null for the prediction.</param>
    /// <returns>The function; <see cref="Point"/> is where the weights stand.</returns>
    /// <exception cref="ArgumentException">The graph has no parameters.</exception>
    /// <exception cref="InvalidOperationException">Targets are given and the graph has no loss.</exception>
    public static Function OfParameters(Graph graph, Tensor x, Targets? targets = null) =>
        graph.Parameters.Count == 0 ? throw new ArgumentException("The graph has no parameters.", nameof(graph))
        : targets is not null && !graph.HasLoss ? throw new InvalidOperationException("The graph has no loss: call AddLoss first.")
        : new Function(graph, [x], targets);

    /// <summary>The node whose value it is.</summary>
    public Node Output { get; }

    /// <summary>How many variables there are, n.</summary>
    public int Dimension { get; }

    /// <summary>What the variables are called: <c>x</c>, <c>pixels[3]</c>, <c>0.weight[2,3]</c>.</summary>
    public IReadOnlyList<string> Variables
    {
        get
        {
            List<string> names = [];
            for (int i = 0; i < places.Length; i++)
            {
                AddNames(names, places[i].Name, places[i].Value.Shape);
            }

            return names;
        }
    }

    /// <summary>What the variables are now: the last point asked for, or of weights where they stand.</summary>
    public double[] Point => [.. places.SelectMany(place => place.Value.Span.ToArray().Select(value => (double)value))];

    /// <summary>All m numbers of f(x).</summary>
    /// <param name="at">x, n numbers; float32 is what is left of them.</param>
    /// <returns>The numbers of <see cref="Output"/>, row after row.</returns>
    /// <exception cref="ArgumentException">There are not n numbers.</exception>
    public double[] Evaluate(params ReadOnlySpan<double> at)
    {
        var held = new Held(operations);
        try
        {
            Forward(at);
            return Probe.Numbers(Output.Value);
        }
        finally
        {
            held.Dispose(); // by name, so that a debugger comes by no other
        }
    }

    /// <summary>f(x), where it is a single number.</summary>
    /// <param name="at">x, n numbers.</param>
    /// <returns>The number; NaN or infinite where f is.</returns>
    /// <exception cref="ArgumentException">There are not n numbers.</exception>
    /// <exception cref="InvalidOperationException">f(x) is more than one number.</exception>
    public double Value(params ReadOnlySpan<double> at) => Single(Evaluate(at));

    /// <summary>∇f = (∂f/∂x₁, ..., ∂f/∂xₙ), which points to steepest ascent, as backpropagation gives it.</summary>
    /// <param name="at">x, n numbers.</param>
    /// <returns>n numbers.</returns>
    /// <exception cref="ArgumentException">There are not n numbers.</exception>
    /// <exception cref="InvalidOperationException">f(x) is more than one number: it has a <see cref="Jacobian"/>.</exception>
    public double[] Gradient(params ReadOnlySpan<double> at) => ValueAndGradient(at).Gradient;

    /// <summary>f(x) and ∇f(x) from one pass forward and one back.</summary>
    /// <param name="at">x, n numbers.</param>
    /// <returns>Both.</returns>
    /// <exception cref="ArgumentException">There are not n numbers.</exception>
    /// <exception cref="InvalidOperationException">f(x) is more than one number.</exception>
    public (double Value, double[] Gradient) ValueAndGradient(params ReadOnlySpan<double> at)
    {
        var held = new Held(operations);
        try
        {
            Forward(at);
            return (Single(Probe.Numbers(Output.Value)), Backward(0));
        }
        finally
        {
            held.Dispose();
        }
    }

    /// <summary>∂f/∂xᵢ: how fast f changes as one variable grows and the others stay.</summary>
    /// <param name="variable">Its name, one of <see cref="Variables"/>.</param>
    /// <param name="at">x, n numbers.</param>
    /// <returns>The partial derivative.</returns>
    /// <exception cref="ArgumentException">There is no such variable, or there are not n numbers.</exception>
    /// <exception cref="InvalidOperationException">f(x) is more than one number.</exception>
    public double PartialDerivative(string variable, params ReadOnlySpan<double> at)
    {
        IReadOnlyList<string> names = Variables;
        for (int i = 0; i < names.Count; i++)
        {
            if (names[i] == variable)
            {
                return Gradient(at)[i];
            }
        }

        throw new ArgumentException($"There is no variable '{variable}'; there are {string.Join(", ", names.Take(8))}{(names.Count > 8 ? ", ..." : "")}.", nameof(variable));
    }

    /// <summary>The Jacobian, m by n: row i holds the partial derivatives of the i-th number of f(x), one backward pass each.</summary>
    /// <param name="at">x, n numbers.</param>
    /// <returns>[i, j] = ∂fᵢ/∂xⱼ.</returns>
    /// <exception cref="ArgumentException">There are not n numbers.</exception>
    public double[,] Jacobian(params ReadOnlySpan<double> at)
    {
        var held = new Held(operations);
        try
        {
            Forward(at);
            var jacobian = new double[Output.Value.Shape.Length, at.Length];
            for (int i = 0; i < jacobian.GetLength(0); i++)
            {
                Buffer.BlockCopy(Backward(i), 0, jacobian, i * at.Length * sizeof(double), at.Length * sizeof(double));
            }

            return jacobian;
        }
        finally
        {
            held.Dispose();
        }
    }

    private void Forward(ReadOnlySpan<double> at)
    {
        RequireLength(at);
        int k = 0;
        for (int i = 0; i < places.Length; i++)
        {
            foreach (ref float number in places[i].Value.Span)
            {
                number = (float)at[k++];
            }
        }

        graph.Forward(inputs, Phase.Inference);
        if (targets is not null)
        {
            graph.Loss(targets);
        }
    }

    private void RequireLength(ReadOnlySpan<double> at)
    {
        if (at.Length != Dimension)
        {
            throw new ArgumentException($"The function takes {Dimension} number(s); {at.Length} given.", nameof(at));
        }
    }

    /// <summary>The gradient of one number of f(x), which Forward has left.</summary>
    private double[] Backward(int number)
    {
        if (!Output.NeedsGradient)
        {
            return new double[Dimension]; // a constant
        }

        seed = seed.Shape == Output.Value.Shape ? seed : new Tensor(Output.Value.Shape);
        seed.Clear();
        seed.Span[number] = 1;
        graph.ZeroGradients();
        graph.BackwardFrom(Output, seed);
        List<double> gradient = new(Dimension);
        for (int i = 0; i < places.Length; i++)
        {
            gradient.AddRange(Probe.Numbers(places[i].Gradient));
        }

        return [.. gradient];
    }

    private double Single(double[] numbers) => numbers.Length == 1 ? numbers[0]
        : throw new InvalidOperationException($"{Output.Name} holds {numbers.Length} numbers, {Output.Value.Shape}: a single one is needed here; Evaluate and Jacobian take many.");

    // A row of an input is one place of its own: pixels[3]; a matrix of weights has two: 0.weight[2,3].
    private static void AddNames(List<string> names, string name, Shape shape)
    {
        for (int i = 0; i < shape.Length; i++)
        {
            names.Add(shape.Length == 1 ? name
                : shape.Columns == 1 || shape.Rows == 1 ? string.Create(CultureInfo.InvariantCulture, $"{name}[{i}]")
                : string.Create(CultureInfo.InvariantCulture, $"{name}[{i / shape.Columns},{i % shape.Columns}]"));
        }
    }

    // Where some of the variables stand: an input, or a parameter.
    private sealed record Place(string Name, Tensor Value, Node? Input, Parameter? Parameter)
    {
        public Tensor Gradient => Input?.Gradient ?? Parameter!.Gradient;
    }
}
