"""Small networks written the way people write the known ones; each `build_…` takes no arguments.

They stand for how such networks are nested in modules, not for their size: U-Net, U-Net++,
U²-Net, attention U-Net, residual encoders, restoration networks of many blocks, nested levels as
pix2pix builds them, auto-encoders, a chain that only goes down.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional


def conv(before: int, after: int, stride: int = 1, dilation: int = 1) -> nn.Sequential:
    """Convolution, normalisation, activation."""
    return nn.Sequential(
        nn.Conv2d(before, after, 3, stride, padding=dilation, dilation=dilation, bias=False),
        nn.BatchNorm2d(after),
        nn.ReLU(inplace=True),
    )


def twice(before: int, after: int) -> nn.Sequential:
    return nn.Sequential(conv(before, after), conv(after, after))


def larger(x: Tensor, like: Tensor) -> Tensor:
    return functional.interpolate(x, size=like.shape[2:], mode="bilinear", align_corners=False)


class CroppedUp(nn.Module):
    """A decoder's block that crops the skip itself, as for unpadded convolutions."""

    def __init__(self) -> None:
        super().__init__()
        self.u, self.c = nn.ConvTranspose2d(16, 8, 2, 2), nn.Conv2d(16, 8, 3)

    def forward(self, d: Tensor, e: Tensor) -> Tensor:
        d = self.u(d)
        y, x = (e.shape[-2] - d.shape[-2]) // 2, (e.shape[-1] - d.shape[-1]) // 2
        kept = e[..., y : y + d.shape[-2], x : x + d.shape[-1]]
        return self.c(torch.cat([kept, d], 1))


