"""Functions of a vector, with results of torch.autograd.functional at a few points: the value and the Jacobian and, for a function with
one output, the gradient, the Hessian, and the product of the Hessian with a direction.

A case is a dictionary:
  function   the name; KnownFunctions.cs of MiniNet.Tests has the same functions
  at         the point
  direction  the vector that the Hessian is multiplied with
  data       other values that the function needs: weights, a batch, targets
Weights have MiniNet's layout, [inputs, outputs], one matrix after another in one vector.
"""
import math

import torch
from torch.autograd import functional
from torch.nn.functional import cross_entropy, mse_loss

from layers import Numbers
from torch_side import f32, from_torch, to_torch

POINTS = 4
TWO_PI = f32(2 * f32(math.pi)) # MiniNet's constants are float32


def mlp(weights, x, sizes):
    """Applies linear layers of these sizes, with tanh between them."""
    at = 0
    for i, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
        w, b = weights[at:at + inputs * outputs].reshape(inputs, outputs), weights[at + inputs * outputs:at + (inputs + 1) * outputs]
        x, at = (torch.tanh(x) if i > 0 else x) @ w + b, at + (inputs + 1) * outputs
    return x


def count(sizes):
    return sum((inputs + 1) * outputs for inputs, outputs in zip(sizes, sizes[1:]))


# The dimension, the function, and how to make a point from normally distributed numbers.
SINGLE = {
    "quadratic": (2, lambda v: 4 * v[0] + 3 * v[1] - v[0] ** 2 - v[0] * v[1] - v[1] ** 2),
    "rosenbrock": (2, lambda v: (1 - v[0]) ** 2 + 100 * (v[1] - v[0] ** 2) ** 2),
    "himmelblau": (2, lambda v: (v[0] ** 2 + v[1] - 11) ** 2 + (v[0] + v[1] ** 2 - 7) ** 2),
    "monkey saddle": (2, lambda v: v[0] ** 3 - 3 * v[0] * v[1] ** 2),
    "quartic": (2, lambda v: v[0] ** 4 + v[1] ** 4),
    "rastrigin": (2, lambda v: 20 + v[0] ** 2 + v[1] ** 2 - 10 * torch.cos(TWO_PI * v[0]) - 10 * torch.cos(TWO_PI * v[1])),
    "exponential": (1, lambda v: torch.exp(v[0])),
    "wave": (1, lambda v: torch.sin(v[0] ** 3)),
    "bowl of three": (3, lambda v: (v[0] - 1) ** 2 + 2 * v[1] ** 2 + 3 * (v[2] + 0.5) ** 2 + v[0] * v[1]),
    "waves of three": (3, lambda v: torch.sin(v[0]) + torch.cos(v[1]) * torch.exp(v[2]) + v[2] / (1 + v[0] ** 2)),
    "reciprocal": (2, lambda v: 1 / (v[0] * v[1])),
    "logarithms": (2, lambda v: torch.log(v[0]) * torch.sqrt(v[1]) - v[0] / v[1]),
}
POSITIVE = ["logarithms", "reciprocal"]
OF_WEIGHTS = {
    "squares of an MLP": ([2, 3, 2], mse_loss),
    "cross-entropy of an MLP": ([3, 4, 3], lambda y, t: cross_entropy(y, t.long())),
}


def result(name, number, function, f, at, numbers, data):
    point, direction = to_torch(at, torch.float64), numbers.normal(at["shape"])
    y = f(point)
    expected = {"value": from_torch(y.reshape(-1)), "jacobian": from_torch(functional.jacobian(f, point).reshape(y.numel(), -1))}
    if y.numel() == 1:
        expected["hessian"] = from_torch(functional.hessian(f, point))
        expected["hessian times v"] = from_torch(functional.vhp(f, point, to_torch(direction, torch.float64))[1])
    return {"name": f"{name} {number}", "function": function, "at": at, "direction": direction, "data": data, "expected": expected}


def cases():
    for name, (dimension, f) in SINGLE.items():
        for number in range(1, POINTS + 1):
            numbers = Numbers(f"function {name} {number}")
            at = numbers.normal([dimension])
            if name in POSITIVE:
                at["data"] = [f32(0.5 + abs(value)) for value in at["data"]]
            yield result(name, number, name, f, at, numbers, {})
    for number in range(1, POINTS + 1):
        numbers = Numbers(f"function MLP {number}")
        weights = numbers.normal([count([3, 5, 4])])
        yield result("outputs of an MLP", number, "outputs of an MLP", lambda x: mlp(to_torch(weights, x.dtype), x, [3, 5, 4]),
            numbers.normal([3]), numbers, {"weights": weights})
    for name, (sizes, loss) in OF_WEIGHTS.items():
        for number in range(1, POINTS + 1):
            numbers = Numbers(f"function {name} {number}")
            x, targets = numbers.normal([5, sizes[0]]), (
                numbers.normal([5, sizes[-1]]) if loss is mse_loss else numbers.indices([5], sizes[-1]))
            f = lambda w: loss(mlp(w, to_torch(x, w.dtype), sizes), to_torch(targets, w.dtype))
            yield result(name, number, name, f, numbers.normal([count(sizes)]), numbers, {"x": x, "targets": targets})
