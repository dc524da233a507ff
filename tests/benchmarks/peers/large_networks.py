"""Networks in the widths that people train, for which memory tells tools apart."""

from __future__ import annotations

from typing import Any

SIZE = (3, 256, 256)
WIDTHS = (64, 128, 256, 512, 1024)
SOURCE = """
import torch
from torch import nn
WIDTHS = {widths}
class Double(nn.Sequential):
    def __init__(self, i, o):
        super().__init__(
            nn.Conv2d(i, o, 3, padding=1, bias=False), nn.BatchNorm2d(o), nn.ReLU(inplace=True),
            nn.Conv2d(o, o, 3, padding=1, bias=False), nn.BatchNorm2d(o), nn.ReLU(inplace=True))
class UNet(nn.Module):
    def __init__(self, channels=3, classes=2):
        super().__init__()
        pairs = list(zip(WIDTHS, WIDTHS[1:]))
        self.enc = nn.ModuleList([Double(channels, WIDTHS[0]), *(Double(a, b) for a, b in pairs)])
        self.up = nn.ModuleList(nn.ConvTranspose2d(b, a, 2, stride=2) for a, b in pairs)
        self.dec = nn.ModuleList(Double(b, a) for a, b in pairs)
        self.pool, self.out = nn.MaxPool2d(2), nn.Conv2d(WIDTHS[0], classes, 1)
    def forward(self, x):
        skips = []
        for number, level in enumerate(self.enc):
            x = level(self.pool(x) if number else x)
            skips.append(x)
        for number in reversed(range(len(self.up))):
            x = self.dec[number](torch.cat([skips[number], self.up[number](x)], 1))
        return self.out(x)
# {number}
"""


def large_unet() -> Any:
    """The U-Net with 31 million parameters whose opening is timed in the whole window."""
    made: dict[str, Any] = {}
    exec(SOURCE.format(widths=WIDTHS, number=0), made)  # noqa: S102 - the text above
    return made["UNet"]()
