"""The recipes of sequences and of the U-net trained by PyTorch: samples a second and the most memory.

python bench_recipes_torch.py unet|lstm-brackets|gru-brackets|bahdanau|awd-lstm|transformer [batches]

Random samples in the recipe's batches, Adam, all dropouts in training, after three batches to warm up.
Beside it `dropscope train RECIPE --epochs 1`, which prints samples a second.

pip install torch==2.15.0 numpy
"""
import resource
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

name = sys.argv[1]
batches = int(sys.argv[2]) if len(sys.argv) > 2 else 20
torch.set_num_threads(2)


class UNet(nn.Module):
    def __init__(self):
        super().__init__()

        def pair(read, made):
            return nn.Sequential(
                nn.Conv2d(read, made, 3, padding=1), nn.ReLU(), nn.Conv2d(made, made, 3, padding=1), nn.ReLU())

        self.down = nn.ModuleList([pair(1, 16), pair(16, 32), pair(32, 64)])
        self.bottom = pair(64, 128)
        self.up = nn.ModuleList(
            [nn.Sequential(nn.Upsample(scale_factor=2), nn.ZeroPad2d((0, 1, 0, 1)), nn.Conv2d(2 * n, n, 2), nn.ReLU())
             for n in (64, 32, 16)])
        self.pairs = nn.ModuleList([pair(2 * n, n) for n in (64, 32, 16)])
        self.last = nn.Sequential(nn.Conv2d(16, 2, 3, padding=1), nn.ReLU(), nn.Conv2d(2, 1, 1))

    def forward(self, x):
        skips = []
        for level, pair in enumerate(self.down):
            x = pair(x)
            if level == 2:
                x = F.dropout(x, 0.5)
            skips.append(x)
            x = F.max_pool2d(x, 2)
        x = F.dropout(self.bottom(x), 0.5)
        for up, pair, skip in zip(self.up, self.pairs, reversed(skips)):
            x = pair(torch.cat([skip, up(x)], 1))
        return self.last(x)


class Brackets(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.embedding, self.layer, self.dense = nn.Embedding(3, 16), layer(16, 32, batch_first=True), nn.Linear(32, 2)

    def forward(self, x):
        made, _ = self.layer(F.dropout(self.embedding(x), 0.1))
        return self.dense(F.dropout(made[:, -1], 0.2))


class Dates(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding, self.written = nn.Embedding(43, 32), nn.Embedding(12, 32)
        self.encoder = nn.GRU(32, 64, batch_first=True, bidirectional=True)
        self.decoder = nn.GRUCell(160, 128)
        self.u, self.w, self.v = (nn.Linear(a, b, bias=False) for a, b in ((128, 64), (128, 64), (64, 1)))
        self.bridge, self.output = nn.Linear(128, 128, bias=False), nn.Linear(256, 11)

    def forward(self, x):
        lengths = (x != 0).sum(1)
        packed = nn.utils.rnn.pack_padded_sequence(
            F.dropout(self.embedding(x), 0.1), lengths, batch_first=True, enforce_sorted=False)
        made, last = self.encoder(packed)
        made, _ = nn.utils.rnn.pad_packed_sequence(made, batch_first=True, total_length=x.shape[1])
        keys = self.u(made)
        h = torch.tanh(self.bridge(last.transpose(0, 1).flatten(1)))
        previous, logits = torch.full((len(x),), 11), []
        for _ in range(10):
            scores = self.v(torch.tanh(keys + self.w(h)[:, None]))[..., 0].masked_fill(x == 0, -1e9)
            context = (torch.softmax(scores, -1)[:, None] @ made)[:, 0]
            h = self.decoder(torch.cat([F.dropout(self.written(previous), 0.1), context], 1), h)
            logits.append(self.output(torch.cat([h, context], 1)))
            previous = logits[-1].argmax(1)
        return torch.stack(logits, 1)


def locked(x, p):
    return x * (torch.rand(x.shape[0], 1, x.shape[2]) >= p) / (1 - p)


class AWD(nn.Module):
    def __init__(self):
        super().__init__()
        self.table, self.bias = nn.Parameter(torch.randn(97, 64) / 8), nn.Parameter(torch.zeros(97))
        self.layers = nn.ModuleList([nn.LSTM(64, 192, batch_first=True), nn.LSTM(192, 64, batch_first=True)])

    def forward(self, x):
        x = locked((self.table * (torch.rand(97, 1) >= 0.02) / 0.98)[x], 0.25)
        for layer, p in zip(self.layers, (0.15, 0.1)):
            dropped = {"weight_hh_l0": F.dropout(layer.weight_hh_l0, 0.2)}
            made, _ = torch.func.functional_call(layer, dropped, (x,))
            x = locked(made, p)
        return x @ self.table.T + self.bias


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding, self.places, self.output = nn.Embedding(97, 64), nn.Embedding(64, 64), nn.Linear(64, 97)
        self.blocks = nn.ModuleList(
            [nn.TransformerEncoderLayer(64, 4, 256, 0.1, batch_first=True) for _ in range(2)])

    def forward(self, x):
        later = nn.Transformer.generate_square_subsequent_mask(x.shape[1])
        x = F.dropout(self.embedding(x) + self.places.weight[:x.shape[1]], 0.1)
        for block in self.blocks:
            x = block(x, src_mask=later, is_causal=True)
        return self.output(x)


def tokens(count, classes, *shape):
    return torch.randint(0, classes, (count, *shape))


kinds = {
    "unet": (UNet, 16, lambda n: (torch.rand(n, 1, 64, 64), (torch.rand(n, 1, 64, 64) > 0.8).float())),
    "lstm-brackets": (lambda: Brackets(nn.LSTM), 64, lambda n: (tokens(n, 3, 24), tokens(n, 2))),
    "gru-brackets": (lambda: Brackets(nn.GRU), 64, lambda n: (tokens(n, 3, 24), tokens(n, 2))),
    "bahdanau": (Dates, 64, lambda n: (1 + tokens(n, 42, 28), tokens(n, 11, 10))),
    "awd-lstm": (AWD, 32, lambda n: (tokens(n, 97, 64), tokens(n, 97, 64))),
    "transformer": (Transformer, 32, lambda n: (tokens(n, 97, 64), tokens(n, 97, 64))),
}
make, size, samples = kinds[name]
model = make().train()
optimizer = torch.optim.Adam(model.parameters(), lr=0.001)


def step():
    x, wanted = samples(size)
    optimizer.zero_grad()
    y = model(x)
    if name == "unet":
        loss = F.binary_cross_entropy_with_logits(y, wanted)
    else:
        loss = F.cross_entropy(y.reshape(-1, y.shape[-1]), wanted.reshape(-1))
    loss.backward()
    optimizer.step()


for _ in range(3):
    step()
start = time.perf_counter()
for _ in range(batches):
    step()
seconds = time.perf_counter() - start
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(f"{name}: {batches * size / seconds:.0f} samples/s, {memory:.0f} MiB")
