#!/usr/bin/python3
"""Records PyTorch's float64 results for every layer, loss, optimizer and schedule of MiniNet, for random graphs, and for derivatives of
functions.

  record.py                                      writes recorded/*.json; the files are the same every time
  record.py --seed N --graphs M --output FILE    writes M random graphs with the seeds N, N+1, ...

Requires Debian's python3-torch. All inputs of a case are numbers that float32 represents exactly. Each case is one line, so that two
recordings can be compared with diff.
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
    """The shortest text that gives the same float32. Other numbers get nine digits, two more than a comparison with float32 can use."""
    if f32(value) == value:
        return next(text for text in (f"{value:.{digits}g}" for digits in range(1, 10)) if f32(float(text)) == value)
    return f"{value:.9g}"


def json(value):
    """Formats a value as JSON on one line."""
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
        ("layers", layers.cases()), ("losses", losses.cases()), ("graphs", graphs.cases()),
        ("optimizers", optimizers.cases()), ("schedules", schedules.cases()),
        ("functions", functions.cases()),
    ]:
        write(os.path.join(folder, name + ".json"), cases)


if __name__ == "__main__":
    main()
