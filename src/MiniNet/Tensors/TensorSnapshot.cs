using System.Diagnostics;

namespace MiniNet.Tensors;

/// <summary>Keeps copies of tensors, to restore their numbers bit by bit.</summary>
[DebuggerStepThrough]
internal sealed class TensorSnapshot
{
    private readonly Dictionary<Tensor, Tensor> copies = [];

    /// <summary>Copies a tensor. A tensor that is already in the snapshot keeps its first copy.</summary>
    public void Add(Tensor tensor)
    {
        if (!copies.ContainsKey(tensor))
        {
            copies.Add(tensor, tensor.Clone());
        }
    }

    /// <summary>Adds a tensor with a copy that was made before. A tensor that is already in the snapshot keeps its first copy.</summary>
    public void Add(Tensor tensor, Tensor copy) => copies.TryAdd(tensor, copy);

    /// <summary>Copies all tensors again.</summary>
    public void Update()
    {
        foreach ((Tensor tensor, Tensor copy) in copies)
        {
            copy.CopyFrom(tensor);
        }
    }

    /// <summary>Gives all tensors the shapes and numbers of their copies.</summary>
    public void Restore()
    {
        foreach ((Tensor tensor, Tensor copy) in copies)
        {
            tensor.Resize(copy.Shape);
            tensor.CopyFrom(copy);
        }
    }
}
