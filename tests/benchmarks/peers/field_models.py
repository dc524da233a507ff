"""Modules whose receptive fields are measured, by us and by other tools in their own processes.

Channels are few: they change neither field nor geometry. Needs torch alone.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Block(nn.Sequential):
    def __init__(self, given: int, made: int) -> None:
        super().__init__(
            nn.Conv2d(given, made, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(made, made, 3, padding=1),
            nn.ReLU(),
        )


class UNet(nn.Module):
    """Four levels, two 3×3 convolutions a block, pool 2, transposed convolution 2: 188 to 204."""

    def __init__(self, width: int = 4, depth: int = 4) -> None:
        super().__init__()
        widths = [width] * depth
        self.down = nn.ModuleList(
            Block(given, made) for given, made in zip([1, *widths], widths, strict=False)
        )
        self.pool = nn.MaxPool2d(2)
        self.middle = Block(width, width)
        self.grow = nn.ModuleList(nn.ConvTranspose2d(width, width, 2, 2) for _ in widths)
        self.up = nn.ModuleList(Block(2 * width, width) for _ in widths)
        self.head = nn.Conv2d(width, 1, 1)

    def forward(self, image: Tensor) -> Tensor:
        skips = []
        for block in self.down:
            image = block(image)
            skips.append(image)
            image = self.pool(image)
        image = self.middle(image)
        for grow, block in zip(self.grow, self.up, strict=True):
            image = block(torch.cat([skips.pop(), grow(image)], 1))
        return self.head(image)


class Bottleneck(nn.Module):
    """The stride stands in the 3×3."""

    def __init__(self, width: int, stride: int, project: bool) -> None:
        super().__init__()
        self.shortcut = nn.Conv2d(width, width, 1, stride) if project else nn.Identity()
        self.conv1 = nn.Conv2d(width, width, 1)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1)
        self.conv3 = nn.Conv2d(width, width, 1)
        self.relu = nn.ReLU()

    def forward(self, image: Tensor) -> Tensor:
        inner = self.relu(self.conv1(image))
        inner = self.conv3(self.relu(self.conv2(inner)))
        return self.relu(inner + self.shortcut(image))


class ResNet152(nn.Module):
    """The geometry of torchvision's, to the last feature map: 1451."""

    def __init__(self, width: int = 4) -> None:
        super().__init__()
        layers: list[nn.Module] = [
            nn.Conv2d(1, width, 7, 2, 3),
            nn.ReLU(),
            nn.MaxPool2d(3, 2, 1),
        ]
        for group, count in enumerate((3, 8, 36, 3)):
            for unit in range(count):
                stride = 2 if unit == 0 and group else 1
                layers.append(Bottleneck(width, stride, unit == 0))
        self.layers = nn.Sequential(*layers)

    def forward(self, image: Tensor) -> Tensor:
        found: Tensor = self.layers(image)
        return found


MODELS: dict[str, tuple[type[nn.Module], int]] = {
    "UNet": (UNet, 512),
    "ResNet152": (ResNet152, 224),
}
