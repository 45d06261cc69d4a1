namespace MiniNet.Training;

/// <summary>Specifies why a training run ended.</summary>
public enum TrainingEnd
{
    /// <summary>The requested number of epochs was completed.</summary>
    LastEpoch,

    /// <summary>The validation loss had not improved for <see cref="Trainer.Patience"/> epochs.</summary>
    EarlyStopping,

    /// <summary>The cancellation token was cancelled.</summary>
    Cancelled,
}

/// <summary>Represents the outcome of <see cref="Trainer.Train"/>.</summary>
/// <param name="History">All completed epochs.</param>
/// <param name="End">Why the run ended.</param>
public sealed record TrainingResult(TrainingHistory History, TrainingEnd End)
{
    /// <summary>
    /// Gets the epoch with the lowest validation loss, whose weights the model has now; null if no epoch was completed.
    /// </summary>
    public EpochResult? BestEpoch => History.BestEpoch == 0 ? null : History.Epochs[History.BestEpoch - 1];

    /// <summary>Describes the result, such as <c>51 epochs, early stopping; best: epoch 21 ...</c>.</summary>
    /// <returns>One line of text.</returns>
    public override string ToString() =>
        $"{History.Epochs.Count} epochs, {End switch
        {
            TrainingEnd.LastEpoch => "all completed",
            TrainingEnd.EarlyStopping => "early stopping",
            _ => "cancelled",
        }}; best: {BestEpoch?.ToString() ?? "none"}";
}
