using System.Diagnostics;
using System.Globalization;
using MiniNet.GradientChecking;
using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Calculus;

/// <summary>
/// Represents a graph as a function f: Rⁿ → Rᵐ. Its variables are inputs of the graph (one row) or the weights of a network; everything
/// else is fixed. First derivatives are computed by backpropagation and are exact up to the rounding of float32.
/// </summary>
/// <remarks>
/// Everything is computed in <see cref="Phase.Inference"/>: without dropout, and with the running statistics of batch normalization. The
/// nodes keep the values of the last evaluation, for inspection and explanation; weights, gradients of weights and state are restored. Not
/// thread-safe.
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
    private readonly VariableBlock[] blocks;
    private readonly Operation[] operations;
    private Tensor seed = new(default(Shape));

    /// <summary>Initializes a new instance of the <see cref="Function"/> class: the value of a node as a function of inputs.</summary>
    /// <param name="output">The node, of a graph that accepts a single row.</param>
    /// <param name="variables">
    /// Inputs of its graph with <c>needsGradient: true</c>; by default all such inputs in their order. The others keep the value of the
    /// last forward pass.
    /// </param>
    /// <exception cref="ArgumentException">
    /// There are no variables; or one is not an input of this graph or does not need a gradient; or another input has no value yet; or the
    /// node needs targets.
    /// </exception>
    public Function(Node output, params IReadOnlyList<Node> variables)
    {
        (Output, graph) = (output, output.Graph);
        Node[] all = [.. graph.Nodes.Where(node => node.Operation is null)];
        variables = variables.Count > 0 ? variables : [.. all.Where(input => input.NeedsGradient)];
        if (variables.Count == 0
            || variables.Any(node => !all.Contains(node) || !node.NeedsGradient)
            || variables.Distinct().Count() < variables.Count)
        {
            throw new ArgumentException(
                "The variables of a function must be distinct inputs of its graph with needsGradient: true, such as graph.Variable(\"x\").",
                nameof(variables));
        }

        if (output.NeedsTargets)
        {
            throw new ArgumentException($"{output.Name} needs targets: pass them to Function.OfParameters.", nameof(output));
        }

        if (all.FirstOrDefault(input => !variables.Contains(input) && input.Value.Shape.Rows != 1) is { } other)
        {
            throw new ArgumentException(
                $"The input {other.Name} is not a variable: set its value first (one row) with graph.Forward.",
                nameof(variables));
        }

        inputs =
        [
            .. all.Select(input => variables.Contains(input)
                ? new Tensor(input.Shape.Rows == Shape.Any ? input.Shape.WithRows(1) : input.Shape, input.Name)
                : input.Value.Clone()),
        ];
        blocks = [.. variables.Select(node => new VariableBlock(node.Name, inputs[Array.IndexOf(all, node)], node, null))];
        Dimension = blocks.Sum(block => block.Value.Shape.Length);
        operations = [.. graph.Nodes.Select(node => node.Operation).OfType<Operation>().Distinct()];
    }

    private Function(Graph graph, Tensor[] inputs, Targets? targets)
    {
        (this.graph, this.inputs, this.targets) = (graph, inputs, targets);
        Output = targets is null ? graph.Output : graph.Nodes.Last(node => node.NeedsTargets);
        operations = [.. graph.Nodes.Select(node => node.Operation).OfType<Operation>().Distinct()];
        IReadOnlyDictionary<Parameter, string> names = graph.NamedParameters();
        blocks = [.. graph.Parameters.Select(p => new VariableBlock(names[p], p.Value, null, p))];
        Dimension = blocks.Sum(block => block.Value.Shape.Length);
    }

    /// <summary>Creates the loss of a batch, or without targets the prediction, as a function of all weights of a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="x">The batch: the value of the graph's only input. It is not copied.</param>
    /// <param name="targets">The targets, for a graph with a loss; null for the prediction.</param>
    /// <returns>The function; its <see cref="Point"/> is the current weights.</returns>
    /// <exception cref="ArgumentException">The graph has no parameters.</exception>
    /// <exception cref="InvalidOperationException">Targets are given but the graph has no loss.</exception>
    public static Function OfParameters(Graph graph, Tensor x, Targets? targets = null) =>
        graph.Parameters.Count == 0 ? throw new ArgumentException("The graph has no parameters.", nameof(graph))
        : targets is not null && !graph.HasLoss ? throw new InvalidOperationException("The graph has no loss: call AddLoss first.")
        : new Function(graph, [x], targets);

    /// <summary>Gets the node whose value is the function's output.</summary>
    public Node Output { get; }

    /// <summary>Gets the number of variables, n.</summary>
    public int Dimension { get; }

    /// <summary>Gets the names of the variables: <c>x</c>, <c>pixels[3]</c>, <c>0.weight[2,3]</c>.</summary>
    public IReadOnlyList<string> Variables
    {
        get
        {
            List<string> names = [];
            for (int i = 0; i < blocks.Length; i++)
            {
                AddNames(names, blocks[i].Name, blocks[i].Value.Shape);
            }

            return names;
        }
    }

    /// <summary>Gets the current values of the variables: the last point evaluated, or the current weights.</summary>
    public double[] Point => [.. blocks.SelectMany(block => block.Value.Span.ToArray().Select(value => (double)value))];

    /// <summary>Computes all m outputs of f(x).</summary>
    /// <param name="at">x, n numbers; they are rounded to float32.</param>
    /// <returns>The elements of <see cref="Output"/>, row by row.</returns>
    /// <exception cref="ArgumentException">The number of coordinates is not n.</exception>
    public double[] Evaluate(params ReadOnlySpan<double> at)
    {
        var snapshot = new StateSnapshot(operations);
        try
        {
            Forward(at);
            return OperationProbe.ToDoubles(Output.Value);
        }
        finally
        {
            snapshot.Dispose(); // called explicitly, so that a debugger steps into no compiler-generated call
        }
    }

    /// <summary>Computes f(x) for a scalar-valued function.</summary>
    /// <param name="at">x, with n coordinates.</param>
    /// <returns>f(x); NaN or infinite where f is.</returns>
    /// <exception cref="ArgumentException">The number of coordinates is not n.</exception>
    /// <exception cref="InvalidOperationException">f has more than one output.</exception>
    public double Value(params ReadOnlySpan<double> at) => Single(Evaluate(at));

    /// <summary>Computes the gradient ∇f = (∂f/∂x₁, ..., ∂f/∂xₙ), the direction of steepest ascent, by backpropagation.</summary>
    /// <param name="at">x, with n coordinates.</param>
    /// <returns>The n partial derivatives.</returns>
    /// <exception cref="ArgumentException">The number of coordinates is not n.</exception>
    /// <exception cref="InvalidOperationException">f has more than one output; use <see cref="Jacobian"/>.</exception>
    public double[] Gradient(params ReadOnlySpan<double> at) => ValueAndGradient(at).Gradient;

    /// <summary>Computes f(x) and ∇f(x) in one forward and one backward pass.</summary>
    /// <param name="at">x, with n coordinates.</param>
    /// <returns>f(x) and ∇f(x).</returns>
    /// <exception cref="ArgumentException">The number of coordinates is not n.</exception>
    /// <exception cref="InvalidOperationException">f has more than one output.</exception>
    public (double Value, double[] Gradient) ValueAndGradient(params ReadOnlySpan<double> at)
    {
        var snapshot = new StateSnapshot(operations);
        try
        {
            Forward(at);
            return (Single(OperationProbe.ToDoubles(Output.Value)), Backward(0));
        }
        finally
        {
            snapshot.Dispose();
        }
    }

    /// <summary>Computes the partial derivative ∂f/∂xᵢ: the rate of change of f in one variable while the others are fixed.</summary>
    /// <param name="variable">The name of the variable, one of <see cref="Variables"/>.</param>
    /// <param name="at">x, with n coordinates.</param>
    /// <exception cref="ArgumentException">There is no such variable, or there are not n numbers.</exception>
    /// <exception cref="InvalidOperationException">f has more than one output.</exception>
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

        throw new ArgumentException(
            $"There is no variable '{variable}'; the variables are {string.Join(", ", names.Take(8))}{(names.Count > 8 ? ", ..." : "")}.",
            nameof(variable));
    }

    /// <summary>
    /// Computes the Jacobian, m by n: row i holds the partial derivatives of the i-th output, from one backward pass per output.
    /// </summary>
    /// <param name="at">x, with n coordinates.</param>
    /// <returns>[i, j] = ∂fᵢ/∂xⱼ.</returns>
    /// <exception cref="ArgumentException">The number of coordinates is not n.</exception>
    public double[,] Jacobian(params ReadOnlySpan<double> at)
    {
        var snapshot = new StateSnapshot(operations);
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
            snapshot.Dispose();
        }
    }

    private void Forward(ReadOnlySpan<double> at)
    {
        RequireLength(at);
        int k = 0;
        for (int i = 0; i < blocks.Length; i++)
        {
            foreach (ref float number in blocks[i].Value.Span)
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

    /// <summary>Computes the gradient of one output after Forward.</summary>
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
        for (int i = 0; i < blocks.Length; i++)
        {
            gradient.AddRange(OperationProbe.ToDoubles(blocks[i].Gradient));
        }

        return [.. gradient];
    }

    private double Single(double[] numbers) => numbers.Length == 1 ? numbers[0]
        : throw new InvalidOperationException(
            $"{Output.Name} has {numbers.Length} elements, {Output.Value.Shape}, but this needs a single number. "
                + "Use Evaluate or Jacobian.");

    // An element of an input row has one index, pixels[3]; an element of a weight matrix has two, 0.weight[2,3].
    private static void AddNames(List<string> names, string name, Shape shape)
    {
        for (int i = 0; i < shape.Length; i++)
        {
            names.Add(shape.Length == 1 ? name
                : shape.Columns == 1 || shape.Rows == 1 ? string.Create(CultureInfo.InvariantCulture, $"{name}[{i}]")
                : string.Create(CultureInfo.InvariantCulture, $"{name}[{i / shape.Columns},{i % shape.Columns}]"));
        }
    }

    // Represents the variables that belong to one input or one parameter.
    private sealed record VariableBlock(string Name, Tensor Value, Node? Input, Parameter? Parameter)
    {
        public Tensor Gradient => Input?.Gradient ?? Parameter!.Gradient;
    }
}
