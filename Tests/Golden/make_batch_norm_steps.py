"""Writes batch_norm_steps.json: three training steps of conv, batch normalisation by batch statistics,
ReLU, dropout and a dense layer by PyTorch.

Weights, images, labels and masks come from streams.py, so both sides have the same; the file holds the
loss of each step, the gradients of the first, and the weights and running statistics after the last.
Running statistics follow ONNX: running·momentum + batch·(1 − momentum) with the variance ÷ n, where
PyTorch's own layer takes ÷ (n − 1); so they are written out here.

pip install torch==2.13.0 numpy
"""
import json
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

from streams import images, initial, kept

seed, batch, epsilon, momentum = 5, 6, 1e-5, 0.9
p = {
    "conv.weight": torch.tensor(initial((4, 1, 3, 3), "conv.weight", seed, 2 / 9), requires_grad=True),
    "norm.scale": torch.ones(4, requires_grad=True),
    "norm.bias": torch.zeros(4, requires_grad=True),
    "dense.weight": torch.tensor(initial((10, 144), "dense.weight", seed, 2 / 144), requires_grad=True),
    "dense.bias": torch.zeros(10, requires_grad=True),
}
running = {"norm.mean": torch.zeros(4), "norm.var": torch.ones(4)}


def loss_of(step):
    x, labels = images((batch, 1, 8, 8), seed, step)
    x = F.conv2d(torch.tensor(x), p["conv.weight"])
    mean = x.mean((0, 2, 3))
    variance = ((x - mean[:, None, None]) ** 2).mean((0, 2, 3))
    for name, value in (("norm.mean", mean), ("norm.var", variance)):
        running[name] = running[name] * momentum + value.detach() * (1 - momentum)
    x = (x - mean[:, None, None]) / (variance + epsilon).sqrt()[:, None, None]
    x = F.relu(x * p["norm.scale"][:, None, None] + p["norm.bias"][:, None, None])
    mask = torch.tensor(kept(tuple(x.shape), 0.25, seed, "node of drop", step))
    x = torch.where(mask, x / 0.75, torch.zeros(())).flatten(1)
    return F.cross_entropy(F.linear(x, p["dense.weight"], p["dense.bias"]), torch.tensor(labels))


optimizer = torch.optim.SGD(p.values(), lr=0.1, momentum=0.9)
losses = []
for step in range(3):
    optimizer.zero_grad()
    loss = loss_of(step)
    loss.backward()
    losses.append(loss.item())
    if step == 0:
        gradients = {name: t.grad.double().flatten().tolist() for name, t in p.items()}
    optimizer.step()
weights = {name: t.detach().double().flatten().tolist() for name, t in (p | running).items()}
short = lambda values: {name: [float(f"{v:.7g}") for v in list] for name, list in values.items()}
path = pathlib.Path(__file__).with_name("batch_norm_steps.json")
path.write_text(json.dumps({"losses": losses, "gradients": short(gradients), "weights": short(weights)}) + "\n")
print(path.name, path.stat().st_size, "bytes", losses)
