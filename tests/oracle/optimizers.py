"""Ten steps of every optimizer with every option, from recorded gradients, to test only the update; and both kinds of clipping."""
import torch

from layers import Numbers, f32
from torch_side import from_torch, to_torch

STEPS = 10
SHAPES = [[3, 4], [5], [19]]

NAMES = {
    "learningRate": "lr", "beta1": None, "beta2": None, "epsilon": "eps", "weightDecay": "weight_decay", "learningRateDecay": "lr_decay",
    "momentumDecay": "momentum_decay", "etaMinus": None, "etaPlus": None, "minStep": None, "maxStep": None,
}


def make(kind, parameters, options):
    """PyTorch's optimizer with these options. Its defaults are the same as MiniNet's."""
    of = {NAMES.get(name, name): value for name, value in options.items() if NAMES.get(name, name)}
    if kind in ("Adam", "AdamW", "NAdam"):
        of["betas"] = (options.get("beta1", 0.9), options.get("beta2", 0.999))
    if kind == "NAdam":
        of["foreach"] = True  # before PyTorch 2.0 the other implementation has an extra factor
    if kind == "RProp":
        of["etas"] = (options.get("etaMinus", 0.5), options.get("etaPlus", 1.2))
        of["step_sizes"] = (options.get("minStep", 1e-6), options.get("maxStep", 50))
    return {
        "SGD": torch.optim.SGD, "RMSProp": torch.optim.RMSprop, "Adagrad": torch.optim.Adagrad, "Adam": torch.optim.Adam,
        "AdamW": torch.optim.AdamW, "NAdam": torch.optim.NAdam, "RProp": torch.optim.Rprop,
    }[kind](parameters, **of)


def random_gradients(numbers):
    """Large and small gradients; in each tensor one element's gradient is always 0."""
    gradients = []
    for step in range(STEPS):
        gradients.append([numbers.normal(shape, 10.0 ** -(i + step % 3)) for i, shape in enumerate(SHAPES)])
        for gradient in gradients[-1]:
            gradient["data"][1] = 0.0
    return gradients


def steady_gradients(numbers):
    """Nearly equal gradients at every step. These make steps grow, and the variance (second moment minus squared first moment) small."""
    first = [numbers.normal(shape) for shape in SHAPES]
    return [[{"shape": of["shape"], "data": [f32(value * numbers.random.uniform(0.5, 1.5)) for value in of["data"]]} for of in first]
        for _ in range(STEPS)]


def case(kind, options, gradients=random_gradients):
    name = kind + "".join(f", {option} {value:g}" for option, value in options.items()) + (
        ", steady gradients" if gradients is steady_gradients else "")
    numbers = Numbers(name)
    given = {"name": name, "optimizer": {"kind": kind, **options}, "parameters": [numbers.normal(shape, 0.5) for shape in SHAPES],
        "gradients": gradients(numbers)}
    parameters = [to_torch(values, torch.float64).requires_grad_() for values in given["parameters"]]
    optimizer = make(kind, parameters, options)
    expected = {}
    for step, of in enumerate(given["gradients"]):
        for parameter, gradient in zip(parameters, of):
            parameter.grad = to_torch(gradient, torch.float64)
        optimizer.step()
        for i, parameter in enumerate(parameters):
            expected[f"w{i} after step {step + 1}"] = from_torch(parameter)
    return {**given, "expected": expected}


def clipping(kind, limit, scale):
    """GradientClipping.ByNorm or ByValue on the gradients of three parameters."""
    name = f"{kind} {limit:g}, gradients around {scale:g}"
    numbers = Numbers(name)
    given = {"name": name, "optimizer": {"kind": kind, "limit": limit}, "parameters": [],
        "gradients": [[numbers.normal(shape, scale) for shape in SHAPES]]}
    parameters = [torch.nn.Parameter(torch.zeros(shape, dtype=torch.float64)) for shape in SHAPES]
    for parameter, gradient in zip(parameters, given["gradients"][0]):
        parameter.grad = to_torch(gradient, torch.float64)
    expected = {}
    if kind == "ByNorm":
        expected["norm"] = from_torch(torch.nn.utils.clip_grad_norm_(parameters, limit))
    else:
        torch.nn.utils.clip_grad_value_(parameters, limit)
    expected.update({f"g{i}": from_torch(parameter.grad) for i, parameter in enumerate(parameters)})
    return {**given, "expected": expected}


OPTIONS = {
    "SGD": [
        {"learningRate": 0.1}, {"learningRate": 0.1, "momentum": 0.9}, {"learningRate": 0.1, "weightDecay": 0.1},
        {"learningRate": 0.1, "momentum": 0.9, "nesterov": True},
        {"learningRate": 0.05, "momentum": 0.5, "nesterov": True, "weightDecay": 0.2},
        {"learningRate": 0.1, "momentum": 0.8, "weightDecay": 0.1},
    ],
    "RMSProp": [
        {}, {"learningRate": 0.1}, {"alpha": 0.9}, {"epsilon": 1e-2}, {"weightDecay": 0.1}, {"momentum": 0.9}, {"centered": True},
        {"learningRate": 0.05, "alpha": 0.8, "epsilon": 1e-3, "weightDecay": 0.1, "momentum": 0.5, "centered": True},
    ],
    "Adagrad": [
        {}, {"learningRate": 0.1}, {"learningRateDecay": 0.1}, {"weightDecay": 0.1}, {"epsilon": 1e-2},
        {"learningRate": 0.2, "learningRateDecay": 0.05, "weightDecay": 0.1, "epsilon": 1e-3},
    ],
    "Adam": [
        {}, {"learningRate": 0.1}, {"beta1": 0.5}, {"beta2": 0.9}, {"epsilon": 1e-2}, {"weightDecay": 0.1}, {"beta1": 0.0, "beta2": 0.0},
        {"learningRate": 0.05, "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-3, "weightDecay": 0.1},
    ],
    "RProp": [
        {}, {"learningRate": 0.1}, {"etaMinus": 0.25}, {"etaPlus": 1.5}, {"minStep": 0.005}, {"maxStep": 0.012},
        {"learningRate": 0.05, "etaMinus": 0.3, "etaPlus": 1.4, "minStep": 0.01, "maxStep": 0.08},
    ],
}
OPTIONS["AdamW"] = OPTIONS["Adam"]
OPTIONS["NAdam"] = [*OPTIONS["Adam"][:-1], {"momentumDecay": 0.1},
                    {"learningRate": 0.05, "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-3, "weightDecay": 0.1, "momentumDecay": 0.02}]


def cases():
    for kind, every in OPTIONS.items():
        for options in every:
            yield case(kind, options)
        for options in (every[0], every[-1]):
            yield case(kind, options, steady_gradients)
    for scale in (1e-3, 1, 100):
        for limit in (0.5, 5.0):
            yield clipping("ByNorm", limit, scale)
            yield clipping("ByValue", limit, scale)
