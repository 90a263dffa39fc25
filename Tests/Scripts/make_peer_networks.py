#!/usr/bin/env python3
"""Writes the networks that `peer_networks.py` measures: common ones as torch exports them, with weights
drawn from a seed (the time does not depend on them), and inputs beside them.

    python3 Tests/Scripts/make_peer_networks.py FOLDER        (needs torch, torchvision, timm, onnx, numpy)
"""
import pathlib
import sys

import numpy as np
import timm
import torch
import torchvision.models as zoo

MODELS = {
    "squeezenet1_1": zoo.squeezenet1_1,
    "resnet18": zoo.resnet18,
    "resnet50": zoo.resnet50,
    "mobilenet_v2": zoo.mobilenet_v2,
    "efficientnet_b0": zoo.efficientnet_b0,
    "densenet121": zoo.densenet121,
    "vit_b_16": zoo.vit_b_16,
    "vit_tiny": lambda: timm.create_model("vit_tiny_patch16_224", pretrained=False),
}


def main(folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in MODELS.items():
        torch.manual_seed(7)
        model = make().eval()
        # Statistics of a trained network, so that activations neither vanish nor overflow.
        for layer in model.modules():
            if isinstance(layer, torch.nn.BatchNorm2d):
                torch.nn.init.uniform_(layer.running_mean, -0.1, 0.1)
                torch.nn.init.uniform_(layer.running_var, 0.5, 1.5)
        x = torch.randn(1, 3, 224, 224)
        torch.onnx.export(
            model, x, str(folder / f"{name}.onnx"), input_names=["x"], output_names=["y"],
            opset_version=17, dynamo=False)
        np.save(folder / f"{name}.npy", x.numpy())
        print(name)


if __name__ == "__main__":
    main(*sys.argv[1:])
