namespace MiniNet.Training;

/// <summary>
/// Specifies how the learning rate changes during training. A schedule covers the maximum number of epochs, so choose that number to match:
/// early stopping does not shorten it.
/// </summary>
public enum ScheduleKind
{
    /// <summary>The learning rate stays the same.</summary>
    Constant,

    /// <summary>It is divided by 10 after each third of the training.</summary>
    Step,

    /// <summary>It falls by the same factor at every step, to 1 % at the end.</summary>
    Exponential,

    /// <summary>It falls to 0 in half a cosine wave.</summary>
    Cosine,

    /// <summary>It rises for 30 % of the training, then falls to almost 0.</summary>
    OneCycle,

    /// <summary>It rises for 5 % of the training, then falls to 0 in half a cosine wave.</summary>
    Warmup,

    /// <summary>It is divided by 10 if the validation loss has not improved for 10 epochs.</summary>
    Plateau,
}
