"""Every layer alone, with every option and several shapes, including odd sizes and a batch of one."""
import random

from torch_side import f32, run


class Numbers:
    """Random numbers that float32 represents exactly, the same in every version of Python and PyTorch."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def normal(self, shape, scale=1.0, mean=0.0):
        return {"shape": list(shape), "data": [f32(self.random.gauss(mean, scale)) for _ in range(length(shape))]}

    def uniform(self, shape, low, high):
        return {"shape": list(shape), "data": [f32(self.random.uniform(low, high)) for _ in range(length(shape))]}

    def indices(self, shape, count):
        return {"shape": list(shape), "data": [self.random.randrange(count) for _ in range(length(shape))]}

    def probabilities(self, rows, columns):
        data = []
        for _ in range(rows):
            row = [self.random.expovariate(1) for _ in range(columns)]
            data += [f32(value / sum(row)) for value in row]
        return {"shape": [rows, columns], "data": data}


def length(shape):
    product = 1
    for dimension in shape:
        product *= dimension
    return product


def tensors_of(node, numbers):
    """Initial values for the parameters and the state of a layer, by their names in the state dictionary."""
    kind, of = node.get("kind"), {}
    if kind == "Linear":
        of["weight"] = numbers.normal([node["outputs"], node["inputs"]], node["inputs"] ** -0.5)
        of["bias"] = numbers.normal([node["outputs"]], 0.3) if node["bias"] else None
    elif kind == "Conv2d":
        shape = [node["outChannels"], node["inChannels"], *node["kernelSize"]]
        of["weight"] = numbers.normal(shape, length(shape[1:]) ** -0.5)
        of["bias"] = numbers.normal([node["outChannels"]], 0.3) if node["bias"] else None
    elif kind == "Embedding":
        of["weight"] = numbers.normal([node["count"], node["dimensions"]])
    elif kind in ("BatchNorm1d", "BatchNorm2d"):
        shape = [node["features"]]
        of["weight"] = numbers.uniform(shape, 0.5, 1.5) if node["affine"] else None
        of["bias"] = numbers.normal(shape, 0.3) if node["affine"] else None
        of["running_mean"] = numbers.normal(shape, 0.3)
        of["running_var"] = numbers.uniform(shape, 0.5, 1.5)
    elif kind == "LayerNorm":
        of["weight"] = numbers.uniform(node["shape"], 0.5, 1.5) if node["affine"] else None
        of["bias"] = numbers.normal(node["shape"], 0.3) if node["affine"] else None
    return {f"{node['name']}.{name}": value for name, value in of.items() if value is not None}


def options_of(kind, given):
    """All options of a layer as in a model file, with PyTorch's defaults for those not given."""
    defaults = {
        "Linear": {"bias": True},
        "LeakyReLU": {"negativeSlope": 0.01},
        "ELU": {"alpha": 1.0},
        "GELU": {"tanhApproximation": False},
        "Softplus": {"beta": 1.0, "threshold": 20.0},
        "Dropout": {"probability": 0.5},
        "BatchNorm1d": {"epsilon": 1e-5, "momentum": 0.1, "affine": True},
        "BatchNorm2d": {"epsilon": 1e-5, "momentum": 0.1, "affine": True},
        "LayerNorm": {"epsilon": 1e-5, "affine": True},
        "Conv2d": {"stride": [1, 1], "padding": [0, 0], "bias": True},
        "MaxPool2d": {"padding": [0, 0]},
        "AveragePool2d": {"padding": [0, 0]},
    }
    options = {**defaults.get(kind, {}), **given}
    if kind in ("MaxPool2d", "AveragePool2d"):
        options.setdefault("stride", options["kernelSize"])
    return {name: f32(value) if isinstance(value, float) else value for name, value in options.items()}


def case(name, kind, inputs, options={}, phase="Training", without=(), same=False):
    """A case with one layer y on the inputs x (and x2), with its results for a random dY."""
    numbers = Numbers(name)
    given = {f"x{i + 1}" if i else "x": value(numbers) for i, value in enumerate(inputs)}
    node = {"name": "y", "kind": kind, **options_of(kind, options), "from": ["x", "x"] if same else list(given)}
    nodes = [{"name": name, "kind": "Input", "shape": [-1, *value["shape"][1:]], "from": []} for name, value in given.items()]
    result = {
        "name": name,
        "architecture": {"nodes": [*nodes, node]},
        "phase": phase,
        "inputs": given,
        "differentiate": [] if kind == "Embedding" else [name for name in given if name not in without],
        "tensors": tensors_of(node, numbers),
    }
    result["targets"] = numbers.normal(run(result)[0]["output"]["shape"])
    result["loss"] = {"kind": "WeightedSum"}
    result["expected"] = run(result)[0]
    return result


