#!/usr/bin/env python3
"""What a second thread brings while other processes are busy: passes a second of a network on one and on
two threads, with both processors free, with a busy loop on one of them, and on both.

    python3 Tests/Scripts/busy_neighbour.py PROGRAM MODEL.onnx [--passes 200] [--rounds 3]

Beside the model lies its input, MODEL.npy (make_peer_networks.py). For machines with two processors. The
figures are medians of the rounds.
"""
import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

parser = argparse.ArgumentParser()
parser.add_argument("program")
parser.add_argument("model", type=pathlib.Path)
parser.add_argument("--passes", type=int, default=200)
parser.add_argument("--rounds", type=int, default=3)
options = parser.parse_args()


def seconds(threads, passes, out):
    start = time.perf_counter()
    subprocess.run(
        [options.program, "run", str(options.model), "--input", f"x={options.model.with_suffix('.npy')}",
         "-o", out, "--repeat", str(passes), "--threads", str(threads)], check=True, capture_output=True)
    return time.perf_counter() - start


def throughput(threads, out):
    """Passes a second, without what opening the network takes."""
    return options.passes / (seconds(threads, options.passes + 1, out) - seconds(threads, 1, out))


print("| busy processors | one thread, passes/s | two threads | ratio |\n|---|--:|--:|--:|")
for busy in [[], [1], [0, 1]]:
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in busy]
    for loop, processor in zip(loops, busy):
        os.sched_setaffinity(loop.pid, {processor})
    try:
        with tempfile.TemporaryDirectory() as out:
            one, two = zip(*[(throughput(1, out), throughput(2, out)) for _ in range(options.rounds)])
        one, two = statistics.median(one), statistics.median(two)
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()
    print(f"| {len(busy)} | {one:.0f} | {two:.0f} | {two / one:.2f} |", flush=True)
