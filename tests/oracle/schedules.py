"""A hundred learning rates of every schedule; ReduceOnPlateau gets a recorded sequence of losses."""
import warnings

import torch
from torch.optim import lr_scheduler

from layers import Numbers, f32

STEPS = 100


def scheduler(optimizer, kind, of):
    """PyTorch's scheduler with these options, for an optimizer that already has the learning rate."""
    return {
        "ConstantSchedule": lambda: lr_scheduler.ConstantLR(optimizer, 1.0),
        "StepSchedule": lambda: lr_scheduler.StepLR(optimizer, of["every"], of.get("factor", 0.1)),
        "ExponentialSchedule": lambda: lr_scheduler.ExponentialLR(optimizer, of["factor"]),
        "CosineSchedule": lambda: lr_scheduler.CosineAnnealingLR(optimizer, of["steps"], of.get("minimum", 0.0)),
        "OneCycleSchedule": lambda: lr_scheduler.OneCycleLR(
            optimizer, of["maxLearningRate"], of["steps"], pct_start=of.get("risingShare", 0.3), div_factor=of.get("divisor", 25.0),
            final_div_factor=of.get("finalDivisor", 1e4)),
        "WarmupSchedule": lambda: lr_scheduler.SequentialLR(
            optimizer,
            [lr_scheduler.LinearLR(optimizer, 1 / of["steps"], 1.0, of["steps"] - 1), scheduler(optimizer, of["then"]["kind"], of["then"])],
            [of["steps"]]),
    }[kind]()


def learning_rate(of):
    return learning_rate(of["then"]) if "then" in of else of.get("learningRate", 1.0)


def rates(optimizer, step):
    """One result for each step, so that the error is relative to each rate."""
    of = {}
    for i in range(STEPS):
        of[f"rate at {i}"] = {"shape": [], "data": [optimizer.param_groups[0]["lr"]]}
        optimizer.step()
        step(i)
    return of


def case(kind, **options):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], learning_rate(options))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # SequentialLR steps its first scheduler before the optimizer, which PyTorch warns about
        of = scheduler(optimizer, kind, options)
        # OneCycleLR must not be stepped after its last step.
        return {"name": text(kind, options), "schedule": {"kind": kind, **options},
            "expected": rates(optimizer, lambda i: i + 1 < STEPS and of.step())}


def plateau(**options):
    name = text("ReduceOnPlateau", options)
    numbers = Numbers(name).uniform([STEPS], 0, 1)["data"]
    # The loss falls steadily, jumps, and is noisy for a while.
    observations = [f32(2 / (1 + i // 20 * 0.5) + (0.2 * noise if i % 40 > 15 else -0.0137 * i)) for i, noise in enumerate(numbers)]
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], 0.5)
    of = lr_scheduler.ReduceLROnPlateau(
        optimizer, "min", options.get("factor", 0.1), options.get("patience", 10),
        options.get("threshold", 1e-4), cooldown=options.get("cooldown", 0),
        min_lr=options.get("minimum", 0.0))
    return {
        "name": name,
        "schedule": {"kind": "ReduceOnPlateau", **options},
        "observations": {"shape": [STEPS], "data": observations},
        "expected": rates(optimizer, lambda i: of.step(observations[i])),
    }


def text(kind, options):
    def shown(value):
        return text(value["kind"], {key: of for key, of in value.items() if key != "kind"}) if isinstance(value, dict) else value

    return kind + "".join(f", {name} {shown(value)}" for name, value in options.items())


def cases():
    yield case("ConstantSchedule", learningRate=0.5)
    yield case("StepSchedule", learningRate=0.5, every=30)
    yield case("StepSchedule", learningRate=0.25, every=7, factor=0.5)
    yield case("ExponentialSchedule", learningRate=0.5, factor=0.9)
    yield case("ExponentialSchedule", learningRate=0.5, factor=0.999)
    yield case("CosineSchedule", learningRate=0.5, steps=100)
    yield case("CosineSchedule", learningRate=0.5, steps=99, minimum=0.125)
    yield case("CosineSchedule", learningRate=0.5, steps=37)
    yield case("OneCycleSchedule", maxLearningRate=0.5, steps=100)
    yield case("OneCycleSchedule", maxLearningRate=0.5, steps=100, risingShare=0.45, divisor=10.0, finalDivisor=100.0)
    yield case("WarmupSchedule", steps=10, then={"kind": "ConstantSchedule", "learningRate": 0.5})
    yield case("WarmupSchedule", steps=20, then={"kind": "CosineSchedule", "learningRate": 0.5, "steps": 80})
    yield case("WarmupSchedule", steps=5, then={"kind": "ExponentialSchedule", "learningRate": 0.5, "factor": 0.95})
    yield case("WarmupSchedule", steps=3, then={"kind": "StepSchedule", "learningRate": 0.5, "every": 25, "factor": 0.3})
    yield plateau()
    yield plateau(factor=0.5)
    yield plateau(patience=2)
    yield plateau(patience=3, threshold=0.05)
    yield plateau(patience=1, cooldown=4)
    yield plateau(patience=1, minimum=0.03125)
    yield plateau(factor=0.75, patience=0, threshold=0.01, cooldown=2, minimum=0.0078125)
