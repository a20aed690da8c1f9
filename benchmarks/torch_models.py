"""The four models in plain PyTorch, the outside peer: its own layers, its own Adam, its own loop.

Two differences that PyTorch makes: its recurrent layers have two biases a gate (so more
parameters), and they know no sigmoid in the recurrence (so the sigmoid follows the last state).
"""

from __future__ import annotations

import time

import numpy as np
import torch
from torch import nn

from benchmarks.recipe import BATCH, DIMENSIONS, UNITS, WORDS


class Network(nn.Module):
    """Embedding, then the layers of one model; logits out."""

    def __init__(self, model: str) -> None:
        super().__init__()
        self.model = model
        self.table = nn.Embedding(WORDS + 1, DIMENSIONS)
        if model == "mlp":
            self.head = nn.Sequential(nn.Linear(DIMENSIONS, UNITS), nn.ReLU(), nn.Linear(UNITS, 1))
            return
        inputs = 5 if model == "conv" else DIMENSIONS
        if model == "conv":
            self.filters = nn.Conv1d(DIMENSIONS, 5, kernel_size=2)
        recurrent = nn.LSTM if model == "lstm" else nn.RNN
        self.first = recurrent(inputs, UNITS, batch_first=True)
        self.second = recurrent(UNITS, 1, batch_first=True)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        vectors = self.table(ids)  # (n, 100, 50)
        if self.model == "mlp":
            return self.head(vectors)[..., 0]  # (n, 100): one answer a word
        if self.model == "conv":
            vectors = self.filters(vectors.transpose(1, 2)).transpose(1, 2)
        states, _ = self.first(vectors)
        return self.second(states)[0][:, -1, 0]  # (n,)


def train(
    model: str,
    style: str,
    ids: np.ndarray,
    labels: np.ndarray,
    *,
    options: dict | None = None,
    frozen: bool = False,
    batch: int = BATCH,
    seconds: float = 1.0,
) -> dict:
    """As `benchmarks.keras_models.train`; `options` are arguments of Adam."""
    torch.set_num_threads(1)  # tensors are so small that a second thread only gets in the way
    x, y = torch.from_numpy(ids.astype("int64")), torch.from_numpy(labels.astype("float32"))
    if model == "mlp":
        y = y[:, None].repeat(1, ids.shape[1])
    begin = time.perf_counter()
    torch.manual_seed(0)
    network = Network(model)
    adam = torch.optim.Adam(network.parameters(), **(options or {}))
    loss_of = nn.BCEWithLogitsLoss()

    def epoch(num_rows: int) -> None:
        for some in torch.randperm(num_rows).split(batch):
            adam.zero_grad()
            loss_of(network(x[some]), y[some]).backward()
            adam.step()

    epoch(2 * batch)
    warm_up = time.perf_counter() - begin
    times: list[float] = []
    while sum(times) < seconds or len(times) < 2:
        begin = time.perf_counter()
        epoch(len(x))
        times.append(time.perf_counter() - begin)
    return {
        "samples_per_second": len(x) / float(np.median(times)),
        "warm_up_seconds": warm_up,
        "parameters": sum(weights.numel() for weights in network.parameters()),
        "epochs": len(times),
    }
