using System.Diagnostics;
using System.Globalization;
using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Layers;

/// <summary>
/// Functions written as mathematics writes them: each operator adds a node to the graph of its operands, so that the formula is a graph like any
/// other, to be stepped through and explained. The nodes are called v1, v2, ..., as in an evaluation trace.
/// </summary>
/// <remarks>Griewank and Walther, "Evaluating Derivatives", 2008, section 2.2.</remarks>
/// <example>
/// <code>
/// var graph = new Graph();
/// Node x = graph.Variable("x"), y = graph.Variable("y");
/// Node r = 4 * x + 3 * y - x * x - x * y - y * y;
/// </code>
/// </example>
[DebuggerStepThrough]
public static class NodeOperators
{
    /// <summary>Adds an input of one number a row whose gradient is worked out: a variable of a function.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="name">A name of its own.</param>
    /// <returns>The node.</returns>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public static Node Variable(this Graph graph, string name) => graph.Input(name, Shape.Batch(1), needsGradient: true);

    extension(Node node)
    {
        /// <summary>a + b, as <see cref="Layers.Add"/>.</summary>
        public static Node operator +(Node a, Node b) => a.Then(new Add(), b);

        /// <summary>a − b, as <see cref="Subtract"/>.</summary>
        public static Node operator -(Node a, Node b) => a.Then(new Subtract(), b);

        /// <summary>a ⊙ b, as <see cref="Multiply"/>.</summary>
        public static Node operator *(Node a, Node b) => a.Then(new Multiply(), b);

        /// <summary>a / b, as <see cref="Divide"/>.</summary>
        public static Node operator /(Node a, Node b) => a.Then(new Divide(), b);

        /// <summary>x + t, as <see cref="Affine"/>.</summary>
        public static Node operator +(Node x, float t) => x.Then(new Affine(1, t));

        /// <summary>t + x, as <see cref="Affine"/>.</summary>
        public static Node operator +(float t, Node x) => x.Then(new Affine(1, t));

        /// <summary>x − t, as <see cref="Affine"/>.</summary>
        public static Node operator -(Node x, float t) => x.Then(new Affine(1, -t));

        /// <summary>t − x, as <see cref="Affine"/>.</summary>
        public static Node operator -(float t, Node x) => x.Then(new Affine(-1, t));

        /// <summary>−x, as <see cref="Affine"/>.</summary>
        public static Node operator -(Node x) => x.Then(new Affine(-1));

        /// <summary>s·x, as <see cref="Affine"/>.</summary>
        public static Node operator *(float s, Node x) => x.Then(new Affine(s));

        /// <summary>x·s, as <see cref="Affine"/>.</summary>
        public static Node operator *(Node x, float s) => x.Then(new Affine(s));

        /// <summary>x / s, as <see cref="Affine"/>; s is not 0.</summary>
        public static Node operator /(Node x, float s) => x.Then(new Affine(1 / s));

        /// <summary>s / x, as <see cref="Power"/> and <see cref="Affine"/>.</summary>
        public static Node operator /(float s, Node x) => s * x.Pow(-1);

        /// <summary>xᵖ for a fixed exponent. (C# reads <c>a + b ^ c</c> as <c>(a + b) ^ c</c>; so there is no such operator.)</summary>
        /// <param name="exponent">p; finite.</param>
        /// <returns>The node.</returns>
        public Node Pow(float exponent) => node.Then(new Power(exponent));

        /// <summary>xᵖ where the exponent varies too, as e^(p ln x): x above 0.</summary>
        /// <param name="exponent">p, a node of the same graph and shape.</param>
        /// <returns>The node.</returns>
        public Node Pow(Node exponent) => (exponent * node.Log()).Exp();

        /// <summary>eˣ.</summary>
        /// <returns>The node.</returns>
        public Node Exp() => node.Then(new Exp());

        /// <summary>ln x.</summary>
        /// <returns>The node.</returns>
        public Node Log() => node.Then(new Log());

        /// <summary>sin x, of radians.</summary>
        /// <returns>The node.</returns>
        public Node Sin() => node.Then(new Sin());

        /// <summary>cos x, of radians.</summary>
        /// <returns>The node.</returns>
        public Node Cos() => node.Then(new Cos());

        /// <summary>tanh x.</summary>
        /// <returns>The node.</returns>
        public Node Tanh() => node.Then(new Tanh());

        /// <summary>√x.</summary>
        /// <returns>The node.</returns>
        public Node Sqrt() => node.Pow(0.5f);

        /// <summary>The sum of all numbers of x.</summary>
        /// <returns>The node: a single number.</returns>
        public Node Sum() => node.Then(new Sum());

        /// <summary>The mean of all numbers of x.</summary>
        /// <returns>The node: a single number.</returns>
        public Node Mean() => node.Then(new Mean());

        /// <summary>Adds a node for a layer after this one, named by the next free v.</summary>
        /// <param name="layer">The layer.</param>
        /// <returns>The node.</returns>
        /// <exception cref="ShapeException">The layer cannot take the shape of this node.</exception>
        public Node Then(Layer layer) => node.Graph.Add(NextName(node.Graph), layer, node);

        /// <summary>The same for a layer of two inputs, of which this is the first.</summary>
        /// <param name="layer">The layer.</param>
        /// <param name="b">Its second input.</param>
        /// <returns>The node.</returns>
        /// <exception cref="ArgumentException">The two are of different graphs.</exception>
        /// <exception cref="ShapeException">The layer cannot take the shapes of the two.</exception>
        public Node Then(MergeLayer layer, Node b) => node.Graph.Add(NextName(node.Graph), layer, node, b);
    }

    private static string NextName(Graph graph)
    {
        int n = 1 + graph.Nodes.Count(node => node.Operation is not null);
        while (graph.Nodes.Any(node => node.Name == Named(n)))
        {
            n++; // a name that was given by hand
        }

        return Named(n);
    }

    private static string Named(int n) => "v" + n.ToString(CultureInfo.InvariantCulture);
}
