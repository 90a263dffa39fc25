"""Writes digits_step.json: two training steps of the recipe `digits` by PyTorch.

Weights, images, labels and masks come from streams.py, so both sides have the same; the file holds
the loss of each step, the gradients of the first and the weights after the second, for SGD with
Nesterov momentum and for Adam. Of large arrays some 150 elements are kept, an odd number apart, and
the sum of the squares of all.

pip install torch==2.13.0 numpy
"""
import json
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

from streams import images, initial, kept

seed, batch = 3, 8
shapes = {
    "conv1": (8, 1, 3, 3), "conv2": (16, 8, 3, 3), "dense1": (64, 2704), "dense2": (10, 64),
}


def parameters():
    made = {}
    for name, shape in shapes.items():
        fan_in = int(np.prod(shape[1:]))
        weight = initial(shape, f"{name}.weight", seed, 2 / fan_in)
        made[f"{name}.weight"] = torch.tensor(weight, requires_grad=True)
        made[f"{name}.bias"] = torch.zeros(shape[0], requires_grad=True)
    return made


def drop(x, rate, name, step):
    mask = kept(tuple(x.shape), rate, seed, f"node of {name}", step)
    return torch.where(torch.tensor(mask), x / (1 - rate), torch.zeros(()))


def loss_of(p, step):
    x, labels = images((batch, 1, 28, 28), seed, step)
    x = F.relu(F.conv2d(torch.tensor(x), p["conv1.weight"], p["conv1.bias"]))
    x = F.relu(F.conv2d(x, p["conv2.weight"], p["conv2.bias"], padding=1))
    x = F.max_pool2d(drop(x, 0.25, "dropout1", step), 2).flatten(1)
    x = F.relu(F.linear(x, p["dense1.weight"], p["dense1.bias"]))
    x = F.linear(drop(x, 0.5, "dropout2", step), p["dense2.weight"], p["dense2.bias"])
    return F.cross_entropy(x, torch.tensor(labels))


def sampled(tensor):
    flat = tensor.detach().double().flatten()
    step = max(1, flat.numel() // 150) | 1
    return {
        "step": step, "squares": float((flat * flat).sum()),
        "values": [float(f"{v:.7g}") for v in flat[::step].tolist()],
    }


def run(make):
    p = parameters()
    optimizer = make(p.values())
    losses, gradients = [], {}
    for step in range(2):
        optimizer.zero_grad()
        loss = loss_of(p, step)
        loss.backward()
        losses.append(loss.item())
        if step == 0:
            gradients = {name: sampled(t.grad) for name, t in p.items()}
        optimizer.step()
    return {
        "losses": losses, "gradients": gradients,
        "weights": {name: sampled(t) for name, t in p.items()},
    }


cases = {
    "sgd,lr=0.02,momentum=0.9,nesterov=1": run(
        lambda p: torch.optim.SGD(p, lr=0.02, momentum=0.9, nesterov=True)),
    # A larger epsilon than usual: else the smallest gradients, which are mostly rounding, move weights
    # as far as the largest do.
    "adam,lr=0.001,epsilon=0.001": run(lambda p: torch.optim.Adam(p, lr=0.001, eps=1e-3)),
}
path = pathlib.Path(__file__).with_name("digits_step.json")
path.write_text(json.dumps(cases) + "\n")
print(path.name, path.stat().st_size, "bytes", [c["losses"] for c in cases.values()])
