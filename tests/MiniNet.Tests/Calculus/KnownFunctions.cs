using MiniNet.Calculus;
using MiniNet.Graphs;
using MiniNet.Layers;

namespace MiniNet.Tests.Calculus;

/// <summary>Provides textbook functions, built with operators. tests/oracle/functions.py defines functions of the same names.</summary>
internal static class KnownFunctions
{
    private static readonly Dictionary<string, (int Dimension, Func<Node[], Node> Build)> All = new(StringComparer.Ordinal)
    {
        ["quadratic"] = (2, v => (4 * v[0]) + (3 * v[1]) - (v[0] * v[0]) - (v[0] * v[1]) - (v[1] * v[1])),
        ["rosenbrock"] = (2, v => (1 - v[0]).Pow(2) + (100 * (v[1] - (v[0] * v[0])).Pow(2))),
        ["himmelblau"] = (2, v => ((v[0] * v[0]) + v[1] - 11).Pow(2) + (v[0] + (v[1] * v[1]) - 7).Pow(2)),
        ["monkey saddle"] = (2, v => v[0].Pow(3) - (3 * v[0] * v[1] * v[1])),
        ["quartic"] = (2, v => v[0].Pow(4) + v[1].Pow(4)),
        ["rastrigin"] = (2, v => 20 + v[0].Pow(2) + v[1].Pow(2) - (10 * (2 * MathF.PI * v[0]).Cos()) - (10 * (2 * MathF.PI * v[1]).Cos())),
        ["plane"] = (2, v => v[0] + v[1]),
        ["valley"] = (2, v => (v[0] - v[1]).Pow(2)),
        ["exponential"] = (1, v => v[0].Exp()),
        ["reciprocal"] = (2, v => 1 / (v[0] * v[1])),
        ["bowl of three"] = (3, v => (v[0] - 1).Pow(2) + (2 * v[1].Pow(2)) + (3 * (v[2] + 0.5f).Pow(2)) + (v[0] * v[1])),
        ["waves of three"] = (3, v => v[0].Sin() + (v[1].Cos() * v[2].Exp()) + (v[2] / (1 + v[0].Pow(2)))),
        ["wave"] = (1, v => (v[0] * v[0] * v[0]).Sin()),
        ["logarithms"] = (2, v => (v[0].Log() * v[1].Sqrt()) - (v[0] / v[1])),
        ["shifted quartic"] = (1, v => v[0].Pow(4) - (4 * v[0].Pow(3)) + (6 * v[0].Pow(2)) - (4 * v[0])), // (x − 1)⁴ − 1, with its rounding
        ["hat"] = (2, v => (v[0].Pow(2) + v[1].Pow(2) - 1).Pow(2)),
    };

    public static Function Of(string name) => Of(All[name].Dimension, All[name].Build);

    public static Function Of(int dimension, Func<Node[], Node> build)
    {
        var graph = new Graph();
        string[] names = ["x", "y", "z", "u"];
        return new Function(build([.. names.Take(dimension).Select(name => graph.Variable(name))]));
    }
}
