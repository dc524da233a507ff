"""Modules whose forward computes tensors of nothing or of their weights, which no file names."""

import torch
from torch import Tensor, nn
from torch.nn.utils import spectral_norm, weight_norm
from torch.nn.utils.parametrizations import weight_norm as parametrized


class Masked(nn.Module):
    """Multiplied with a buffer that is not stored, and with one that is."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, padding=1)
        self.register_buffer("mask", torch.tril(torch.ones(6, 9)), persistent=False)
        self.register_buffer("held", torch.rand(4, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(x) * self.mask * self.held


class Normed(nn.Module):
    """Kernels that are made of their direction and length, and of a largest singular value."""

    def __init__(self) -> None:
        super().__init__()
        self.first = weight_norm(nn.Conv2d(3, 4, 3, padding=1))
        self.second = parametrized(nn.Conv2d(4, 4, 3, padding=1))
        self.third = spectral_norm(nn.Conv2d(4, 2, 3, padding=1))

    def forward(self, x: Tensor) -> Tensor:
        return self.third(self.second(self.first(x)).relu())


class Centred(nn.Module):
    """A plain tensor attribute, cast in the forward to the type of the picture."""

    def __init__(self) -> None:
        super().__init__()
        self.mean = torch.tensor([0.4, 0.5, 0.6]).view(1, 3, 1, 1)
        self.body = nn.Conv2d(3, 2, 3, padding=1)

    def forward(self, x):
        self.mean = self.mean.type_as(x)
        return self.body(x - self.mean).type_as(x)
