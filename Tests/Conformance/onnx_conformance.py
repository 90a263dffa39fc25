#!/usr/bin/env python3
"""ONNX's own tests, through `dropscope run`.

    swift build -c release --product dropscope
    python3 Tests/Conformance/onnx_conformance.py [--program .build/release/dropscope]
        [--light] [--only TEXT] [--verbose]

Installs onnx 1.22.0 (the newest with the node tests in it) into a temporary folder, or uses it
where it is already installed. Takes all backend node tests, runs each on its data sets and prints
passed / failed / refused / not supported by operator. Refused is what the program says in a line that
it does not do, of an operator that it has; left out are tests whose inputs or outputs are no arrays, or
text. Numbers of types that a NumPy file does not hold go in and come out as ones that hold each of them:
float32 for bfloat16 and floats of 8 and 4 bits, int8 and uint8 for whole numbers of 4 and 2 bits. Tests of training run with --training, as ONNX's reference runner switches its Dropout on
by an input. With --light the nine "light" models too, each with its input arange(n)/n (the
reference runner's own) and the expected output beside it, to 1e-4 relative.

Tolerances are those of ONNX's runner: 1e-3 relative, 1e-7 absolute.

Exits 1 if a test of a supported operator failed.
"""
import argparse
import collections
import concurrent.futures
import glob
import os
import subprocess
import sys
import tempfile

VERSION = "1.22.0"
# What a NumPy file holds.
PLAIN = {"FLOAT", "DOUBLE", "FLOAT16", "INT8", "INT16", "INT32", "INT64", "UINT8", "UINT16", "UINT32",
         "UINT64", "BOOL"}
# What holds the numbers of those that it does not.
HELD = {name: "float32" for name in ["BFLOAT16", "FLOAT8E4M3FN", "FLOAT8E4M3FNUZ", "FLOAT8E5M2",
                                     "FLOAT8E5M2FNUZ", "FLOAT8E8M0", "FLOAT4E2M1"]}
HELD |= {"INT4": "int8", "INT2": "int8", "UINT4": "uint8", "UINT2": "uint8"}


def import_onnx(folder):
    try:
        import onnx
        if onnx.__version__ == VERSION:
            return onnx
    except ImportError:
        pass
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--target", folder, f"onnx=={VERSION}"],
        check=True)
    sys.path.insert(0, folder)
    for name in [n for n in sys.modules if n == "onnx" or n.startswith("onnx.")]:
        del sys.modules[name]
    import onnx
    return onnx


def types(onnx, model):
    found = set()
    for value in list(model.graph.input) + list(model.graph.output):
        if not value.type.HasField("tensor_type"):
            return None
        found.add(onnx.TensorProto.DataType.Name(value.type.tensor_type.elem_type))
    return found


def plain(name):
    return "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in name)


def load(onnx, path, kind):
    message = kind()
    with open(path, "rb") as file:
        message.ParseFromString(file.read())
    array = onnx.numpy_helper.to_array(message)
    held = HELD.get(onnx.TensorProto.DataType.Name(message.data_type))
    return array.astype(held) if held else array


def run(program, model, inputs, names, training, folder):
    """Returns (outputs, None) or (None, the program's message)."""
    import numpy as np
    arguments = [program, "run", model, "-o", os.path.join(folder, "out")]
    for index, (name, array) in enumerate(inputs):
        path = os.path.join(folder, f"in{index}.npy")
        # Not ascontiguousarray, which turns a scalar into a row of one.
        np.save(path, np.asarray(array, order="C"))
        arguments += ["--input", f"{name}={path}"]
    if training:
        arguments += ["--training", "--seed", "0"]
    try:
        result = subprocess.run(arguments, capture_output=True, text=True, timeout=300)
    except subprocess.TimeoutExpired:
        return None, "timed out"
    if result.returncode != 0:
        return None, result.stderr.strip() or f"exit {result.returncode}"
    return [np.load(os.path.join(folder, "out", plain(n) + ".npy")) for n in names], None


def compare(found, expected, relative, absolute):
    import numpy as np
    for f, e in zip(found, expected):
        if f.shape != e.shape:
            return f"shape {list(f.shape)}, expected {list(e.shape)}"
        if f.dtype != e.dtype:
            return f"type {f.dtype}, expected {e.dtype}"
        try:
            np.testing.assert_allclose(f, e, rtol=relative, atol=absolute)
        except AssertionError as error:
            return " ".join(str(error).split())[:160]
    return None


