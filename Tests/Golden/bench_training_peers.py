"""The network of `keras-vgg` in Keras 3 on TensorFlow, or in PyTorch: one epoch of training and one
of prediction over 320 random images in batches of 32, after one of each to warm up.

python bench_training_peers.py keras|torch

Prints images a second and the most memory the process has had. Beside it:
swift run -c release Benchmarks keras-vgg-train keras-vgg-predict --threads 2 --json

pip install keras==3.15.1 tensorflow-cpu==2.21.0 torch==2.13.0 numpy
"""
import os
import resource
import sys
import time

import numpy as np

count, batch = 320, 32
rng = np.random.default_rng(1)
x = rng.random((count, 3, 100, 100), dtype=np.float32)
y = rng.integers(0, 10, count)


def of_keras():
    os.environ["KERAS_BACKEND"] = "tensorflow"
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import keras
    from keras import layers

    net = [keras.Input((100, 100, 3))]
    for channels in (32, 64):
        net += [layers.Conv2D(channels, 3, activation="relu") for _ in range(2)]
        net += [layers.MaxPooling2D(2), layers.Dropout(0.25)]
    net += [layers.Flatten(), layers.Dense(256, activation="relu"), layers.Dropout(0.5)]
    model = keras.Sequential(net + [layers.Dense(10, activation="softmax")])
    rate = keras.optimizers.schedules.InverseTimeDecay(0.01, decay_steps=1, decay_rate=1e-6)
    model.compile(
        loss="sparse_categorical_crossentropy",
        optimizer=keras.optimizers.SGD(rate, momentum=0.9, nesterov=True))
    images = np.ascontiguousarray(x.transpose(0, 2, 3, 1))
    return (
        lambda: model.fit(images, y, batch_size=batch, epochs=1, verbose=0),
        lambda: model.predict(images, batch_size=batch, verbose=0),
    )


def of_torch():
    import torch
    from torch import nn

    def pair(a, b):
        return [
            nn.Conv2d(a, b, 3), nn.ReLU(), nn.Conv2d(b, b, 3), nn.ReLU(), nn.MaxPool2d(2),
            nn.Dropout(0.25),
        ]

    model = nn.Sequential(
        *pair(3, 32), *pair(32, 64), nn.Flatten(), nn.Linear(64 * 22 * 22, 256), nn.ReLU(),
        nn.Dropout(0.5), nn.Linear(256, 10))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, nesterov=True)
    images, labels = torch.tensor(x), torch.tensor(y)

    def train():
        model.train()
        for i in range(0, count, batch):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(images[i:i + batch]), labels[i:i + batch])
            loss.backward()
            optimizer.step()

    def predict():
        model.eval()
        with torch.inference_mode():
            for i in range(0, count, batch):
                model(images[i:i + batch]).softmax(1)

    return train, predict


train, predict = {"keras": of_keras, "torch": of_torch}[sys.argv[1]]()
for name, work in (("train", train), ("predict", predict)):
    work()
    start = time.perf_counter()
    work()
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{sys.argv[1]} keras-vgg-{name}: {count / seconds:.0f} images/s, at most {peak} MB")
