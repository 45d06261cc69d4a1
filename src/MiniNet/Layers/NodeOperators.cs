using System.Diagnostics;
using System.Globalization;
using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Layers;

/// <summary>
/// Provides operators and methods to write functions as formulas. Each operator adds a node to the graph of its operands, so a formula is
/// an ordinary graph that can be stepped through and explained. The nodes are named v1, v2, ..., as in an evaluation trace.
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
    /// <summary>Adds a variable of a function: an input with one number per row whose gradient is computed.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="name">The name, unique within the graph.</param>
    /// <returns>The node.</returns>
    /// <exception cref="ArgumentException">The name is already in use.</exception>
    public static Node Variable(this Graph graph, string name) => graph.Input(name, Shape.Batch(1), needsGradient: true);

    extension(Node node)
    {
        /// <summary>Computes a + b with <see cref="Layers.Add"/>.</summary>
        public static Node operator +(Node a, Node b) => a.Then(new Add(), b);

        /// <summary>Computes a − b with <see cref="Subtract"/>.</summary>
        public static Node operator -(Node a, Node b) => a.Then(new Subtract(), b);

        /// <summary>Computes a ⊙ b with <see cref="Multiply"/>.</summary>
        public static Node operator *(Node a, Node b) => a.Then(new Multiply(), b);

        /// <summary>Computes a / b with <see cref="Divide"/>.</summary>
        public static Node operator /(Node a, Node b) => a.Then(new Divide(), b);

        /// <summary>Computes x + t with <see cref="Affine"/>.</summary>
        public static Node operator +(Node x, float t) => x.Then(new Affine(1, t));

        /// <summary>Computes t + x with <see cref="Affine"/>.</summary>
        public static Node operator +(float t, Node x) => x.Then(new Affine(1, t));

        /// <summary>Computes x − t with <see cref="Affine"/>.</summary>
        public static Node operator -(Node x, float t) => x.Then(new Affine(1, -t));

        /// <summary>Computes t − x with <see cref="Affine"/>.</summary>
        public static Node operator -(float t, Node x) => x.Then(new Affine(-1, t));

        /// <summary>Computes −x with <see cref="Affine"/>.</summary>
        public static Node operator -(Node x) => x.Then(new Affine(-1));

        /// <summary>Computes s·x with <see cref="Affine"/>.</summary>
        public static Node operator *(float s, Node x) => x.Then(new Affine(s));

        /// <summary>Computes x·s with <see cref="Affine"/>.</summary>
        public static Node operator *(Node x, float s) => x.Then(new Affine(s));

        /// <summary>Computes x / s with <see cref="Affine"/>; s is not 0.</summary>
        public static Node operator /(Node x, float s) => x.Then(new Affine(1 / s));

        /// <summary>Computes s / x with <see cref="Power"/> and <see cref="Affine"/>.</summary>
        public static Node operator /(float s, Node x) => s * x.Pow(-1);

        /// <summary>
        /// Computes xᵖ for a constant exponent. There is no operator for it, because C# evaluates <c>a + b ^ c</c> as <c>(a + b) ^ c</c>.
        /// </summary>
        /// <param name="exponent">p; finite.</param>
        /// <returns>The node.</returns>
        public Node Pow(float exponent) => node.Then(new Power(exponent));

        /// <summary>Computes xᵖ for a variable exponent as e^(p ln x); x must be positive.</summary>
        /// <param name="exponent">p, a node of the same graph with the same shape.</param>
        /// <returns>The node.</returns>
        public Node Pow(Node exponent) => (exponent * node.Log()).Exp();

        /// <summary>Computes eˣ.</summary>
        /// <returns>The node.</returns>
        public Node Exp() => node.Then(new Exp());

        /// <summary>Computes ln x.</summary>
        /// <returns>The node.</returns>
        public Node Log() => node.Then(new Log());

        /// <summary>Computes sin x, with x in radians.</summary>
        /// <returns>The node.</returns>
        public Node Sin() => node.Then(new Sin());

        /// <summary>Computes cos x, with x in radians.</summary>
        /// <returns>The node.</returns>
        public Node Cos() => node.Then(new Cos());

        /// <summary>Computes tanh x.</summary>
        /// <returns>The node.</returns>
        public Node Tanh() => node.Then(new Tanh());

        /// <summary>Computes √x.</summary>
        /// <returns>The node.</returns>
        public Node Sqrt() => node.Pow(0.5f);

        /// <summary>Computes the sum of all elements of x.</summary>
        /// <returns>The node, whose value is a scalar.</returns>
        public Node Sum() => node.Then(new Sum());

        /// <summary>Computes the mean of all elements of x.</summary>
        /// <returns>The node, whose value is a scalar.</returns>
        public Node Mean() => node.Then(new Mean());

        /// <summary>Adds a node for a layer that reads this node. Its name is the next free one of v1, v2, ...</summary>
        /// <param name="layer">The layer.</param>
        /// <returns>The node.</returns>
        /// <exception cref="ShapeException">The layer does not accept the shape of this node.</exception>
        public Node Then(Layer layer) => node.Graph.Add(NextName(node.Graph), layer, node);

        /// <summary>Adds a node for a layer with several inputs, of which this node is the first.</summary>
        /// <param name="layer">The layer.</param>
        /// <param name="others">The other inputs.</param>
        /// <returns>The node.</returns>
        /// <exception cref="ArgumentException">The nodes belong to different graphs.</exception>
        /// <exception cref="ShapeException">The layer does not accept the shapes of the nodes.</exception>
        public Node Then(MergeLayer layer, params ReadOnlySpan<Node> others) =>
            node.Graph.Add(NextName(node.Graph), layer, [node, .. others]);
    }

    private static string NextName(Graph graph)
    {
        int n = 1 + graph.Nodes.Count(node => node.Operation is not null);
        while (graph.HasNode(NumberedName(n)))
        {
            n++; // the user has already used this name
        }

        return NumberedName(n);
    }

    private static string NumberedName(int n) => "v" + n.ToString(CultureInfo.InvariantCulture);
}
