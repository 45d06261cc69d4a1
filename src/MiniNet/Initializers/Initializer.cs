using MiniNet.Tensors;

namespace MiniNet.Initializers;

/// <summary>A rule that gives a weight its first values.</summary>
public abstract class Initializer
{
    /// <summary>Fills a weight.</summary>
    /// <param name="weight">What to fill, of any shape.</param>
    /// <param name="fanIn">How many inputs each output sums over, at least 1.</param>
    /// <param name="fanOut">How many outputs each input goes to, at least 1.</param>
    /// <param name="random">Where the numbers come from.</param>
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
