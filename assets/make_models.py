"""Packs trained models as assets: weights rounded to the 11 bits of float16, gzip.

    python3 assets/make_models.py unet.onnx assets/unet.onnx.gz

Needs numpy and onnx. Weights stay float32 in the file; what their lower bits held is zero, so that gzip makes
less than half of it. assets/models.md says how the models were trained and what rounding changed.
"""

import gzip
import sys

import numpy as np
import onnx
from onnx import numpy_helper

model = onnx.load(sys.argv[1])
for tensor in model.graph.initializer:
    values = numpy_helper.to_array(tensor)
    if values.dtype == np.float32 and values.size > 64:
        rounded = values.astype(np.float16).astype(np.float32)
        tensor.CopyFrom(numpy_helper.from_array(rounded, tensor.name))
with open(sys.argv[2], "wb") as file:
    file.write(gzip.compress(model.SerializeToString(), 9, mtime=0))