def normal(*shape, scale=1.0, mean=0.0):
    return lambda numbers: numbers.normal(shape, scale, mean)


def fixed(values, *shape):
    return lambda numbers: {"shape": list(shape), "data": [f32(value) for value in values]}


def text(options):
    return "".join(f", {name} {'x'.join(map(str, value)) if isinstance(value, list) else value}" for name, value in options.items())


def by(shape):
    return "x".join(map(str, shape))


def linear():
    for rows, inputs, outputs, bias in [(1, 1, 1, True), (3, 5, 4, True), (1, 7, 3, True), (5, 3, 2, False), (17, 13, 9, True),
        (9, 33, 21, False), (33, 65, 31, True)]:
        yield case(f"Linear {rows}x{inputs} -> {outputs}{'' if bias else ' without bias'}", "Linear", [normal(rows, inputs)],
                   {"inputs": inputs, "outputs": outputs, "bias": bias})


def activations():
    variants = [
        ("ReLU", [{}]),
        ("LeakyReLU", [{}, {"negativeSlope": 0.2}]),
        ("ELU", [{}, {"alpha": 0.5}, {"alpha": 2.0}]),
        ("GELU", [{}, {"tanhApproximation": True}]),
        ("SiLU", [{}]),
        ("Sigmoid", [{}]),
        ("Tanh", [{}]),
        ("Softplus", [{}, {"beta": 2.0, "threshold": 5.0}, {"beta": 0.5}]),
        ("Softmax", [{}]),
        ("LogSoftmax", [{}]),
    ]
    for kind, options in variants:
        for option in options:
            # The last row is longer than a SIMD vector of any width, and not a multiple of one.
            for shape in [(3, 5), (1, 1), (2, 3, 4), (2, 3, 2, 5), (3, 67)]:
                yield case(f"{kind} {by(shape)}{text(option)}", kind, [normal(*shape)], option)
            for scale in (1e-6, 1e-3, 10, 1e4):
                yield case(f"{kind} of numbers around {scale:g}{text(option)}", kind, [normal(4, 9, scale=scale)], option)
            yield case(f"{kind} at inference{text(option)}", kind, [normal(3, 5)], option, phase="Inference")
    for kind in ("ReLU", "LeakyReLU", "ELU"):  # the derivative at the kink is a convention; MiniNet follows PyTorch
        yield case(f"{kind} at 0", kind, [fixed([0, 1, -1, 0], 2, 2)])
    for kind in ("Softmax", "LogSoftmax"):
        yield case(f"{kind} of equal numbers", kind, [fixed([3] * 10, 2, 5)])
        yield case(f"{kind} of one great number", kind, [fixed([1e4, 0, -1e4, 0.5, 0.25, 0.75], 2, 3)])


def functions():
    anywhere, above_0 = {}, {"scale": 0.5, "mean": 3.0}
    variants = [
        ("Exp", [{}], anywhere), ("Sin", [{}], anywhere), ("Cos", [{}], anywhere), ("Sum", [{}], anywhere),
        ("Mean", [{}], anywhere), ("Log", [{}], above_0),
        ("Power", [{"exponent": 2.0}, {"exponent": 3.0}, {"exponent": -1.0}, {"exponent": 0.0}], anywhere),
        ("Power", [{"exponent": 0.5}, {"exponent": -2.3}], above_0),
        ("Affine", [{"scale": 4.0, "shift": 0.0}, {"scale": -1.0, "shift": 3.0}, {"scale": 1.0, "shift": -0.7}], anywhere),
    ]
    for kind, options, where in variants:
        for option in options:
            for shape in [(3, 5), (1, 1), (2, 3, 2, 5)]:
                yield case(f"{kind} {by(shape)}{text(option)}", kind, [normal(*shape, **where)], option)
    for exponent in (2.0, 1.0, 0.0):
        yield case(f"Power at 0, exponent {exponent}", "Power", [fixed([0, 1], 1, 2)], {"exponent": exponent})


