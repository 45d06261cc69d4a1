"""Every loss alone, with every option, on small and large scores."""
from layers import Numbers, by, f32
from torch_side import run

def case(name, kind, prediction, targets, options={}):
    numbers = Numbers(name)
    given = {"p": prediction(numbers)}
    result = {
        "name": name,
        "architecture": {"nodes": [{"name": "p", "kind": "Input", "shape": [-1, *given["p"]["shape"][1:]], "from": []}]},
        "phase": "Training",
        "inputs": given,
        "differentiate": ["p"],
        "tensors": {},
        "loss": {"kind": kind, **options},
        "targets": targets(numbers),
    }
    result["expected"] = run(result)[0]
    return result


def normal(*shape, scale=1.0):
    return lambda numbers: numbers.normal(shape, scale)


def confident(rows, columns, lead):
    """Scores in which the correct class, the row number modulo the columns, is ahead by lead."""
    def draw(numbers):
        scores = numbers.normal([rows, columns], 0.5)
        for row in range(rows):
            at = row * columns + row % columns
            scores["data"][at] = f32(scores["data"][at] + lead)
        return scores
    return draw


def log_probabilities(rows, columns, scale=1.0):
    """The output of a log-softmax, rounded to float32. (The loss accepts any scores of rank 2.)"""
    import torch
    return lambda numbers: {"shape": [rows, columns], "data": [f32(value) for value in torch.log_softmax(
        torch.tensor(numbers.normal([rows, columns], scale)["data"], dtype=torch.float64).reshape(rows, columns), -1).reshape(-1).tolist()]}


def classes(rows, columns):
    return lambda numbers: numbers.indices([rows], columns)


def right(rows, columns):
    return lambda numbers: {"shape": [rows], "data": [row % columns for row in range(rows)]}


def wrong(rows, columns):
    return lambda numbers: {"shape": [rows], "data": [(row + 1) % columns for row in range(rows)]}


def probabilities(rows, columns):
    return lambda numbers: numbers.probabilities(rows, columns)


def one_hot(rows, columns):
    return lambda numbers: {"shape": [rows, columns],
        "data": [float(column == row % columns) for row in range(rows) for column in range(columns)]}


def softmax_cross_entropy():
    kind, sizes = "SoftmaxCrossEntropy", [(5, 3), (1, 2), (1, 1), (7, 11), (3, 67)]
    weights = lambda columns: {"classWeights": [f32(0.25 + 0.5 * column) for column in range(columns)]}
    smoothing = {"labelSmoothing": f32(0.1)}
    for rows, columns in sizes:
        yield case(f"{kind} {rows}x{columns}", kind, normal(rows, columns), classes(rows, columns))
        yield case(f"{kind} {rows}x{columns}, probabilities", kind, normal(rows, columns), probabilities(rows, columns))
    for name, options in [("weights", weights(5)), ("smoothing", smoothing), ("weights and smoothing", {**weights(5), **smoothing})]:
        yield case(f"{kind} 6x5, {name}", kind, normal(6, 5), classes(6, 5), options)
        yield case(f"{kind} 1x5, {name}", kind, normal(1, 5), classes(1, 5), options)
        yield case(f"{kind} 6x5, probabilities, {name}", kind, normal(6, 5), probabilities(6, 5), options)
        yield case(f"{kind} 6x5, scores around 1e4, {name}", kind, normal(6, 5, scale=1e4), classes(6, 5), options)
        yield case(f"{kind} 6x5, sure and right by 8, {name}", kind, confident(6, 5, 8), right(6, 5), options)
    yield case(f"{kind} 6x5, a class of weight 0", kind, normal(6, 5), right(6, 5), {"classWeights": [1.0, 0.0, 2.0, 1.0, 0.5]})
    yield case(f"{kind} 6x5, smoothing of 1", kind, normal(6, 5), classes(6, 5), {"labelSmoothing": 1.0})
    for scale in (1e-4, 10, 1e4):
        yield case(f"{kind} 4x5, scores around {scale:g}", kind, normal(4, 5, scale=scale), classes(4, 5))
        yield case(f"{kind} 4x5, scores around {scale:g}, probabilities", kind, normal(4, 5, scale=scale), probabilities(4, 5))
    for lead in (4, 8, 12, 30, 1e4):
        yield case(f"{kind} 4x5, sure and right by {lead:g}", kind, confident(4, 5, lead), right(4, 5))
        yield case(f"{kind} 4x5, sure and wrong by {lead:g}", kind, confident(4, 5, lead), wrong(4, 5))
        yield case(f"{kind} 4x5, sure and right by {lead:g}, probabilities", kind, confident(4, 5, lead), one_hot(4, 5))


