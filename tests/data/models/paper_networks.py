"""Known networks written by hand from their papers, a few channels wide, for what a review finds.

Each is (module, shape of the input without its batch axis).
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional

from tests.data.models.encoder_decoders import Basic, ResidualEncoder, conv, twice


class BilinearUNet(nn.Module):
    """The U-Net most copied from the web, its way up bilinear with aligned corners."""

    def __init__(self, depth: int = 3) -> None:
        super().__init__()
        widths = [4 * 2**i for i in range(depth)] + [4 * 2 ** (depth - 1)]
        self.first = twice(3, 4)
        self.down = nn.ModuleList(twice(widths[i], widths[i + 1]) for i in range(depth))
        self.rise = nn.ModuleList(
            twice(2 * widths[i], widths[max(i - 1, 0)]) for i in reversed(range(depth))
        )
        self.head = nn.Conv2d(4, 2, 1)

    def forward(self, x: Tensor) -> Tensor:
        kept = [self.first(x)]
        for down in self.down:
            kept.append(down(functional.max_pool2d(kept[-1], 2)))
        x = kept.pop()
        for rise in self.rise:
            skip = kept.pop()
            x = functional.interpolate(x, scale_factor=2, mode="bilinear", align_corners=True)
            x = rise(torch.cat([skip, x], 1))
        return self.head(x)


class Downsampler(nn.Module):
    """ERFNet's and ENet's first step: a strided convolution beside a pooling."""

    def __init__(self, before: int, after: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(before, after - before, 3, 2, 1)
        self.bn = nn.BatchNorm2d(after)

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(self.bn(torch.cat([self.conv(x), functional.max_pool2d(x, 2)], 1)))


class Factorised(nn.Module):
    """ERFNet's residual block of columns and rows, the second pair dilated."""

    def __init__(self, channels: int, rate: int) -> None:
        super().__init__()
        self.tall = nn.Conv2d(channels, channels, (3, 1), 1, (1, 0))
        self.flat = nn.Conv2d(channels, channels, (1, 3), 1, (0, 1))
        self.bn1 = nn.BatchNorm2d(channels)
        self.tall2 = nn.Conv2d(channels, channels, (3, 1), 1, (rate, 0), (rate, 1))
        self.flat2 = nn.Conv2d(channels, channels, (1, 3), 1, (0, rate), (1, rate))
        self.bn2 = nn.BatchNorm2d(channels)

    def forward(self, x: Tensor) -> Tensor:
        y = torch.relu(self.bn1(self.flat(torch.relu(self.tall(x)))))
        return torch.relu(x + self.bn2(self.flat2(torch.relu(self.tall2(y)))))


class ERFNet(nn.Module):
    """Romera, Álvarez, Bergasa, Arroyo 2018: downsamplers, factorised blocks, k 3 s 2 up."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Sequential(
            Downsampler(3, 8), Downsampler(8, 16), Factorised(16, 1), Factorised(16, 1),
            Downsampler(16, 32), Factorised(32, 2), Factorised(32, 4), Factorised(32, 8),
        )  # fmt: skip
        self.decoder = nn.Sequential(
            nn.ConvTranspose2d(32, 16, 3, 2, 1, 1), nn.BatchNorm2d(16), nn.ReLU(),
            Factorised(16, 1),
            nn.ConvTranspose2d(16, 8, 3, 2, 1, 1), nn.BatchNorm2d(8), nn.ReLU(),
            Factorised(8, 1),
            nn.ConvTranspose2d(8, 5, 2, 2),
        )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        return self.decoder(self.encoder(x))


class Reflected(nn.Module):
    """CycleGAN's residual block."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.ReflectionPad2d(1), nn.Conv2d(channels, channels, 3), nn.InstanceNorm2d(channels),
            nn.ReLU(),
            nn.ReflectionPad2d(1), nn.Conv2d(channels, channels, 3), nn.InstanceNorm2d(channels),
        )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        return x + self.body(x)


def cycle_gan() -> nn.Module:
    """Zhu, Park, Isola, Efros 2017: the generator, with three of its nine blocks."""

    def step(before: int, after: int) -> list[nn.Module]:
        return [nn.Conv2d(before, after, 3, 2, 1), nn.InstanceNorm2d(after), nn.ReLU()]

    def back(before: int, after: int) -> list[nn.Module]:
        up = nn.ConvTranspose2d(before, after, 3, 2, 1, 1)
        return [up, nn.InstanceNorm2d(after), nn.ReLU()]

    return nn.Sequential(
        nn.ReflectionPad2d(3), nn.Conv2d(3, 4, 7), nn.InstanceNorm2d(4), nn.ReLU(),
        *step(4, 8), *step(8, 16), *(Reflected(16) for _ in range(3)), *back(16, 8), *back(8, 4),
        nn.ReflectionPad2d(3), nn.Conv2d(4, 3, 7), nn.Tanh(),
    )  # fmt: skip