def dropout():
    yield case("Dropout of nothing in training", "Dropout", [normal(3, 5)], {"probability": 0.0})
    yield case("Dropout at inference", "Dropout", [normal(3, 5)], {"probability": 0.5}, phase="Inference")
    yield case("Dropout of images at inference", "Dropout", [normal(2, 3, 4, 5)], {"probability": 0.25}, phase="Inference")


def norms():
    settings = [{}, {"momentum": 0.3}, {"epsilon": 1e-2}, {"affine": False}, {"momentum": 1.0, "epsilon": 1e-3, "affine": False}]
    for kind, shapes in [("BatchNorm1d", [(7, 3), (5, 3, 4), (1, 3, 7), (9, 1), (4, 19)]),
        ("BatchNorm2d", [(3, 2, 4, 5), (1, 3, 5, 3), (5, 1, 1, 1), (2, 5, 3, 3)])]:
        for i, shape in enumerate(shapes):
            for setting in settings if i == 0 else settings[:1]:
                for phase in ("Training", "Inference"):
                    yield case(f"{kind} {by(shape)}{text(setting)}, {phase.lower()}", kind, [normal(*shape)],
                        {"features": shape[1], **setting}, phase)
        yield case(f"{kind} of one row at inference", kind, [normal(1, *shapes[0][1:])], {"features": shapes[0][1]}, "Inference")
        yield case(f"{kind} of numbers far from 0", kind, [normal(*shapes[0], mean=10)], {"features": shapes[0][1]})
        yield case(f"{kind} of small numbers", kind, [normal(*shapes[0], scale=0.01)], {"features": shapes[0][1]})
    for shape, over in [((3, 5), 1), ((1, 7), 1), ((2, 3, 4), 1), ((2, 3, 4), 2), ((2, 2, 3, 5), 1), ((2, 2, 3, 5), 3), ((3, 67), 1),
        ((4, 1), 1)]:
        yield case(f"LayerNorm {by(shape)} over {by(shape[-over:])}", "LayerNorm", [normal(*shape)], {"shape": list(shape[-over:])})
    # Two numbers always become about +1 and -1, so dX depends only on epsilon. With a small one, float32 could not distinguish it from 0.
    yield case("LayerNorm 4x2 over 2, epsilon 0.5", "LayerNorm", [normal(4, 2)], {"shape": [2], "epsilon": 0.5})
    for setting in [{"epsilon": 1e-2}, {"affine": False}, {"epsilon": 1e-3, "affine": False}]:
        yield case(f"LayerNorm 3x5{text(setting)}", "LayerNorm", [normal(3, 5)], {"shape": [5], **setting})
    yield case("LayerNorm of numbers far from 0", "LayerNorm", [normal(3, 5, mean=10)], {"shape": [5]})
    yield case("LayerNorm of small numbers", "LayerNorm", [normal(3, 5, scale=0.01)], {"shape": [5]})
    yield case("LayerNorm at inference", "LayerNorm", [normal(3, 5)], {"shape": [5]}, "Inference")


def embedding():
    for shape, count, dimensions in [((4,), 6, 3), ((3, 2), 5, 4), ((1,), 1, 1), ((1, 1), 2, 5), ((7, 3), 2, 1), ((5, 4), 11, 9)]:
        yield case(f"Embedding of {by(shape)} among {count}, {dimensions} numbers each", "Embedding",
                   [lambda numbers: numbers.indices(shape, count)], {"count": count, "dimensions": dimensions})


def convolutions():
    for shape, out, options in [
        ((2, 1, 5, 7), 1, {"kernelSize": [3, 3]}),
        ((1, 3, 5, 5), 4, {"kernelSize": [3, 3], "padding": [1, 1]}),
        ((3, 2, 7, 5), 3, {"kernelSize": [2, 3], "stride": [2, 1]}),
        ((2, 5, 6, 7), 2, {"kernelSize": [1, 1]}),
        ((2, 2, 5, 6), 3, {"kernelSize": [5, 1], "padding": [2, 0], "bias": False}),
        ((2, 3, 8, 9), 2, {"kernelSize": [3, 2], "stride": [2, 3], "padding": [1, 0]}),
        ((2, 2, 7, 7), 2, {"kernelSize": [2, 2], "stride": [3, 3]}),
        ((3, 2, 4, 3), 5, {"kernelSize": [4, 3], "bias": False}),
        ((1, 1, 1, 1), 1, {"kernelSize": [1, 1]}),
        ((1, 1, 1, 1), 2, {"kernelSize": [3, 3], "padding": [1, 1]}),
        ((2, 2, 3, 3), 2, {"kernelSize": [3, 3], "padding": [2, 2], "stride": [2, 2]}),
        ((2, 3, 11, 13), 7, {"kernelSize": [5, 3], "padding": [2, 1], "stride": [1, 2]}),
        ((2, 9, 6, 5), 17, {"kernelSize": [3, 3], "padding": [1, 1]}),
    ]:
        yield case(f"Conv2d {by(shape)} -> {out}{text(options)}", "Conv2d", [normal(*shape)],
            {"inChannels": shape[1], "outChannels": out, **options})


