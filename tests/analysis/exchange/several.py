"""Models that take or give several things, or draw random numbers, as people write them."""

from __future__ import annotations

from collections import namedtuple
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

Pair = namedtuple("Pair", "logits features")


@dataclass
class Result:
    """What a model returns: a map, deeper ones, and what was not made."""

    sample: Tensor
    deeper: tuple[Tensor, ...]
    loss: Tensor | None = None
    steps: int = 3


class Seeded(nn.Module):
    """The same weights in every process."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(7)


class Supervised(Seeded):
    """Maps of three resolutions, coarse to fine; then the input itself."""

    def __init__(self) -> None:
        super().__init__()
        self.body, self.coarse = nn.Conv2d(3, 4, 3, padding=1), nn.Conv2d(4, 2, 1)
        self.middle, self.fine = nn.Conv2d(4, 2, 3, padding=1), nn.Conv2d(4, 2, 1)

    def forward(self, x):
        y = self.body(x)
        coarse, middle = functional.avg_pool2d(y, 4), functional.avg_pool2d(y, 2)
        return [self.coarse(coarse), self.middle(middle), self.fine(y), x]


class Fields(Seeded):
    """A dataclass with a tuple, a number and nothing in it."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.last = nn.Conv2d(3, 4, 3, padding=1), nn.Conv2d(4, 3, 3, padding=1)

    def forward(self, x):
        y = self.first(x).relu()
        return Result(self.last(y), (y, functional.max_pool2d(y, 2)))


class Named(Seeded):
    """A named tuple in a dict: the same resolution twice, one of them called logits."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.last = nn.Conv2d(1, 4, 3), nn.Conv2d(4, 2, 1)
        self.aux = nn.Conv2d(4, 2, 1)

    def forward(self, x):
        y = self.first(x)
        return {"main": Pair(self.last(y), y.sigmoid()), "aux": self.aux(y)}


class Stepped(Seeded):
    """A step of diffusion beside the picture."""

    def __init__(self) -> None:
        super().__init__()
        self.t, self.body = nn.Linear(8, 3), nn.Conv2d(3, 2, 3, padding=1)

    def forward(self, t, x):
        angles = t.float()[:, None] * torch.exp(-torch.arange(4, device=x.device))
        step = self.t(torch.cat([angles.sin(), angles.cos()], 1))
        return self.body(x + step[:, :, None, None])


class Batch(Seeded):
    """A dict in, of which it reads a picture, a mask and a class."""

    def __init__(self) -> None:
        super().__init__()
        self.body, self.embed = nn.Conv2d(3, 4, 3, padding=1), nn.Embedding(10, 4)

    def forward(self, batch):
        kind = self.embed(batch["class"]).view(-1, 4, 1, 1)
        return {"mask": (self.body(batch["image"]) + kind) * batch["mask"]}


class Attributes(Seeded):
    """An object in, with attributes, and a switch."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Conv2d(3, 4, 3, padding=1)

    def forward(self, data, twice: bool, scale: float = 2.0):
        y = self.body(data.pixels - data.reference) * scale
        return self.body(y[:, :3]) if twice else y


class Sampling(Seeded):
    """A variational auto-encoder: a draw in the forward."""

    def __init__(self) -> None:
        super().__init__()
        self.encode, self.decode = nn.Conv2d(1, 4, 4, 4), nn.Linear(8, 64)
        self.mean, self.log_variance = nn.Linear(16, 8), nn.Linear(16, 8)

    def forward(self, x):
        h = self.encode(x).flatten(1)
        mean, log_variance = self.mean(h), self.log_variance(h)
        z = mean + torch.randn_like(mean) * (0.5 * log_variance).exp()
        return [self.decode(z).view(-1, 1, 8, 8), x, mean, log_variance]


class Noisy(Seeded):
    """Random numbers of other kinds."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Conv2d(1, 4, 3, padding=1)

    def forward(self, x):
        y = self.body(x)
        kept = torch.empty_like(y).bernoulli_(0.75)
        spread = torch.empty(1, 4, 1, 1).uniform_(-0.5, 0.5)
        return y * kept + spread + torch.randn(y.shape)