def binary_cross_entropy():
    kind = "BinaryCrossEntropyWithLogits"
    positive = {"positiveWeight": [0.25, 1.0, 3.0]}
    for rows, columns in [(5, 3), (1, 1), (4, 1), (3, 67)]:
        yield case(f"{kind} {rows}x{columns}", kind, normal(rows, columns), lambda numbers: numbers.indices([rows, columns], 2))
    yield case(f"{kind} 5x3, targets between", kind, normal(5, 3), lambda numbers: numbers.uniform([5, 3], 0, 1))
    yield case(f"{kind} 5x3, positive weight", kind, normal(5, 3), lambda numbers: numbers.indices([5, 3], 2), positive)
    yield case(f"{kind} 5x3, positive weight, targets between", kind, normal(5, 3), lambda numbers: numbers.uniform([5, 3], 0, 1), positive)
    for scale in (1e-4, 10, 1e4):
        yield case(f"{kind} 5x3, scores around {scale:g}", kind, normal(5, 3, scale=scale), lambda numbers: numbers.indices([5, 3], 2))
        yield case(f"{kind} 5x3, scores around {scale:g}, positive weight", kind, normal(5, 3, scale=scale),
            lambda numbers: numbers.indices([5, 3], 2), positive)
    for lead in (4, 8, 12, 30, 1e4):
        scores = lambda numbers: {"shape": [2, 3], "data": [f32(lead * sign + numbers.random.random()) for sign in (1, -1, 1, -1, -1, 1)]}
        for name, options in [("", {}), (", positive weight", positive)]:
            yield case(f"{kind} 2x3, sure and right by {lead:g}{name}", kind, scores,
                lambda numbers: {"shape": [2, 3], "data": [1.0, 0, 1, 0, 0, 1]}, options)
            yield case(f"{kind} 2x3, sure and wrong by {lead:g}{name}", kind, scores,
                lambda numbers: {"shape": [2, 3], "data": [0.0, 1, 0, 1, 1, 0]}, options)


def differences():
    for kind, options in [("MeanSquaredError", [{}]), ("MeanAbsoluteError", [{}]), ("Huber", [{}, {"delta": 0.25}, {"delta": 3.0}])]:
        for option in options:
            name = kind + "".join(f", {key} {value:g}" for key, value in option.items())
            for shape in [(5, 3), (1, 1), (4, 1), (2, 3, 4), (3, 67)]:
                yield case(f"{name} {by(shape)}", kind, normal(*shape), normal(*shape), option)
            for scale in (1e-4, 1e4):
                yield case(f"{name} 5x3, numbers around {scale:g}", kind, normal(5, 3, scale=scale), normal(5, 3, scale=scale), option)
            yield case(f"{name} of what is right", kind, lambda numbers: {"shape": [2, 3], "data": [0.5, -1, 2, 3, 0, 1e4]},
                       lambda numbers: {"shape": [2, 3], "data": [0.5, -1, 2, 3, 0, 1e4]}, option)
    # Near |p - t| = delta, where the formula changes: at it, and on both sides.
    yield case("Huber at its bend", "Huber", lambda numbers: {"shape": [2, 3], "data": [1.0, -1, 0.75, 1.25, 0, 2]},
        lambda numbers: {"shape": [2, 3], "data": [0.0] * 6})


def kullback_leibler():
    kind = "KullbackLeibler"
    for rows, columns in [(5, 3), (1, 1), (1, 4), (3, 67)]:
        yield case(f"{kind} {rows}x{columns}", kind, log_probabilities(rows, columns), probabilities(rows, columns))
    yield case(f"{kind} 4x5, targets of 0 and 1", kind, log_probabilities(4, 5), one_hot(4, 5))
    yield case(f"{kind} 4x5, log-probabilities around -1e4", kind, log_probabilities(4, 5, scale=1e4), probabilities(4, 5))


def cases():
    for family in (softmax_cross_entropy, binary_cross_entropy, differences, kullback_leibler):
        yield from family()