def pools():
    for kind in ("MaxPool2d", "AveragePool2d"):
        for shape, options in [
            ((2, 1, 4, 4), {"kernelSize": [2, 2]}),
            ((2, 3, 5, 7), {"kernelSize": [2, 2]}),
            ((1, 2, 5, 7), {"kernelSize": [3, 3], "stride": [1, 1]}),
            ((3, 2, 6, 5), {"kernelSize": [2, 3], "stride": [1, 2]}),
            ((2, 2, 5, 5), {"kernelSize": [3, 3], "stride": [2, 2], "padding": [1, 1]}),
            ((2, 2, 4, 6), {"kernelSize": [3, 2], "padding": [1, 0]}),
            ((1, 1, 1, 1), {"kernelSize": [1, 1]}),
            ((2, 2, 7, 7), {"kernelSize": [2, 2], "stride": [3, 3]}),
            ((2, 3, 4, 5), {"kernelSize": [4, 5]}),
        ]:
            yield case(f"{kind} {by(shape)}{text(options)}", kind, [normal(*shape)], options)
    # If several elements are the maximum, the first gets the gradient. This is PyTorch's convention.
    yield case("MaxPool2d of equal numbers", "MaxPool2d", [fixed([1, 1, 0, 2, 1, 1, 2, 0, -3, -3, 5, 5, -3, -3, 5, 5], 1, 1, 4, 4)],
        {"kernelSize": [2, 2]})


def shapes():
    for shape in [(2, 3, 4), (1, 2, 3, 4), (3, 5), (3, 1, 1, 1)]:
        yield case(f"Flatten {by(shape)}", "Flatten", [normal(*shape)])
    for shape, into in [((2, 24), [2, 3, 4]), ((1, 6), [2, 3]), ((3, 64), [1, 8, 8]), ((2, 5), [5])]:
        yield case(f"Unflatten {by(shape)} into {by(into)}", "Unflatten", [normal(*shape)], {"shape": into})


def merges():
    for kind in ("Add", "Subtract", "Multiply", "Divide", "Concat"):
        for shape in [(3, 5), (1, 1), (2, 3, 4), (2, 3, 2, 5), (3, 67)]:
            yield case(f"{kind} {by(shape)}", kind, [normal(*shape), normal(*shape)])
        yield case(f"{kind} of a value and itself", kind, [normal(3, 5)], same=True)
        yield case(f"{kind}, gradient of the first alone", kind, [normal(3, 5), normal(3, 5)], without=("x2",))
        yield case(f"{kind}, gradient of the second alone", kind, [normal(3, 5), normal(3, 5)], without=("x",))
    for first, second in [((3, 2), (3, 5)), ((1, 1), (1, 4)), ((2, 1, 4), (2, 3, 4)), ((2, 3, 2, 5), (2, 1, 2, 5))]:
        yield case(f"Concat {by(first)} and {by(second)}", "Concat", [normal(*first), normal(*second)])
    for first, second in [((3, 4), (4, 5)), ((1, 1), (1, 1)), ((1, 7), (7, 1)), ((9, 17), (17, 13)), ((2, 3, 4), (2, 4, 5)),
        ((1, 1, 3), (1, 3, 1)), ((5, 7, 9), (5, 9, 3))]:
        yield case(f"MatMul {by(first)} and {by(second)}", "MatMul", [normal(*first), normal(*second)])
    yield case("MatMul of a value and itself", "MatMul", [normal(4, 4)], same=True)
    yield case("MatMul of a value of rank 3 and itself", "MatMul", [normal(2, 3, 3)], same=True)
    yield case("MatMul, gradient of the first alone", "MatMul", [normal(3, 4), normal(4, 5)], without=("x2",))
    yield case("MatMul, gradient of the second alone", "MatMul", [normal(3, 4), normal(4, 5)], without=("x",))


def cases():
    for family in (linear, activations, functions, dropout, norms, embedding, convolutions, pools, shapes, merges):
        yield from family()
