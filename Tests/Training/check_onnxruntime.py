"""Runs a trained network in onnxruntime and in dropscope on the same inputs and compares the outputs.

    python3 Tests/Training/check_onnxruntime.py MODEL.onnx [DROPSCOPE]

Needs numpy, onnx and onnxruntime from PyPI. Prints the largest difference, the Dropout nodes and the
metadata; ends with 1 where the outputs differ by more than 1e-4 of the largest.
"""

import os
import subprocess
import sys
import tempfile

import numpy as np
import onnx
import onnxruntime

model, program = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ".build/release/dropscope"
names = "zero one two three four five six seven eight nine".split()
session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
graph = onnx.load(model)
onnx.checker.check_model(graph, full_check=True)

worst, right = 0.0, 0
with tempfile.TemporaryDirectory() as folder:
    for digit, name in enumerate(names):
        arrays = []
        for stage in ["input", "output"]:
            path = os.path.join(folder, stage + ".npy")
            subprocess.run(
                [program, "export", name, "--model", model, "--mode", "eval", "--rate", "0",
                 "--stage", stage, "-o", path], check=True)
            arrays.append(np.load(path))
        (theirs,) = session.run(None, {session.get_inputs()[0].name: arrays[0][None]})
        worst = max(worst, float(np.abs(theirs[0] - arrays[1]).max() / np.abs(theirs).max()))
        right += int(theirs[0].argmax() == digit)

print(f"largest difference {worst:.2e}; {right} of 10 built-in digits right")
print("dropout:", [n.name for n in graph.graph.node if n.op_type == "Dropout"])
for entry in graph.metadata_props:
    print(f"{entry.key} = {entry.value}")
sys.exit(worst > 1e-4)
