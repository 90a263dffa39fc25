"""Runs the built-in models with saved dropouts in onnxruntime: at evaluation their outputs must be those
of the model without dropout there, and close to dropscope's; in training the dropped share must be the
ratio.

    SAVED_DROPOUT=FOLDER swift test --filter writeForOthers
    python3 Tests/Scripts/check_saved_dropout.py FOLDER

Needs numpy, onnx and onnxruntime from PyPI. Training is switched on by the third input of the Dropout
node that was added, which operator sets have since 12, and judged where a draw has 64 units or more:
onnxruntime seeds its draws so that the first number changes little from one to the next. Ends with 1
where an output differs by more than 1e-6 of the largest from onnxruntime's without dropout, by more
than 1e-5 from dropscope's, or a share by more than four standard deviations.
"""

import glob
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import numpy_helper

DRAWS, RATIO, BATCH = 40, 0.35, 64


def session(model):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def output(model, x):
    return session(model).run(None, {model.graph.input[0].name: x})[0]


def difference(a, b):
    return float(np.abs(a - b).max() / np.abs(b).max()) if a.shape == b.shape else np.inf


def dropped_share(model, x):
    """What the added node drops of what is not 0 anyway, how many that are, and how many a draw."""
    node = next(n for n in model.graph.node if n.name.endswith("_dropout"))
    node.input.append("training")
    model.graph.initializer.append(numpy_helper.from_array(np.array(True), "training"))
    names = [node.input[0], node.output[0]]
    outputs = [o.name for o in model.graph.output]
    model.graph.output.extend(onnx.ValueInfoProto(name=n) for n in names if n not in outputs)
    if model.graph.input[0].type.tensor_type.shape.dim[0].dim_value == 0:
        x = np.resize(x, (BATCH, *x.shape[1:]))
    runner, dropped, total = session(model), 0, 0
    for _ in range(DRAWS):
        # An input that is dropped from is not made by a node, so it cannot be asked for.
        before, after = (
            (x, runner.run(names[1:], {model.graph.input[0].name: x})[0])
            if names[0] == model.graph.input[0].name
            else runner.run(names, {model.graph.input[0].name: x}))
        dropped += int(((after == 0) & (before != 0)).sum())
        total += int((before != 0).sum())
    return dropped, total


largest, ours, trained, wrong = 0.0, 0.0, 0, []
files = sorted(glob.glob(sys.argv[1] + "/*-edited-*.onnx"))
for path in files:
    base = path.split("-edited-")[0]
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    x = np.load(base + ".input.npy")
    found = output(model, x)
    apart = difference(found, output(onnx.load(base + ".onnx"), x))
    from_ours = difference(found, np.load(base + ".output.npy"))
    largest, ours = max(largest, apart), max(ours, from_ours)
    if apart > 1e-6 or from_ours > 1e-5:
        wrong.append(f"{path}: differs by {apart:.1e}, from dropscope by {from_ours:.1e}")
    if model.opset_import[0].version >= 12:
        dropped, total = dropped_share(model, x)
        if total < BATCH * DRAWS:
            continue
        trained += 1
        if abs(dropped - RATIO * total) > 4 * (total * RATIO * (1 - RATIO)) ** 0.5:
            wrong.append(f"{path}: {dropped} of {total} dropped")

print(f"{len(files)} files: largest difference {largest:.1e}, from dropscope {ours:.1e}; "
      f"{trained} drop the ratio in training")
print("\n".join(wrong))
sys.exit(bool(wrong) or not files)
