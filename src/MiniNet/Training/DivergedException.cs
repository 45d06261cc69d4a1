namespace MiniNet.Training;

/// <summary>A loss that became NaN or infinite. The message names the epoch, the batch and the first node whose value is not finite.</summary>
/// <param name="epoch">The epoch, from 1.</param>
/// <param name="batch">The batch in it, from 1.</param>
/// <param name="node">The name of the first node whose value is not finite.</param>
/// <param name="message">One line: the place, and what to do.</param>
/// <param name="isValidation">Whether it is a batch of the validation rows.</param>
public sealed class DivergedException(int epoch, int batch, string node, string message, bool isValidation = false) : MiniNetException(message)
{
    /// <summary>The epoch, from 1.</summary>
    public int Epoch { get; } = epoch;

    /// <summary>The batch in it, from 1; of the validation rows where <see cref="IsValidation"/> says so.</summary>
    public int Batch { get; } = batch;

    /// <summary>The name of the first node whose value is not finite.</summary>
    public string Node { get; } = node;

    /// <summary>Whether the loss is that of validation rows, after the epoch's last step.</summary>
    public bool IsValidation { get; } = isValidation;
}
