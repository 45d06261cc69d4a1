namespace MiniNet.Training;

/// <summary>Specifies the optimizer that updates the weights: the class of this name, with its default options.</summary>
public enum OptimizerKind
{
    /// <summary>Adam with the default β and ε.</summary>
    Adam,

    /// <summary>Stochastic gradient descent with momentum 0.9.</summary>
    SGD,

    /// <summary>Adam with decoupled weight decay, 0.01 by default.</summary>
    AdamW,

    /// <summary>Adam with Nesterov momentum.</summary>
    NAdam,

    /// <summary>RMSProp without momentum.</summary>
    RMSProp,

    /// <summary>Adagrad.</summary>
    Adagrad,

    /// <summary>Rprop, which suits full batches only.</summary>
    RProp,
}
