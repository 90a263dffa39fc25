#!/usr/bin/env python3
"""One pass of common networks beside onnxruntime, alternating in one run; checks that both compute the
same.

    python3 Tests/Scripts/peer_networks.py PROGRAM FOLDER [--threads 2] [--rounds 4] [NAME…]

FOLDER is what make_peer_networks.py wrote. Times are the medians over rounds of a round's median; beside
their ratio, our time over onnxruntime's, stands that of the least times. Needs numpy and onnxruntime.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import tempfile
import time

import numpy as np
import onnxruntime as ort

parser = argparse.ArgumentParser()
parser.add_argument("program")
parser.add_argument("folder", type=pathlib.Path)
parser.add_argument("names", nargs="*")
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--rounds", type=int, default=4)
options = parser.parse_args()

print("| network | ours, ms | onnxruntime, ms | ratio | of the least | largest difference |")
print("|---|--:|--:|--:|--:|--:|")
for model in sorted(options.folder.glob("*.onnx")):
    if options.names and model.stem not in options.names:
        continue
    x = np.load(model.with_suffix(".npy"))
    settings = ort.SessionOptions()
    settings.intra_op_num_threads, settings.inter_op_num_threads = options.threads, 1
    ours, theirs, our_least, their_least, errors = [], [], [], [], []
    with tempfile.TemporaryDirectory() as out:
        for _ in range(options.rounds):
            session = ort.InferenceSession(str(model), settings, providers=["CPUExecutionProvider"])
            expected = session.run(None, {"x": x})[0]
            times = []
            for _ in range(20):
                start = time.perf_counter()
                session.run(None, {"x": x})
                times.append(time.perf_counter() - start)
            theirs.append(statistics.median(times))
            their_least.append(min(times))
            del session  # its threads look for work for a while
            time.sleep(0.2)
            run = subprocess.run(
                [options.program, "run", str(model), "--input", f"x={model.with_suffix('.npy')}", "-o", out,
                 "--repeat", "20", "--threads", str(options.threads)],
                capture_output=True, text=True, check=True)
            times = json.loads(run.stdout)
            ours.append(times["median_seconds"])
            our_least.append(times["least_seconds"])
            found = np.load(pathlib.Path(out) / "y.npy")
            errors.append(np.abs(found - expected).max() / np.abs(expected).max())
    mine, peer = 1e3 * statistics.median(ours), 1e3 * statistics.median(theirs)
    least = min(our_least) / min(their_least)
    print(f"| {model.stem} | {mine:.2f} | {peer:.2f} | {mine / peer:.2f} | {least:.2f} | {max(errors):.1e} |",
          flush=True)