class DeepLab(nn.Module):
    """Chen, Zhu, Papandreou, Schroff, Adam 2018: dilated spatial pyramid, decoder of one skip."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(conv(3, 8, 2), conv(8, 16, 2))
        self.deep = nn.Sequential(Basic(16, 24, 2), Basic(24, 32, 2))
        self.rates = nn.ModuleList(
            [nn.Sequential(nn.Conv2d(32, 8, 1, bias=False), nn.BatchNorm2d(8), nn.ReLU())]
            + [conv(32, 8, dilation=rate) for rate in (6, 12, 18)]
        )
        self.project = nn.Sequential(nn.Conv2d(32, 8, 1, bias=False), nn.BatchNorm2d(8), nn.ReLU())
        self.low = nn.Sequential(nn.Conv2d(16, 4, 1, bias=False), nn.BatchNorm2d(4), nn.ReLU())
        self.last = nn.Sequential(twice(12, 8), nn.Conv2d(8, 5, 1))

    def forward(self, x: Tensor) -> Tensor:
        low = self.stem(x)
        deep = self.deep(low)
        y = self.project(torch.cat([rate(deep) for rate in self.rates], 1))
        y = functional.interpolate(y, scale_factor=4.0, mode="bilinear", align_corners=False)
        y = self.last(torch.cat([y, self.low(low)], 1))
        return functional.interpolate(y, scale_factor=4.0, mode="bilinear", align_corners=False)


class FeaturePyramid(nn.Module):
    """Lin, Dollár, Girshick, He, Hariharan, Belongie 2017, on a residual encoder."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = ResidualEncoder()
        self.side = nn.ModuleList(nn.Conv2d(width, 8, 1) for width in (8, 16, 32, 64))
        self.smooth = nn.Conv2d(8, 8, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        maps = self.encoder(x)[1:]
        y = self.side[3](maps[3])
        for i in (2, 1, 0):
            y = self.side[i](maps[i]) + functional.interpolate(y, scale_factor=2.0, mode="nearest")
        return self.smooth(y)


class Hourglass(nn.Module):
    """Newell, Yang, Deng 2016: pooling, nearest up, and a residual block on every way."""

    def __init__(self, depth: int, width: int) -> None:
        super().__init__()
        self.beside, self.before = Basic(width, width), Basic(width, width)
        self.inner = Hourglass(depth - 1, width) if depth > 1 else Basic(width, width)
        self.after = Basic(width, width)

    def forward(self, x: Tensor) -> Tensor:
        low = self.after(self.inner(self.before(functional.max_pool2d(x, 2))))
        return self.beside(x) + functional.interpolate(low, scale_factor=2.0, mode="nearest")


def dilated(*rates: int) -> nn.Module:
    """Convolutions of these rates in a row: 2, 2, 2 leaves a grid, 1, 2, 5 none (Wang 2018)."""
    return nn.Sequential(
        nn.Conv2d(3, 4, 1), nn.ReLU(),
        *(layer for rate in rates for layer in (nn.Conv2d(4, 4, 3, 1, rate, rate), nn.ReLU())),
        nn.Conv2d(4, 2, 1),
    )  # fmt: skip


def pooled_four_times() -> nn.Module:
    """Down by 16: of 72 pixels the last eight are never read."""
    levels = ((3, 8), (8, 8), (8, 8), (8, 8))
    return nn.Sequential(
        *(layer for before, after in levels for layer in
          (nn.Conv2d(before, after, 1), nn.ReLU(), nn.MaxPool2d(2)))
    )  # fmt: skip


class Fusion(nn.Module):
    """Sun, Xiao, Liu, Wang 2019 (HRNet): two resolutions side by side that exchange maps."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(conv(3, 8, 2), conv(8, 8, 2))
        self.down, self.high = conv(8, 16, 2), Basic(8, 8)
        self.low = Basic(16, 16)
        self.up = nn.Sequential(nn.Conv2d(16, 8, 1, bias=False), nn.BatchNorm2d(8))
        self.head = nn.Conv2d(8, 5, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        high, low = self.high(x), self.low(self.down(x))
        up = functional.interpolate(self.up(low), scale_factor=2.0, mode="nearest")
        return self.head(torch.relu(high + up))


class EvenKernels(nn.Module):
    """Kernels of 4 padded by hand to keep the size, as ports of another framework's `same` do."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.two = nn.Conv2d(3, 6, 4), nn.Conv2d(6, 2, 4)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.relu(self.one(functional.pad(x, (1, 2, 1, 2))))
        return torch.sigmoid(torch.relu(self.two(functional.pad(x, (1, 2, 1, 2)))))


class LookingBack(nn.Module):
    """A temporal convolutional network: padded on both sides, cut off behind, added."""

    def __init__(self, rates: tuple[int, ...] = (1, 2, 4)) -> None:
        super().__init__()
        self.steps = nn.ModuleList(
            nn.Conv1d(4, 4, 3, padding=2 * rate, dilation=rate) for rate in rates
        )
        self.rates = rates

    def forward(self, x: Tensor) -> Tensor:
        for rate, step in zip(self.rates, self.steps, strict=True):
            x = x + torch.relu(step(x)[:, :, : -2 * rate])
        return x


PAPERS: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...]]] = {
    "bilinear U-Net": (BilinearUNet, (3, 64, 64)),
    "ERFNet": (ERFNet, (3, 64, 64)),
    "CycleGAN generator": (cycle_gan, (3, 64, 64)),
    "DeepLabv3+": (DeepLab, (3, 128, 128)),
    "feature pyramid": (FeaturePyramid, (3, 64, 64)),
    "hourglass": (lambda: nn.Sequential(conv(3, 8), Hourglass(3, 8), nn.Conv2d(8, 4, 1)),
                  (3, 64, 64)),
    "rates 2, 2, 2": (lambda: dilated(2, 2, 2), (3, 48, 48)),
    "rates 1, 2, 5": (lambda: dilated(1, 2, 5), (3, 48, 48)),
    "HRNet fusion": (Fusion, (3, 64, 64)),
    "even kernels": (EvenKernels, (3, 40, 40)),
    "pooled 72": (pooled_four_times, (3, 72, 72)),
    "looking back": (LookingBack, (4, 64)),
}  # fmt: skip
"""What makes each network, and the input without its batch axis."""
