using System.Globalization;

namespace MiniNet.Training;

/// <summary>Represents the result of one epoch.</summary>
/// <param name="Epoch">The number of the epoch, from 1.</param>
/// <param name="TrainingLoss">The mean loss of the training batches, each computed before its step.</param>
/// <param name="ValidationLoss">The mean loss of the validation rows after the epoch's last step.</param>
/// <param name="ValidationAccuracy">
/// The share of validation rows whose class was predicted correctly, in [0, 1]; null if the targets are values instead of classes.
/// </param>
/// <param name="Seconds">The duration in seconds, including validation.</param>
public sealed record EpochResult(int Epoch, float TrainingLoss, float ValidationLoss, float? ValidationAccuracy, double Seconds)
{
    /// <summary>Returns one line: <c>epoch 12: training loss 0.0812, validation loss 0.0934, accuracy 0.957</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"epoch {Epoch}: training loss {TrainingLoss:F4}, validation loss {ValidationLoss:F4}" +
        $"{(ValidationAccuracy is not null ? ", accuracy " : "")}{ValidationAccuracy:F3}");
}
