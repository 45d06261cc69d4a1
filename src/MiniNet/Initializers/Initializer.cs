using MiniNet.Tensors;

namespace MiniNet.Initializers;

/// <summary>Provides the base class for methods that set the initial values of a weight.</summary>
public abstract class Initializer
{
    /// <summary>Sets the initial values of a weight.</summary>
    /// <param name="weight">The weight to fill, of any shape.</param>
    /// <param name="fanIn">The number of inputs of each output, at least 1.</param>
    /// <param name="fanOut">The number of outputs of each input, at least 1.</param>
    /// <param name="random">The random number generator.</param>
    public abstract void Fill(Tensor weight, int fanIn, int fanOut, RandomStream random);

    private protected static void FillUniform(Tensor weight, float bound, RandomStream random)
    {
        foreach (ref float w in weight.Span)
        {
            w = random.NextUniform(-bound, bound);
        }
    }

    private protected static void FillNormal(Tensor weight, float standardDeviation, RandomStream random)
    {
        foreach (ref float w in weight.Span)
        {
            w = standardDeviation * random.NextNormal();
        }
    }
}
