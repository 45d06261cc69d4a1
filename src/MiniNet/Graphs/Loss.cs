using MiniNet.Tensors;

namespace MiniNet.Graphs;

/// <summary>How far a prediction is from its targets, as one number, L = f(p, t): the mean over the batch, not the sum. A loss is a node like any other.</summary>
public abstract class Loss : Operation
{
    /// <summary>Checks that the targets fit the prediction. Called before any arithmetic.</summary>
    /// <param name="prediction">The shape of p, with its number of rows known.</param>
    /// <param name="targets">The targets t.</param>
    /// <exception cref="ShapeException">They do not fit.</exception>
    public abstract void Check(Shape prediction, Targets targets);

    /// <summary>L = f(p, t).</summary>
    /// <param name="prediction">The prediction p, not to be changed.</param>
    /// <param name="targets">What it should have been.</param>
    /// <param name="pass">Phase, and what is kept for <see cref="Backward"/>.</param>
    /// <returns>L.</returns>
    public abstract float Forward(Tensor prediction, Targets targets, Pass pass);

    /// <summary>dP += dL · ∂L/∂p.</summary>
    /// <param name="prediction">The prediction p of the last <see cref="Forward"/>.</param>
    /// <param name="targets">Its targets.</param>
    /// <param name="dL">What comes in from above: 1 unless the loss is itself part of something.</param>
    /// <param name="dPrediction">∂L/∂p, to be added to.</param>
    /// <param name="pass">The same as in <see cref="Forward"/>.</param>
    public abstract void Backward(Tensor prediction, Targets targets, float dL, Tensor dPrediction, Pass pass);
}
