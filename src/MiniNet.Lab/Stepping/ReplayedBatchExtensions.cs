using MiniNet.Training;

namespace MiniNet.Stepping;

/// <summary>Creates steppers for the batch at which a replay stopped.</summary>
public static class ReplayedBatchExtensions
{
    /// <summary>
    /// Creates a stepper for the training step that the run took with this batch: forward, loss, chain rule, clipping and update.
    /// </summary>
    /// <param name="batch">The batch, from <c>ClassifierRun.GoTo</c> or <c>Trainer.GoTo</c>.</param>
    public static BackpropStepper CreateStepper(this ReplayedBatch batch) =>
        new(batch.Graph, batch.Batch.Inputs, batch.Batch.Targets, batch.Optimizer, maxGradientNorm: batch.MaxGradientNorm);
}