class CroppedUNet(nn.Module):
    """The U-Net of 2015 in small."""

    def __init__(self) -> None:
        super().__init__()
        self.enc = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU())
        self.pool = nn.MaxPool2d(2)
        self.mid = nn.Sequential(nn.Conv2d(8, 16, 3), nn.ReLU())
        self.up, self.out = CroppedUp(), nn.Conv2d(8, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        e = self.enc(x)
        return self.out(self.up(self.mid(self.pool(e)), e))


class Gate(nn.Module):
    """An additive attention gate."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.g, self.x = nn.Conv2d(channels, 4, 1), nn.Conv2d(channels, 4, 1)
        self.psi = nn.Sequential(nn.Conv2d(4, 1, 1), nn.BatchNorm2d(1), nn.Sigmoid())

    def forward(self, g: Tensor, x: Tensor) -> Tensor:
        return x * self.psi(functional.relu(self.g(g) + self.x(x)))


class AttentionUNet(nn.Module):
    """Attention gates on the skips, blocks as attributes."""

    def __init__(self, depth: int = 4) -> None:
        super().__init__()
        wide = [8 * 2**i for i in range(depth + 1)]
        self.pool = nn.MaxPool2d(2)
        self.encode = nn.ModuleList(twice(a, b) for a, b in zip([3, *wide], wide, strict=False))
        self.up = nn.ModuleList(
            nn.Sequential(nn.Upsample(scale_factor=2), conv(wide[i + 1], wide[i]))
            for i in range(depth)
        )
        self.gate = nn.ModuleList(Gate(wide[i]) for i in range(depth))
        self.decode = nn.ModuleList(twice(2 * wide[i], wide[i]) for i in range(depth))
        self.head = nn.Conv2d(8, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        kept: list[Tensor] = []
        for i, block in enumerate(self.encode):
            x = block(self.pool(x) if i else x)
            kept.append(x)
        for i in reversed(range(len(self.up))):
            up = self.up[i](x)
            x = self.decode[i](torch.cat((self.gate[i](up, kept[i]), up), 1))
        return self.head(x)


class NestedUNet(nn.Module):
    """U-Net++ with a head on every node of its top row."""

    def __init__(self, depth: int = 4) -> None:
        super().__init__()
        wide = [8 * 2**i for i in range(depth)]
        self.pool, self.up = nn.MaxPool2d(2), nn.Upsample(scale_factor=2)
        for i in range(depth):
            self.add_module(f"conv{i}_0", twice(wide[i - 1] if i else 3, wide[i]))
            for j in range(1, depth - i):
                self.add_module(f"conv{i}_{j}", twice(wide[i] * j + wide[i + 1], wide[i]))
        self.heads = nn.ModuleList(nn.Conv2d(8, 1, 1) for _ in range(1, depth))
        self.depth = depth

    def forward(self, x: Tensor) -> list[Tensor]:
        made: dict[tuple[int, int], Tensor] = {}
        for i in range(self.depth):
            below = self.pool(made[i - 1, 0]) if i else x
            made[i, 0] = self.get_submodule(f"conv{i}_0")(below)
            for j in range(1, i + 1):
                k = i - j
                row = [made[k, m] for m in range(j)]
                joined = torch.cat([*row, self.up(made[k + 1, j - 1])], 1)
                made[k, j] = self.get_submodule(f"conv{k}_{j}")(joined)
        return [head(made[0, j]) for j, head in reversed([*enumerate(self.heads, 1)])]


class Small(nn.Module):
    """A residual stage that is a U itself, as in U²-Net; `depth` 0 dilates instead of pooling."""

    def __init__(self, before: int, middle: int, after: int, depth: int) -> None:
        super().__init__()
        self.first = conv(before, after)
        self.down = nn.ModuleList(conv(middle if i else after, middle) for i in range(depth + 1))
        self.low = conv(middle, middle, dilation=2)
        self.rise = nn.ModuleList(
            conv(2 * middle, middle if i else after) for i in range(depth + 1)
        )
        self.pool = nn.MaxPool2d(2, 2, ceil_mode=True)

    def forward(self, x: Tensor) -> Tensor:
        x = first = self.first(x)
        kept = []
        for i, block in enumerate(self.down):
            x = block(self.pool(x) if i else x)
            kept.append(x)
        x = self.low(x)
        for i in reversed(range(len(self.rise))):
            x = self.rise[i](torch.cat((larger(x, kept[i]), kept[i]), 1))
        return x + first


class U2Net(nn.Module):
    """Eleven stages in a U, each with a U inside, and a side output of every stage above."""

    def __init__(self) -> None:
        super().__init__()
        depths = (5, 4, 3, 2, 0)
        self.stage1 = Small(3, 4, 8, depths[0])
        for i in range(2, 6):
            self.add_module(f"stage{i}", Small(8, 4, 8, depths[i - 1]))
        self.stage6 = Small(8, 4, 8, 0)
        for i in range(5, 0, -1):
            self.add_module(f"stage{i}d", Small(16, 4, 8, depths[i - 1]))
        for i in range(1, 7):
            self.add_module(f"side{i}", nn.Conv2d(8, 1, 3, padding=1))
        self.pool = nn.MaxPool2d(2, 2, ceil_mode=True)
        self.outconv = nn.Conv2d(6, 1, 1)

    def forward(self, x: Tensor) -> tuple[Tensor, ...]:
        kept = []
        for i in range(1, 7):
            x = self.get_submodule(f"stage{i}")(self.pool(x) if kept else x)
            kept.append(x)
        ends = [x]
        for i in range(5, 0, -1):
            x = self.get_submodule(f"stage{i}d")(
                torch.cat((larger(x, kept[i - 1]), kept[i - 1]), 1)
            )
            ends.append(x)
        sides = [self.get_submodule(f"side{6 - i}")(each) for i, each in enumerate(ends)]
        sides = [larger(side, sides[-1]) for side in sides]
        fused = self.outconv(torch.cat(sides[::-1], 1))
        return tuple(torch.sigmoid(each) for each in (fused, *sides[::-1]))


class Basic(nn.Module):
    """The block of ResNet-18."""

    def __init__(self, before: int, after: int, stride: int = 1) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(before, after, 3, stride, 1, bias=False)
        self.bn1, self.relu = nn.BatchNorm2d(after), nn.ReLU(inplace=True)
        self.conv2, self.bn2 = nn.Conv2d(after, after, 3, 1, 1, bias=False), nn.BatchNorm2d(after)
        self.downsample = (
            nn.Sequential(nn.Conv2d(before, after, 1, stride, bias=False), nn.BatchNorm2d(after))
            if stride > 1 or before != after
            else None
        )

    def forward(self, x: Tensor) -> Tensor:
        y = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        return self.relu(y + (self.downsample(x) if self.downsample is not None else x))


class ResidualEncoder(nn.Module):
    """ResNet-34's nesting: a stem, then layers of several blocks."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 7, 2, 3, bias=False)
        self.bn1, self.relu = nn.BatchNorm2d(8), nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        for i, blocks in enumerate((3, 4, 6, 3), 1):
            before, after = 8 * 2 ** max(i - 2, 0), 8 * 2 ** (i - 1)
            first = Basic(before, after, 1 if i == 1 else 2)
            rest = (Basic(after, after) for _ in range(blocks - 1))
            self.add_module(f"layer{i}", nn.Sequential(first, *rest))

    def forward(self, x: Tensor) -> list[Tensor]:
        found = [self.relu(self.bn1(self.conv1(x)))]
        x = self.maxpool(found[0])
        for i in range(1, 5):
            x = self.get_submodule(f"layer{i}")(x)
            found.append(x)
        return found


class DecoderBlock(nn.Module):
    """Upsampling, concatenation and two convolutions, in one module."""

    def __init__(self, before: int, skip: int, after: int) -> None:
        super().__init__()
        self.conv1, self.conv2 = conv(before + skip, after), conv(after, after)

    def forward(self, x: Tensor, skip: Tensor | None = None) -> Tensor:
        x = functional.interpolate(x, scale_factor=2.0, mode="nearest")
        return self.conv2(self.conv1(torch.cat([x, skip], 1) if skip is not None else x))


class Decoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(
            DecoderBlock(before, skip, after)
            for before, skip, after in (
                *((64, 32, 32), (32, 16, 16), (16, 8, 8), (8, 8, 8)),
                (8, 0, 8),
            )
        )

    def forward(self, found: list[Tensor]) -> Tensor:
        x, *kept = found[::-1]
        for i, block in enumerate(self.blocks):
            x = block(x, kept[i] if i < len(kept) else None)
        return x


class ResidualUNet(nn.Module):
    """A ResNet as encoder, decoder and head as modules of their own."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder, self.decoder = ResidualEncoder(), Decoder()
        self.segmentation_head = nn.Sequential(nn.Conv2d(8, 1, 3, padding=1), nn.Identity())

    def forward(self, x: Tensor) -> Tensor:
        return self.segmentation_head(self.decoder(self.encoder(x)))


class Restoring(nn.Module):
    """A block of a restoration network: gated, with attention over channels, all residual."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 2 * channels, 1)
        self.conv2 = nn.Conv2d(2 * channels, 2 * channels, 3, 1, 1, groups=2 * channels)
        self.sca = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(channels, channels, 1))
        self.conv3 = nn.Conv2d(channels, channels, 1)
        self.beta = nn.Parameter(torch.zeros(1, channels, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        one, two = self.conv2(self.conv1(x)).chunk(2, 1)
        y = one * two
        return x + self.conv3(y * self.sca(y)) * self.beta


class RestorationNet(nn.Module):
    """Levels of many blocks, skips added, the picture added at the end (as NAFNet is nested)."""

    def __init__(self) -> None:
        super().__init__()
        self.intro, self.ending = nn.Conv2d(3, 8, 3, 1, 1), nn.Conv2d(8, 3, 3, 1, 1)
        self.encoders, self.downs = nn.ModuleList(), nn.ModuleList()
        self.ups, self.decoders = nn.ModuleList(), nn.ModuleList()
        channels = 8
        for blocks in (1, 1, 2, 4):
            self.encoders.append(nn.Sequential(*(Restoring(channels) for _ in range(blocks))))
            self.downs.append(nn.Conv2d(channels, 2 * channels, 2, 2))
            channels *= 2
        self.middle_blks = nn.Sequential(*(Restoring(channels) for _ in range(3)))
        for blocks in (1, 1, 1, 1):
            up = nn.Sequential(nn.Conv2d(channels, 2 * channels, 1, bias=False), nn.PixelShuffle(2))
            channels //= 2
            self.ups.append(up)
            self.decoders.append(nn.Sequential(*(Restoring(channels) for _ in range(blocks))))

    def forward(self, picture: Tensor) -> Tensor:
        x, kept = self.intro(picture), []
        for encoder, down in zip(self.encoders, self.downs, strict=True):
            x = encoder(x)
            kept.append(x)
            x = down(x)
        x = self.middle_blks(x)
        for decoder, up, skip in zip(self.decoders, self.ups, kept[::-1], strict=True):
            x = decoder(up(x) + skip)
        return self.ending(x) + picture


class DownBlock(nn.Module):
    """Two residual blocks and a strided convolution, each handed on as a skip (as in UNet2D)."""

    def __init__(self, before: int, after: int, last: bool) -> None:
        super().__init__()
        self.resnets = nn.ModuleList([Basic(before, after), Basic(after, after)])
        self.downsamplers = nn.ModuleList([] if last else [nn.Conv2d(after, after, 3, 2, 1)])

    def forward(self, x: Tensor) -> tuple[Tensor, list[Tensor]]:
        kept = []
        for block in (*self.resnets, *self.downsamplers):
            x = block(x)
            kept.append(x)
        return x, kept


class UpBlock(nn.Module):
    """Three residual blocks that each take a skip, then a larger map."""

    def __init__(self, before: int, skips: list[int], after: int, last: bool) -> None:
        super().__init__()
        wide = [before, after, after]
        self.resnets = nn.ModuleList(Basic(a + b, after) for a, b in zip(wide, skips, strict=True))
        self.upsamplers = nn.ModuleList([] if last else [nn.Conv2d(after, after, 3, 1, 1)])

    def forward(self, x: Tensor, kept: list[Tensor]) -> Tensor:
        for block, skip in zip(self.resnets, kept, strict=True):
            x = block(torch.cat([x, skip], 1))
        for block in self.upsamplers:
            x = block(functional.interpolate(x, scale_factor=2.0, mode="nearest"))
        return x


class DiffusionUNet(nn.Module):
    """Three skips a level, as UNet2D of diffusers has them, without the timestep."""

    def __init__(self) -> None:
        super().__init__()
        wide = (8, 16, 32, 32)
        self.conv_in = nn.Conv2d(3, 8, 3, padding=1)
        self.down_blocks = nn.ModuleList(
            DownBlock(wide[max(i - 1, 0)], wide[i], i == 3) for i in range(4)
        )
        self.mid_block = nn.Sequential(Basic(32, 32), Basic(32, 32))
        kept = [8, 8, 8, 8, 16, 16, 16, 32, 32, 32, 32, 32]
        self.up_blocks, before = nn.ModuleList(), 32
        for i in range(4):
            skips = [kept.pop() for _ in range(3)]
            self.up_blocks.append(UpBlock(before, skips, wide[3 - i], i == 3))
            before = wide[3 - i]
        self.conv_out = nn.Sequential(nn.GroupNorm(4, 8), nn.SiLU(), nn.Conv2d(8, 3, 3, padding=1))

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv_in(x)
        kept = [x]
        for down in self.down_blocks:
            x, more = down(x)
            kept += more
        x = self.mid_block(x)
        for up in self.up_blocks:
            x = up(x, [kept.pop() for _ in range(3)])
        return self.conv_out(x)


class Level(nn.Module):
    """A level of a U-Net with the next one inside it, as pix2pix builds its generator."""

    def __init__(self, channels: int, inner: nn.Module | None = None) -> None:
        super().__init__()
        back = 4 * channels if inner is not None else 2 * channels
        self.m = nn.Sequential(
            nn.LeakyReLU(0.2),
            nn.Conv2d(channels, 2 * channels, 4, 2, 1),
            nn.BatchNorm2d(2 * channels),
            *([inner] if inner is not None else []),
            nn.ReLU(),
            nn.ConvTranspose2d(back, channels, 4, 2, 1),
            nn.BatchNorm2d(channels),
        )

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([x, self.m(x)], 1)


def nested_levels(depth: int) -> nn.Module:
    level = None
    for i in reversed(range(depth)):
        level = Level(8 * 2**i, level)
    assert level is not None
    last = nn.ConvTranspose2d(16, 3, 4, 2, 1)
    return nn.Sequential(nn.Conv2d(3, 8, 4, 2, 1), level, nn.ReLU(), last, nn.Tanh())


class Encoding(nn.Module):
    """An auto-encoder of two halves."""

    def __init__(self, encoder: nn.Module, decoder: nn.Module) -> None:
        super().__init__()
        self.encoder, self.decoder = encoder, decoder

    def forward(self, x: Tensor) -> Tensor:
        return self.decoder(self.encoder(x))


def strided() -> nn.Module:
    """Down by strides, and one unit in the middle."""
    return Encoding(
        nn.Sequential(
            *(nn.Conv2d(1, 16, 3, stride=2, padding=1), nn.ReLU()),
            *(nn.Conv2d(16, 32, 3, stride=2, padding=1), nn.ReLU(), nn.Conv2d(32, 64, 7)),
        ),
        nn.Sequential(
            *(nn.ConvTranspose2d(64, 32, 7), nn.ReLU()),
            *(nn.ConvTranspose2d(32, 16, 3, 2, 1, output_padding=1), nn.ReLU()),
            *(nn.ConvTranspose2d(16, 1, 3, 2, 1, output_padding=1), nn.Sigmoid()),
        ),
    )


def pooled() -> nn.Module:
    """Down by strides and pooling, up by transposed convolutions of odd sizes."""
    return Encoding(
        nn.Sequential(
            *(nn.Conv2d(1, 16, 3, stride=3, padding=1), nn.ReLU(True), nn.MaxPool2d(2, stride=2)),
            *(nn.Conv2d(16, 8, 3, stride=2, padding=1), nn.ReLU(True), nn.MaxPool2d(2, stride=1)),
        ),
        nn.Sequential(
            *(nn.ConvTranspose2d(8, 16, 3, stride=2), nn.ReLU(True)),
            *(nn.ConvTranspose2d(16, 8, 5, stride=3, padding=1), nn.ReLU(True)),
            *(nn.ConvTranspose2d(8, 1, 2, stride=2, padding=1), nn.Tanh()),
        ),
    )


def dense() -> nn.Module:
    """The stack of fully connected layers."""
    sizes = (784, 1000, 500, 250, 30)
    down = [m for a, b in pairwise(sizes) for m in (nn.Linear(a, b), nn.ReLU())]
    back = sizes[::-1]
    up = [m for a, b in pairwise(back) for m in (nn.Linear(a, b), nn.ReLU())]
    return Encoding(nn.Sequential(*down[:-1]), nn.Sequential(*up[:-1], nn.Sigmoid()))


class VGG(nn.Module):
    """Sixteen layers that only go down."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        before = 3
        for after in (8, 8, 0, 16, 16, 0, 32, 32, 32, 0, 64, 64, 64, 0, 64, 64, 64, 0):
            if after:
                layers += [nn.Conv2d(before, after, 3, padding=1), nn.ReLU(inplace=True)]
                before = after
            else:
                layers.append(nn.MaxPool2d(2, 2))
        self.features, self.avgpool = nn.Sequential(*layers), nn.AdaptiveAvgPool2d((7, 7))
        self.classifier = nn.Sequential(
            *(nn.Linear(64 * 49, 128), nn.ReLU(True), nn.Dropout()),
            *(nn.Linear(128, 128), nn.ReLU(True), nn.Dropout(), nn.Linear(128, 10)),
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(torch.flatten(self.avgpool(self.features(x)), 1))


class Flat(nn.Module):
    """A U-Net without a block: every layer an attribute, every operation in `forward`."""

    def __init__(self) -> None:
        super().__init__()
        wide = (3, 8, 16, 32, 64, 128)
        for i in range(1, 6):
            self.add_module(f"conv{i}a", nn.Conv2d(wide[i - 1], wide[i], 3, padding=1))
            self.add_module(f"conv{i}b", nn.Conv2d(wide[i], wide[i], 3, padding=1))
        for i in range(4, 0, -1):
            self.add_module(f"up{i}", nn.ConvTranspose2d(wide[i + 1], wide[i], 2, 2))
            self.add_module(f"back{i}a", nn.Conv2d(2 * wide[i], wide[i], 3, padding=1))
            self.add_module(f"back{i}b", nn.Conv2d(wide[i], wide[i], 3, padding=1))
        self.last = nn.Conv2d(8, 1, 1)

    def apply_to(self, x: Tensor, stem: str) -> Tensor:
        for end in "ab":
            x = functional.relu(self.get_submodule(stem + end)(x))
        return x

    def forward(self, x: Tensor) -> Tensor:
        kept = []
        for i in range(1, 6):
            x = self.apply_to(functional.max_pool2d(x, 2) if kept else x, f"conv{i}")
            kept.append(x)
        for i in range(4, 0, -1):
            x = torch.cat([kept[i - 1], self.get_submodule(f"up{i}")(x)], 1)
            x = self.apply_to(x, f"back{i}")
        return torch.sigmoid(self.last(x))


NETWORKS: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...]]] = {
    "cropped": (CroppedUNet, (3, 64, 64)),
    "attention": (AttentionUNet, (3, 64, 64)),
    "nested": (NestedUNet, (3, 64, 64)),
    "u2net": (U2Net, (3, 64, 64)),
    "residual": (ResidualUNet, (3, 64, 64)),
    "restoration": (RestorationNet, (3, 64, 64)),
    "diffusion": (DiffusionUNet, (3, 32, 32)),
    "levels": (lambda: nested_levels(3), (3, 64, 64)),
    "pix2pix": (lambda: nested_levels(7), (3, 256, 256)),
    "strided": (strided, (1, 28, 28)),
    "pooled": (pooled, (1, 28, 28)),
    "dense": (dense, (784,)),
    "vgg": (VGG, (3, 224, 224)),
    "flat": (Flat, (3, 64, 64)),
}
"""What makes each network, and the input without its batch axis."""
