#!/usr/bin/python3
"""Records what PyTorch says, in float64, about every layer, loss, optimizer and schedule of MiniNet, about random graphs of them, and about the
derivatives of functions.

  record.py                                      writes recorded/*.json anew; the same bytes each time
  record.py --seed N --graphs M --output FILE    writes M fresh random graphs, of the seeds N, N+1, ...

Needs Debian's python3-torch. Every number a case starts from is one that float32 holds exactly. A line is a case, so that a difference
between two recordings can be read.
"""
import argparse
import os
import sys

sys.dont_write_bytecode = True

import functions
import graphs
import layers
import losses
import optimizers
import schedules
from torch_side import f32

HERE = os.path.dirname(os.path.abspath(__file__))


def number(value):
    """As few digits as bring a float32 back; of any other number nine, two more than float32 can be judged by."""
    if f32(value) == value:
        return next(text for text in (f"{value:.{digits}g}" for digits in range(1, 10)) if f32(float(text)) == value)
    return f"{value:.9g}"


def json(value):
    """JSON on one line."""
    if isinstance(value, dict):
        return "{" + ",".join(f'"{name}":{json(of)}' for name, of in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(json, value)) + "]"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, str):
        assert '"' not in value and "\\" not in value
        return f'"{value}"'
    return str(value) if isinstance(value, int) else number(value)


def write(path, cases):
    cases = list(cases)
    names = [case["name"] for case in cases]
    assert len(set(names)) == len(names), "two cases have the same name"
    with open(path, "w", newline="\n") as file:
        file.write("[\n" + ",\n".join(map(json, cases)) + "\n]\n")
    print(f"{path}: {len(cases)} cases, {os.path.getsize(path)} bytes")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--graphs", type=int)
    parser.add_argument("--output")
    arguments = parser.parse_args()
    if arguments.output:
        write(arguments.output, (graphs.case(seed) for seed in range(arguments.seed, arguments.seed + arguments.graphs)))
        return
    folder = os.path.join(HERE, "recorded")
    os.makedirs(folder, exist_ok=True)
    for name, cases in [
        ("layers", layers.cases()), ("losses", losses.cases()), ("graphs", graphs.cases()), ("optimizers", optimizers.cases()), ("schedules", schedules.cases()),
        ("functions", functions.cases()),
    ]:
        write(os.path.join(folder, name + ".json"), cases)


if __name__ == "__main__":
    main()
