"""Runs a case with PyTorch: builds the network of its architecture and runs it forward and backward in float64.

A case is a dictionary, which record.py writes as JSON:
  architecture   the nodes, exactly as in a model file of MiniNet
  phase          Training or Inference
  inputs         name of an input -> numbers
  differentiate  the inputs whose gradients are computed
  tensors        name in the state dictionary -> numbers: every parameter and state tensor before the pass
  loss, targets  the loss on the last node. With WeightedSum, L = sum of targets * output, the targets are the dY of the last layer
  expected       name of a result -> numbers: output, loss, d NAME (a gradient), after NAME (a state tensor after the pass)
Numbers are {"shape": [...], "data": [...]}, in PyTorch's layout, row by row.
"""
import struct

import torch
from torch import nn
from torch.nn import functional

torch.set_num_threads(1)

class Function(nn.Module):
    """A module for a function without parameters."""

    def __init__(self, of):
        super().__init__()
        self.of = of

    def forward(self, x):
        return self.of(x)


LAYERS = {
    "Linear": lambda o: nn.Linear(o["inputs"], o["outputs"], o["bias"]),
    "ReLU": lambda o: nn.ReLU(),
    "LeakyReLU": lambda o: nn.LeakyReLU(o["negativeSlope"]),
    "ELU": lambda o: nn.ELU(o["alpha"]),
    "GELU": lambda o: nn.GELU("tanh" if o["tanhApproximation"] else "none"),
    "SiLU": lambda o: nn.SiLU(),
    "Sigmoid": lambda o: nn.Sigmoid(),
    "Tanh": lambda o: nn.Tanh(),
    "Softplus": lambda o: nn.Softplus(o["beta"], o["threshold"]),
    "Softmax": lambda o: nn.Softmax(-1),
    "LogSoftmax": lambda o: nn.LogSoftmax(-1),
    "Dropout": lambda o: nn.Dropout(o["probability"]),
    "BatchNorm1d": lambda o: nn.BatchNorm1d(o["features"], o["epsilon"], o["momentum"], o["affine"]),
    "BatchNorm2d": lambda o: nn.BatchNorm2d(o["features"], o["epsilon"], o["momentum"], o["affine"]),
    "LayerNorm": lambda o: nn.LayerNorm(o["shape"], o["epsilon"], o["affine"]),
    "Embedding": lambda o: nn.Embedding(o["count"], o["dimensions"]),
    "Conv2d": lambda o: nn.Conv2d(o["inChannels"], o["outChannels"], o["kernelSize"], o["stride"], o["padding"], bias=o["bias"]),
    "MaxPool2d": lambda o: nn.MaxPool2d(o["kernelSize"], o["stride"], o["padding"]),
    "AveragePool2d": lambda o: nn.AvgPool2d(o["kernelSize"], o["stride"], o["padding"]),
    "Flatten": lambda o: nn.Flatten(),
    "Unflatten": lambda o: nn.Unflatten(1, o["shape"]),
    "Exp": lambda o: Function(torch.exp),
    "Log": lambda o: Function(torch.log),
    "Sin": lambda o: Function(torch.sin),
    "Cos": lambda o: Function(torch.cos),
    "Sum": lambda o: Function(torch.sum),
    "Mean": lambda o: Function(torch.mean),
    "Power": lambda o: Function(lambda x: torch.pow(x, o["exponent"])),
    "Affine": lambda o: Function(lambda x: o["scale"] * x + o["shift"]),
}

MERGES = {
    "Add": torch.add,
    "Subtract": torch.sub,
    "Divide": torch.div,
    "Multiply": torch.mul,
    "Concat": lambda a, b: torch.cat([a, b], 1),
    "MatMul": torch.matmul,
}


def f32(value):
    """Rounds a number to float32, so that PyTorch gets the same number as MiniNet."""
    return struct.unpack("f", struct.pack("f", value))[0]


def to_torch(numbers, dtype):
    return torch.tensor(numbers["data"], dtype=dtype).reshape(numbers["shape"])


def from_torch(tensor):
    return {"shape": list(tensor.shape), "data": tensor.detach().reshape(-1).tolist()}


def loss_of(loss, prediction, targets):
    """The loss of a prediction; the targets are Numbers, as above."""
    kind, dtype = loss["kind"], prediction.dtype
    option = lambda name: None if loss.get(name) is None else torch.tensor(loss[name], dtype=dtype)
    if kind == "SoftmaxCrossEntropy":
        of = to_torch(targets, torch.long if len(targets["shape"]) == 1 else dtype)
        return functional.cross_entropy(prediction, of, weight=option("classWeights"), label_smoothing=loss.get("labelSmoothing", 0.0))
    of = to_torch(targets, dtype)
    if kind == "BinaryCrossEntropyWithLogits":
        return functional.binary_cross_entropy_with_logits(prediction, of, pos_weight=option("positiveWeight"))
    return {
        "MeanSquaredError": lambda: functional.mse_loss(prediction, of),
        "MeanAbsoluteError": lambda: functional.l1_loss(prediction, of),
        "Huber": lambda: functional.huber_loss(prediction, of, delta=loss.get("delta", 1.0)),
        "KullbackLeibler": lambda: functional.kl_div(prediction, of, reduction="batchmean"),
        "WeightedSum": lambda: (prediction * of).sum(),
    }[kind]()


def build(node, tensors, dtype, training):
    """Creates the module of a node, and loads its tensors by their names in the state dictionary."""
    module = LAYERS[node["kind"]](node).to(dtype).train(training)
    own = {name[len(node["name"]) + 1:]: to_torch(numbers, dtype) for name, numbers in tensors.items()
        if name.startswith(node["name"] + ".")}
    missing, unexpected = module.load_state_dict(own, strict=False)
    assert not unexpected and set(missing) <= {"num_batches_tracked"}, (node, missing, unexpected)
    return module


def run(case, dtype=torch.float64):
    """Returns the results of a case, the value of every node, and the names of the gradients that are 0 because no path leads to
    the loss."""
    values, modules, unreached = {}, {}, []
    training = case["phase"] == "Training"
    for node in case["architecture"]["nodes"]:
        name, kind, sources = node["name"], node.get("kind"), [values[source] for source in node["from"]]
        if kind == "Input":
            values[name] = to_torch(case["inputs"][name], dtype).requires_grad_(name in case["differentiate"])
        elif kind in MERGES:
            values[name] = MERGES[kind](*sources)
        else:
            module = modules.setdefault(name,
                modules[node["layerOf"]] if "layerOf" in node else build(node, case["tensors"], dtype, training))
            values[name] = module(sources[0].long() if isinstance(module, nn.Embedding) else sources[0])

    output = values[case["architecture"]["nodes"][-1]["name"]]
    expected = {"output": from_torch(output)}
    if "loss" in case:
        loss = loss_of(case["loss"], output, case["targets"])
        loss.backward()
        if case["loss"]["kind"] != "WeightedSum":
            expected["loss"] = from_torch(loss)
        gradients = {name: values[name] for name in case["differentiate"]}
        for name in case["tensors"]:
            of, own = name.rsplit(".", 1)
            gradients.update({name: parameter for known, parameter in modules[of].named_parameters() if known == own})
        unreached = ["d " + name for name, tensor in gradients.items() if tensor.grad is None]
        for name, tensor in gradients.items():
            expected["d " + name] = from_torch(torch.zeros_like(tensor) if tensor.grad is None else tensor.grad)
    for name in case["tensors"]:
        of, own = name.rsplit(".", 1)
        if own in ("running_mean", "running_var"):
            expected["after " + name] = from_torch(getattr(modules[of], own))
    return expected, values, unreached
