"""Random graphs up to 20 nodes deep, with branches, merges, values used several times, shared layers, and a loss at the end.

The graph depends only on the seed. About a quarter of the graphs process images. A graph is rejected, and another one is drawn for the same
seed, if it is not suitable for comparing float32 with float64:
  - the absolute value of an element is above 50, or the loss is not finite;
  - a gradient has vanished: its root mean square is below 1e-6, although a path leads to the loss;
  - a value is within 1e-4 of a point where the derivative jumps: an input of a ReLU, a LeakyReLU, an ELU with alpha other than 1, a
    Softplus (at its threshold), or the absolute error; or the two largest values in a max-pooling window are within 1e-4 of each other. An
    exact 0 at such a point is allowed if float32 also gives exactly 0;
  - it is ill-conditioned: PyTorch's float32 result differs from its float64 result by more than 2e-6 of the norm, a tenth of MiniNet's
    tolerance, either for the graph itself or in one of three trials with all inputs and tensors changed by about a float32 rounding error.
These checks use only PyTorch, not MiniNet.
"""
import math
import random

import torch

from layers import Numbers, length, options_of, tensors_of
from torch_side import f32, run, to_torch

RECORDED = 80
NEAR = 1e-4
WIDEST = 12 # the maximum number of columns or channels, to keep recordings small
ACTIVATIONS = ["ReLU", "LeakyReLU", "ELU", "GELU", "SiLU", "Sigmoid", "Tanh", "Softplus"]


