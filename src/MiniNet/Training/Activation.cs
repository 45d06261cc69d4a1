namespace MiniNet.Training;

/// <summary>Specifies the activation function after each hidden layer: a layer of this name, with its default options.</summary>
public enum Activation
{
    /// <summary>max(x, 0).</summary>
    ReLU,

    /// <summary>tanh x.</summary>
    Tanh,

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    Sigmoid,

    /// <summary>x for positive x; otherwise, 0.01x.</summary>
    LeakyReLU,

    /// <summary>x for positive x; otherwise, eˣ − 1.</summary>
    ELU,

    /// <summary>x · Φ(x), where Φ is the distribution function of the standard normal distribution.</summary>
    GELU,

    /// <summary>x / (1 + e⁻ˣ).</summary>
    SiLU,

    /// <summary>ln(1 + eˣ).</summary>
    Softplus,

    /// <summary>The softmax of each row.</summary>
    Softmax,

    /// <summary>The logarithm of the softmax of each row.</summary>
    LogSoftmax,
}
