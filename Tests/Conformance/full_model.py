#!/usr/bin/env python3
"""Gives one of onnx's "light" models weights of its own.

    python3 Tests/Conformance/full_model.py light_vgg19.onnx vgg19.onnx [--seed 7] [--ramp ramp.npy]

The light models (onnx/backend/test/data/light of the package onnx 1.22.0) have the shapes of large
networks, but nodes that make every weight of one number. This replaces those nodes by float32
initializers in raw_data, as large networks are shipped: normal numbers of variance 2 / fan-in (He
et al. 2015), biases 0, so that activations keep their size from layer to layer. --ramp writes the
input arange(n)/n beside it. Prints the bytes of all weights.
"""
import argparse

import numpy as np
import onnx
from onnx import numpy_helper


def weights(shape, random):
    if len(shape) < 2:
        return np.zeros(shape, np.float32)
    fan_in = int(np.prod(shape[1:]))
    array = random.standard_normal(shape, np.float32)
    array *= np.float32(np.sqrt(2 / fan_in))
    return array


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("light")
    parser.add_argument("output")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--ramp", metavar="FILE.npy")
    options = parser.parse_args()
    random = np.random.default_rng(options.seed)
    model = onnx.load(options.light)
    graph = model.graph
    shapes = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    kept, total = [], 0
    for node in graph.node:
        if node.op_type != "ConstantOfShape":
            kept.append(node)
            continue
        array = weights(tuple(int(n) for n in shapes[node.input[0]]), random)
        total += array.nbytes
        graph.initializer.append(numpy_helper.from_array(array, node.output[0]))
    if not total:
        raise SystemExit(f"{options.light}: expected ConstantOfShape nodes, found none")
    del graph.node[:]
    graph.node.extend(kept)
    read = {name for node in kept for name in node.input}
    unread = [t for t in graph.initializer if t.name not in read]
    for tensor in unread:
        graph.initializer.remove(tensor)
    gone = {t.name for t in unread}
    inputs = [value for value in graph.input if value.name not in gone]
    del graph.input[:]
    graph.input.extend(inputs)
    onnx.save(model, options.output)
    print(f"{options.output}: {total:,} bytes of weights")
    if options.ramp:
        names = {t.name for t in graph.initializer}
        value = next(value for value in graph.input if value.name not in names)
        shape = [d.dim_value or 1 for d in value.type.tensor_type.shape.dim]
        count = int(np.prod(shape))
        np.save(options.ramp, (np.arange(count) / count).astype(np.float32).reshape(shape))


if __name__ == "__main__":
    main()