class Sketch:
    """A graph under construction: its nodes, the shape of every value including the rows, and the tensors of its layers."""

    def __init__(self, seed):
        self.numbers = Numbers(seed)
        self.random = self.numbers.random
        self.rows = self.random.randint(1, 7)
        self.nodes, self.shapes, self.inputs, self.tensors, self.differentiate = [], {}, {}, {}, []

    def input(self, shape, differentiate=True, indices=0):
        name = f"x{len(self.inputs)}"
        self.nodes.append({"name": name, "kind": "Input", "shape": [-1, *shape[1:]], "from": []})
        self.inputs[name] = self.numbers.indices(shape, indices) if indices else self.numbers.normal(shape)
        self.differentiate += [name] if differentiate else []
        return self.has(name, shape)

    def has(self, name, shape):
        self.shapes[name] = list(shape)
        return name

    def add(self, kind, sources, output, **options):
        name = f"{kind.lower()}{len(self.nodes)}"
        self.nodes.append({"name": name, "kind": kind, **options_of(kind, options), "from": sources})
        self.tensors.update(tensors_of(self.nodes[-1], self.numbers))
        return self.has(name, output)

    def again(self, x):
        """Reuses the layer of an earlier node with this input shape, sharing its parameters; returns x if there is none."""
        fitting = [node for node in self.nodes if node.get("kind", "Input") not in ("Input", "Embedding", "Unflatten")
                   and len(node["from"]) == 1 and self.shapes[node["from"][0]] == self.shapes[x]]
        fitting = [node for node in fitting if node["name"] + ".weight" in self.tensors] or fitting
        if not fitting:
            return x
        layer = self.random.choice(fitting)
        name = f"again{len(self.nodes)}"
        self.nodes.append({"name": name, "layerOf": layer["name"], "from": [x]})
        return self.has(name, self.shapes[layer["name"]])

    def of_shape(self, fits):
        return [name for name, shape in self.shapes.items() if fits(shape) and name not in self.indices()]

    def indices(self):
        return [source for node in self.nodes if node.get("kind") == "Embedding" for source in node["from"]]

    def unread(self, rank):
        read = {source for node in self.nodes for source in node["from"]}
        return [name for name in self.of_shape(lambda shape: len(shape) == rank and shape[0] == self.rows) if name not in read]

    def activation(self, x):
        kind, options = self.random.choice(ACTIVATIONS), {}
        if kind == "LeakyReLU":
            options = {"negativeSlope": self.random.choice([0.01, 0.2])}
        elif kind == "ELU":
            options = {"alpha": self.random.choice([1.0, 0.5])}
        elif kind == "GELU":
            options = {"tanhApproximation": self.random.random() < 0.5}
        elif kind == "Softplus":
            options = {"beta": self.random.choice([1.0, 2.0])}
        return self.add(kind, [x], self.shapes[x], **options)

    def merge(self, x):
        """Adds or multiplies x and a value of the same shape, possibly x itself, or concatenates x with another value."""
        shape = self.shapes[x]
        kind = self.random.choice(["Add", "Add", "Multiply", "Concat"])
        if kind == "Concat":
            others = self.of_shape(lambda of: len(of) == len(shape) and of[:1] == shape[:1] and of[2:] == shape[2:]
                and of[1] + shape[1] <= WIDEST)
            if not others:
                return x
            other = self.random.choice(others)
            return self.add(kind, [x, other], [shape[0], shape[1] + self.shapes[other][1], *shape[2:]])
        others = self.of_shape(lambda of: of == shape)
        others = [other for other in others if other != x] or others
        return self.add(kind, self.random.sample([x, self.random.choice(others)], 2), shape)

    def linear(self, x, outputs):
        return self.add("Linear", [x], [self.shapes[x][0], outputs], inputs=self.shapes[x][1], outputs=outputs,
            bias=self.random.random() < 0.7)

    def norm(self, x):
        shape = self.shapes[x]
        if length(shape) < 4 * shape[1] or self.random.random() < (0.6 if len(shape) == 2 else 0.2):
            return self.add("LayerNorm", [x], shape, shape=shape[1:], affine=self.random.random() < 0.7)
        return self.add("BatchNorm1d" if len(shape) == 2 else "BatchNorm2d", [x], shape, features=shape[1],
            affine=self.random.random() < 0.7)

    def product(self, x):
        """Multiplies x by a matrix: an earlier value of matching shape, or a new input."""
        rows, columns = self.shapes[x]
        fitting = self.of_shape(lambda of: len(of) == 2 and of[0] == columns)
        if not fitting or self.random.random() < 0.3:
            fitting = [self.input([columns, self.random.randint(1, 6)], self.random.random() < 0.5)]
        factor = self.random.choice(fitting)
        return self.add("MatMul", [x, factor], [rows, self.shapes[factor][1]])

    def step(self, x):
        """Adds one or two nodes that read x, of rank 2."""
        if self.random.random() < 0.2:
            return self.again(x)
        choice = self.random.random()
        if choice < 0.28:
            return self.linear(x, self.shapes[x][1] if self.random.random() < 0.5 else self.random.randint(2, 9))
        if choice < 0.52:
            return self.activation(x)
        if choice < 0.74:
            return self.merge(x)
        if choice < 0.86:
            return self.norm(x)
        if choice < 0.90:
            return self.add(self.random.choice(["Softmax", "LogSoftmax"]), [x], self.shapes[x])
        if choice < 0.93:
            return self.add("Dropout", [x], self.shapes[x], probability=0.0)
        return self.product(x)

    def image_step(self, x):
        if self.random.random() < 0.2:
            return self.again(x)
        rows, channels, height, width = self.shapes[x]
        choice = self.random.random()
        if choice < 0.3:
            kernel = [self.random.randint(1, min(3, side)) for side in (height, width)]
            padding = [self.random.randint(0, 1), self.random.randint(0, 1)]
            stride = [self.random.choice([1, 1, 2]), self.random.choice([1, 1, 2])]
            if self.random.random() < 0.5:
                kernel, padding, stride = [3, 3], [1, 1], [1, 1]
            out = channels if self.random.random() < 0.5 else self.random.randint(1, 4)
            return self.add("Conv2d", [x], [rows, out, *self.pooled(x, kernel, stride, padding)], inChannels=channels, outChannels=out,
                            kernelSize=kernel, stride=stride, padding=padding, bias=self.random.random() < 0.6)
        if choice < 0.55:
            return self.activation(x)
        if choice < 0.7:
            return self.norm(x)
        if choice < 0.85 and height > 1 and width > 1:
            kernel = [2, 2] if min(height, width) < 3 else [self.random.choice([2, 3]), self.random.choice([2, 3])]
            padding = [self.random.randint(0, side // 2) for side in kernel]
            stride = kernel if self.random.random() < 0.5 else [self.random.choice([1, 2]), self.random.choice([1, 2])]
            return self.add(self.random.choice(["MaxPool2d", "AveragePool2d"]), [x],
                [rows, channels, *self.pooled(x, kernel, stride, padding)],
                            kernelSize=kernel, stride=stride, padding=padding)
        return self.merge(x)

    def pooled(self, x, kernel, stride, padding):
        return [(side + 2 * p - k) // s + 1 for side, k, s, p in zip(self.shapes[x][2:], kernel, stride, padding)]

    def next(self, x, rank):
        """Chooses the value to continue from: usually the last one, sometimes another, so that values are used several times."""
        return x if self.random.random() < 0.75 else self.random.choice(self.of_shape(lambda of: len(of) == rank and of[0] == self.rows))

    def gather(self, x, rank):
        """Merges unused values into x. Sometimes leaves one unused, which must not affect the gradients."""
        for other in self.unread(rank):
            if other != x and self.random.random() < 0.9:
                if rank == 2 and self.random.random() < 0.6:
                    other = other if self.shapes[other] == self.shapes[x] else self.linear(other, self.shapes[x][1])
                    x = self.add("Add", [x, other], self.shapes[x])
                elif self.shapes[other][2:] == self.shapes[x][2:] and self.shapes[other][1] + self.shapes[x][1] <= WIDEST:
                    x = self.add("Concat", [x, other], [self.rows, self.shapes[x][1] + self.shapes[other][1], *self.shapes[x][2:]])
        return x


def over_tables(sketch):
    rng = sketch.random
    x = sketch.input([sketch.rows, rng.randint(2, 9)])
    for _ in range(rng.randint(0, 2)):
        sketch.input([sketch.rows, rng.choice([sketch.shapes[x][1], rng.randint(1, 9)])], rng.random() < 0.5)
    if rng.random() < 0.2:
        count, dimensions, width = rng.randint(2, 6), rng.randint(1, 4), rng.randint(1, 3)
        of = [sketch.rows] if rng.random() < 0.5 else [sketch.rows, width]
        words = sketch.add("Embedding", [sketch.input(of, False, count)], [*of, dimensions], count=count, dimensions=dimensions)
        if len(of) == 2:
            sketch.add("Flatten", [words], [sketch.rows, width * dimensions])
    for _ in range(rng.randint(2, 18)):
        x = sketch.step(sketch.next(x, 2))
    return sketch.gather(x, 2)


def over_images(sketch):
    rng = sketch.random
    shape = [rng.randint(1, 2), rng.randint(3, 6), rng.randint(3, 6)]
    if rng.random() < 0.5:
        x = sketch.input([sketch.rows, *shape])
    else:
        x = sketch.input([sketch.rows, length(shape)])
        x = sketch.add("Unflatten", [x], [sketch.rows, *shape], shape=shape)
    for _ in range(rng.randint(2, 11)):
        x = sketch.image_step(sketch.next(x, 4))
    x = sketch.gather(x, 4)
    x = sketch.add("Flatten", [x], [sketch.rows, length(sketch.shapes[x][1:])])
    if rng.random() < 0.5:
        x = sketch.linear(x, rng.randint(2, 6))
        for _ in range(rng.randint(0, 3)):
            x = sketch.step(x)
    return x


def with_loss(sketch, x):
    """Adds the last layers and chooses the loss; returns its description and the targets."""
    rng, numbers = sketch.random, sketch.numbers
    columns = rng.randint(2, 6)
    x = sketch.linear(x, columns)
    shape = sketch.shapes[x]
    kind = rng.choice(["SoftmaxCrossEntropy", "SoftmaxCrossEntropy", "BinaryCrossEntropyWithLogits", "MeanSquaredError",
        "MeanAbsoluteError", "Huber", "KullbackLeibler"])
    if kind == "SoftmaxCrossEntropy":
        options = {"classWeights": [f32(rng.uniform(0.5, 2)) for _ in range(columns)]} if rng.random() < 0.3 else {}
        options.update({"labelSmoothing": f32(0.1)} if rng.random() < 0.3 else {})
        return {"kind": kind, **options}, numbers.indices([shape[0]], columns) if rng.random() < 0.7 else numbers.probabilities(*shape)
    if kind == "BinaryCrossEntropyWithLogits":
        options = {"positiveWeight": [f32(rng.uniform(0.5, 3)) for _ in range(columns)]} if rng.random() < 0.5 else {}
        return {"kind": kind, **options}, numbers.indices(shape, 2)
    if kind == "KullbackLeibler":
        sketch.add("LogSoftmax", [x], shape)
        return {"kind": kind}, numbers.probabilities(*shape)
    return {"kind": kind, **({"delta": 0.5} if kind == "Huber" and rng.random() < 0.5 else {})}, numbers.normal(shape)


def draw(seed):
    sketch = Sketch(seed)
    images = sketch.random.random() < 0.25
    loss, targets = with_loss(sketch, over_images(sketch) if images else over_tables(sketch))
    used = {source for node in sketch.nodes for source in node["from"]}
    return {
        "architecture": {"nodes": sketch.nodes},
        "phase": "Training",
        "inputs": sketch.inputs,
        "differentiate": [name for name in sketch.differentiate if name in used],
        "tensors": sketch.tensors,
        "loss": loss,
        "targets": targets,
    }


def near_a_kink(case, values, values32):
    layers = {node["name"]: node for node in case["architecture"]["nodes"]}
    for node in case["architecture"]["nodes"]:
        of = layers[node["layerOf"]] if "layerOf" in node else node
        kind = of["kind"]
        if kind in ("ReLU", "LeakyReLU", "Softplus") or (kind == "ELU" and of["alpha"] != 1):
            x, x32 = values[node["from"][0]], values32[node["from"][0]]
            bend = of["threshold"] / of["beta"] if kind == "Softplus" else 0
            if ((x - bend).abs() < NEAR).logical_and((x != 0).logical_or(x32 != 0)).any():
                return True
        elif kind == "MaxPool2d":
            first, second = (greatest_two(values[node["from"][0]], of), greatest_two(values32[node["from"][0]], of))
            if ((first[0] - first[1]) < NEAR).logical_and((first != 0).any(0).logical_or((second != 0).any(0))).any():
                return True
    if case["loss"]["kind"] == "MeanAbsoluteError":
        output = values[case["architecture"]["nodes"][-1]["name"]]
        return bool(((output - to_torch(case["targets"], torch.float64)).abs() < NEAR).any())
    return False


def greatest_two(x, pool):
    (kh, kw), (sh, sw), (ph, pw) = pool["kernelSize"], pool["stride"], pool["padding"]
    padded = torch.nn.functional.pad(x.detach(), (pw, pw, ph, ph), value=-math.inf)
    windows = padded.unfold(2, kh, sh).unfold(3, kw, sw).flatten(4)
    if windows.shape[-1] == 1:
        windows = torch.cat([windows, torch.full_like(windows, -math.inf)], -1)
    return windows.topk(2, -1).values.movedim(-1, 0)


def moved(case, trial):
    """The case with its inputs and tensors changed by about one part in 2^24; indices are not changed."""
    rng = random.Random(f"trial {trial}")
    move = lambda value: value if isinstance(value, int) else value * (1 + rng.uniform(-1, 1) * 2.0 ** -23)
    all_moved = lambda tensors: {name: {**numbers, "data": [move(value) for value in numbers["data"]]} for name, numbers in tensors.items()}
    return {**case, "inputs": all_moved(case["inputs"]), "tensors": all_moved(case["tensors"])}


def relative_error(ours, theirs):
    difference = math.sqrt(sum((a - b) ** 2 for a, b in zip(ours["data"], theirs["data"])))
    norm = math.sqrt(sum(b * b for b in theirs["data"]))
    return difference / max(norm, 1e-6 * math.sqrt(max(1, len(theirs["data"]))))


def rejection(case):
    """Returns the reason why the graph is rejected; None if it is suitable, and then the case has its expected results."""
    expected, values, unreached = run(case)
    if any(not math.isfinite(value) for value in expected["loss"]["data"]) or any(value.abs().max() > 50 for value in values.values()):
        return "too large"
    for name, numbers in expected.items():
        size = math.sqrt(sum(value * value for value in numbers["data"]) / len(numbers["data"]))
        if name.startswith("d ") and size < 1e-6 and name not in unreached:
            return "vanished gradient"
    expected32, values32, _ = run(case, torch.float32)
    if near_a_kink(case, values, values32):
        return "near a kink"
    trials = [expected32, *(run(moved(case, trial), torch.float32)[0] for trial in range(3))]
    if any(relative_error(of[name], expected[name]) > 2e-6 for of in trials for name in expected):
        return "ill-conditioned"
    case["expected"] = expected
    return None


def case(seed, reasons=None):
    for attempt in range(1000):
        drawn = draw(f"graph {seed}, attempt {attempt}")
        reason = rejection(drawn)
        if reason is None:
            return {"name": f"graph {seed}", **drawn}
        if reasons is not None:
            reasons.append(reason)
    raise AssertionError(f"seed {seed}: all 1000 graphs were rejected")


def cases():
    return (case(seed) for seed in range(1, RECORDED + 1))
