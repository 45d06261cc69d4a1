using System.Globalization;

namespace MiniNet.Training;

/// <summary>What one epoch came to.</summary>
/// <param name="Epoch">Its number, from 1.</param>
/// <param name="TrainingLoss">The mean loss of its batches, each as it was before its step.</param>
/// <param name="ValidationLoss">The mean loss of the validation rows after its last step.</param>
/// <param name="ValidationAccuracy">The share of validation rows whose class was predicted, in [0, 1]; null where the targets are values.</param>
/// <param name="Seconds">How long it took, validation included.</param>
public sealed record EpochResult(int Epoch, float TrainingLoss, float ValidationLoss, float? ValidationAccuracy, double Seconds)
{
    /// <summary>One line: <c>epoch 12: training loss 0.0812, validation loss 0.0934, accuracy 0.957</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"epoch {Epoch}: training loss {TrainingLoss:F4}, validation loss {ValidationLoss:F4}{(ValidationAccuracy is not null ? ", accuracy " : "")}{ValidationAccuracy:F3}");
}
