namespace MiniNet.Training;

/// <summary>
/// The exception that is thrown when the loss becomes NaN or infinite. The message names the epoch, the batch and the first node whose
/// value is not finite.
/// </summary>
/// <param name="epoch">The epoch, from 1.</param>
/// <param name="batch">The batch in the epoch, from 1.</param>
/// <param name="node">The name of the first node whose value is not finite.</param>
/// <param name="message">One line that says where it happened and what to do.</param>
/// <param name="isValidation">true if the batch is one of the validation rows; otherwise, false.</param>
public sealed class DivergedException(int epoch, int batch, string node, string message, bool isValidation = false)
    : MiniNetException(message)
{
    /// <summary>Gets the epoch, from 1.</summary>
    public int Epoch { get; } = epoch;

    /// <summary>
    /// Gets the batch in the epoch, from 1. If <see cref="IsValidation"/> is true, it counts the batches of the validation rows.
    /// </summary>
    public int Batch { get; } = batch;

    /// <summary>Gets the name of the first node whose value is not finite.</summary>
    public string Node { get; } = node;

    /// <summary>Gets a value indicating whether the loss is the one of the validation rows, after the epoch's last step.</summary>
    public bool IsValidation { get; } = isValidation;
}