def node_test(onnx, program, path, name):
    """Returns (operator, outcome, message)."""
    model = onnx.load(os.path.join(path, "model.onnx"))
    operator = model.graph.node[0].op_type if len(model.graph.node) == 1 else "(functions)"
    training = "training_dropout" in name
    inputs_of = [i.name for i in model.graph.input]
    outputs_of = [o.name for o in model.graph.output]
    for data in sorted(glob.glob(os.path.join(path, "test_data_set_*"))):
        tensor = onnx.TensorProto
        inputs = [
            (n, load(onnx, os.path.join(data, f"input_{i}.pb"), tensor))
            for i, n in enumerate(inputs_of)]
        expected = [
            load(onnx, os.path.join(data, f"output_{i}.pb"), tensor)
            for i in range(len(outputs_of))]
        with tempfile.TemporaryDirectory() as folder:
            found, message = run(
                program, os.path.join(path, "model.onnx"), inputs, outputs_of, training, folder)
        if message:
            unsupported = "is not supported" in message
            return operator, "not supported" if unsupported else "refused", message
        # What is drawn is another with each generator: shapes and types are all there is to compare.
        drawn = "bernoulli" in name
        difference = compare(found, expected, 1 if drawn else 1e-3, 1 if drawn else 1e-7)
        if difference:
            return operator, "failed", difference
    return operator, "passed", None


def light_model(onnx, program, path):
    import numpy as np
    model = onnx.load(path)
    constants = {t.name for t in model.graph.initializer}
    inputs = []
    for value in model.graph.input:
        if value.name in constants:
            continue
        shape = [d.dim_value for d in value.type.tensor_type.shape.dim]
        count = int(np.prod(shape))
        inputs.append((value.name, (np.arange(count) / count).astype(np.float32).reshape(shape)))
    outputs = [o.name for o in model.graph.output]
    expected = load(onnx, path.replace(".onnx", "_output_0.pb"), onnx.TensorProto)
    with tempfile.TemporaryDirectory() as folder:
        found, message = run(program, path, inputs, outputs, False, folder)
    if message:
        return "failed", message
    largest = float(np.max(np.abs(found[0] - expected)) / max(1e-30, np.max(np.abs(expected))))
    difference = compare(found[:1], [expected], 1e-4, 1e-7)
    return ("failed", difference) if difference else ("passed", f"largest error {largest:.1e}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", default=".build/release/dropscope")
    parser.add_argument("--only", default="", help="tests whose name has this in it")
    parser.add_argument("--light", action="store_true", help="the light models too")
    parser.add_argument("--verbose", action="store_true", help="say why, for each failure")
    options = parser.parse_args()
    program = os.path.abspath(options.program)
    if not os.access(program, os.X_OK):
        sys.exit(f"{options.program}: not there; build it, or name one with --program")
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        onnx = import_onnx(folder)
        import onnx.numpy_helper  # noqa: F401
        root = os.path.join(os.path.dirname(onnx.__file__), "backend", "test", "data")
        tests, others = [], 0
        for name in sorted(os.listdir(os.path.join(root, "node"))):
            path = os.path.join(root, "node", name)
            if options.only not in name:
                continue
            found = types(onnx, onnx.load(os.path.join(path, "model.onnx")))
            if found is not None and found <= PLAIN | HELD.keys():
                tests.append((name, path))
            else:
                others += 1
        table = collections.defaultdict(collections.Counter)
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            results = pool.map(lambda t: node_test(onnx, program, t[1], t[0]), tests)
            for (name, _), (operator, outcome, message) in zip(tests, results):
                table[operator][outcome] += 1
                if outcome == "failed":
                    failures += 1
                if outcome in ("failed", "refused") or options.verbose and message:
                    print(f"{outcome}: {name}: {message}")
        print(f"{'operator':28}{'passed':>8}{'failed':>8}{'refused':>9}{'not supported':>15}")
        total = collections.Counter()
        for operator in sorted(table):
            row = table[operator]
            total.update(row)
            print(
                f"{operator:28}{row['passed']:8}{row['failed']:8}{row['refused']:9}"
                f"{row['not supported']:15}")
        print(
            f"{'all':28}{total['passed']:8}{total['failed']:8}{total['refused']:9}"
            f"{total['not supported']:15}")
        print(f"{others} tests are of text or of sequences and were left out")
        if options.light:
            for path in sorted(glob.glob(os.path.join(root, "light", "*.onnx"))):
                if options.only not in path:
                    continue
                outcome, message = light_model(onnx, program, path)
                failures += outcome == "failed"
                print(f"{outcome}: {os.path.basename(path)}: {message}")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
