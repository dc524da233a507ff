"""Networks as people write them, to be opened from this file."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional


class Double(nn.Module):
    def __init__(self, before: int, after: int, padding: int = 1) -> None:
        super().__init__()
        self.conv = nn.Conv2d(before, after, 3, padding=padding, bias=False)
        self.bn = nn.BatchNorm2d(after)
        self.act = nn.ReLU(inplace=True)
        self.second = nn.Conv2d(after, after, 3, padding=padding)

    def forward(self, x: Tensor) -> Tensor:
        return functional.relu(self.second(self.act(self.bn(self.conv(x)))), inplace=True)


class InterpolatingUNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.enc1, self.enc2, self.middle = Double(3, 8), Double(8, 16), Double(16, 16)
        self.dec2, self.dec1 = Double(32, 8), Double(16, 8)
        self.output = nn.Conv2d(8, 2, 1)

    def forward(self, x: Tensor) -> Tensor:
        a = self.enc1(x)
        b = self.enc2(functional.max_pool2d(a, 2))
        c = self.middle(functional.max_pool2d(b, 2))
        up = functional.interpolate(c, size=b.shape[2:], mode="bilinear", align_corners=False)
        d = self.dec2(torch.cat([b, up], dim=1))
        up = functional.interpolate(d, scale_factor=2, mode="nearest")
        return torch.sigmoid(self.output(self.dec1(torch.cat((a, up), 1))))


class Residual(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 8, 7, stride=2, padding=3), nn.GroupNorm(4, 8))
        self.body = nn.ModuleList(nn.Conv2d(8, 8, 3, padding=1) for _ in range(2))
        self.act = nn.LeakyReLU(0.2)
        self.norm = nn.InstanceNorm2d(8, affine=True)

    def forward(self, x: Tensor) -> Tensor:
        x = self.act(self.stem(x))
        for layer in self.body:
            kept = x
            x = self.act(self.norm(layer(x)))
            x += kept
        return functional.avg_pool2d(x, 3, stride=2, padding=1, count_include_pad=False)


class Attention(nn.Module):
    """Self-attention over the pixels of the lowest level, by einsum."""

    def __init__(self) -> None:
        super().__init__()
        self.down = nn.Conv2d(1, 8, 4, stride=4)
        self.qkv = nn.Conv2d(8, 24, 1)
        self.place = nn.Parameter(torch.randn(1, 8, 16, 16))
        self.up = nn.ConvTranspose2d(8, 1, 4, stride=4)

    def forward(self, x: Tensor) -> Tensor:
        x = self.down(x) + self.place
        q, k, v = self.qkv(x).flatten(2).chunk(3, dim=1)
        weights = torch.einsum("bci,bcj->bij", q, k).softmax(-1)
        seen = torch.einsum("bij,bcj->bci", weights, v)
        return self.up(seen.view(x.shape))


class Classifier(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 4, 3, padding="same"), nn.PReLU(4), nn.MaxPool2d(2), nn.Dropout(0.3)
        )
        self.classifier = nn.Sequential(nn.Linear(4 * 16 * 16, 10), nn.ELU(), nn.Linear(10, 5))

    def forward(self, x: Tensor) -> Tensor:
        x = self.features(x)
        return functional.softmax(self.classifier(x.view(x.size(0), -1)), dim=1)


class Pyramid(nn.Module):
    """Dilated branches beside global pooling, as in DeepLab."""

    def __init__(self) -> None:
        super().__init__()
        self.branches = nn.ModuleList(
            nn.Conv2d(3, 4, 3, padding=rate, dilation=rate) for rate in (1, 2, 4)
        )
        self.pooled = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(3, 4, 1))
        self.project = nn.Conv2d(16, 3, 1)

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        found = [branch(x) for branch in self.branches]
        pooled = self.pooled(x)
        found.append(functional.interpolate(pooled, size=x.shape[-2:], mode="bilinear"))
        return {"out": self.project(torch.cat(found, 1)), "pooled": pooled}


class ValidUNet(nn.Module):
    """Unpadded, with the skip cropped by slicing."""

    def __init__(self) -> None:
        super().__init__()
        self.enc, self.middle, self.dec = Double(1, 4, 0), Double(4, 8, 0), Double(8, 4, 0)
        self.up = nn.ConvTranspose2d(8, 4, 2, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        skip = self.enc(x)
        up = self.up(self.middle(functional.max_pool2d(skip, 2)))
        top = (skip.shape[2] - up.shape[2]) // 2
        left = (skip.shape[3] - up.shape[3]) // 2
        cropped = skip[:, :, top : top + up.shape[2], left : left + up.shape[3]]
        return self.dec(torch.cat([cropped, up], 1))


class Depthwise(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.depthwise = nn.Conv2d(3, 12, (3, 5), padding=(1, 2), groups=3)
        self.pointwise = nn.Conv2d(12, 8, 1)
        self.reflected = nn.Conv2d(8, 8, 3, padding=1, padding_mode="reflect")
        self.gate = nn.Sequential(nn.Linear(8, 2), nn.SiLU(), nn.Linear(2, 8), nn.Sigmoid())

    def forward(self, x: Tensor) -> Tensor:
        with torch.no_grad():
            x = functional.pad(x, [2, 2, 0, 0], mode="replicate")
        x = functional.gelu(self.reflected(self.pointwise(self.depthwise(x))))
        gate = self.gate(x.mean(dim=(2, 3)))
        return x * gate[:, :, None, None]


class Volume(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv3d(1, 4, 3, padding=1)
        self.up = nn.ConvTranspose3d(4, 2, 3, stride=2, padding=1, output_padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return self.up(functional.max_pool3d(torch.tanh(self.conv(x)), 2))


class Writer(nn.Module):
    """Uses a tensor again after an activation has been written over it."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv1d(2, 4, 3)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(x)
        rectified = functional.relu_(x)
        return rectified + x


class Normed(nn.Module):
    """Weights that are computed from others, and an input that is not square."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.utils.parametrizations.weight_norm(nn.Conv2d(3, 4, 3))
        self.second = nn.utils.spectral_norm(nn.Conv2d(4, 4, (1, 3)))
        self.up = nn.Upsample(scale_factor=1.5, mode="bilinear", align_corners=True)

    def forward(self, x: Tensor) -> Tensor:
        return self.up(self.second(self.first(x)))


class Denoiser(nn.Module):
    """Takes the noise it finds off its input, as DnCNN does."""

    def __init__(self) -> None:
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, 6, 3, padding=1), nn.ReLU(), nn.Conv2d(6, 1, 3, padding=1)
        )

    def forward(self, x: Tensor) -> Tensor:
        return x - self.net(x)


class ScaledResidual(nn.Module):
    """Residuals scaled by a number (EDSR), by a parameter, and turned round."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.Conv2d(3, 3, 3, padding=1), nn.Conv2d(3, 3, 5, padding=2)
        self.gamma = nn.Parameter(torch.rand(3, 1, 1) + 0.5)
        self.alpha = nn.Parameter(torch.tensor(0.7))
        self.register_buffer("mean", torch.tensor([0.4, 0.5, 0.6]).view(1, 3, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        x = (x - self.mean) / 0.25
        x = x + 0.1 * self.first(x)
        x = x + self.gamma * self.second(x) * self.alpha
        return (1 - x).mul_(0.5).add_(0.5).clamp(0, 1) + x.neg()


class MobileBlock(nn.Module):
    """Inverted residuals with squeeze and excitation (MobileNet-v3)."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 8, 3, stride=2, padding=1), nn.Hardswish())
        self.expand = nn.Sequential(nn.Conv2d(8, 16, 1), nn.BatchNorm2d(16), nn.ReLU6())
        self.depth = nn.Conv2d(16, 16, 5, padding=2, groups=16)
        self.squeeze = nn.Sequential(nn.Conv2d(16, 4, 1), nn.Mish(), nn.Conv2d(4, 16, 1))
        self.project = nn.Conv2d(16, 8, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        y = functional.hardtanh(self.depth(self.expand(x)), -2, 3)
        gate = functional.hardsigmoid(self.squeeze(functional.adaptive_avg_pool2d(y, 1)))
        y = self.project(y * gate.expand_as(y))
        return x + functional.softplus(y) * functional.silu(y)


class Shuffle(nn.Module):
    """Half of the channels pass; then the halves are shuffled (ShuffleNet-v2)."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, stride=2, padding=1)
        self.branch = nn.Conv2d(4, 4, 3, padding=1, groups=4)
        self.second = nn.Conv2d(5, 5, (1, 5), padding=(0, 2))
        self.closing = nn.ChannelShuffle(2)

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        kept, rest = x.chunk(2, dim=1)
        x = torch.cat([kept, self.branch(rest)], 1)
        n, c, h, w = x.shape
        x = x.view(n, 2, c // 2, h, w).transpose(1, 2).contiguous().view(n, c, h, w)
        kept, rest = torch.split(x, [3, 5], dim=1)
        x = torch.cat([kept, self.second(rest)], 1)
        return self.closing(x) * x[:, 2:3] / (x[:, ::2].square().mean(1, keepdim=True) + 1)


class SpatialGate(nn.Module):
    """Where to look, from the mean and maximum of the channels (CBAM)."""

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.gate = nn.Conv2d(3, 6, 3, padding=1), nn.Conv2d(2, 1, 7, padding=3)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(x)
        seen = torch.cat([x.mean(1, keepdim=True), x.max(dim=1, keepdim=True)[0]], 1)
        x = x * torch.sigmoid(self.gate(seen))
        return functional.log_softmax(x.abs().sqrt().to(torch.float32), dim=1)


class SincFilter(nn.Module):
    """Convolves with a kernel that is made from constants in `forward`."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(1, 4, 5, padding=2)

    def forward(self, x):
        t = torch.linspace(-3, 3, 7)
        sinc = torch.where(t == 0, torch.ones(7), torch.sin(t) / t)
        kernel = sinc * torch.hann_window(7, periodic=False)
        return self.conv(functional.conv1d(x, kernel.view(1, 1, -1), padding=3))


class Coordinates(nn.Module):
    """Joins the coordinates of every unit to the map, as a CoordConv."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(3, 8, 3, padding=1)
        self.last = nn.Conv2d(10, 4, 3, padding=1)

    def forward(self, x):
        x = self.first(x)
        across = [torch.linspace(-1, 1, side) for side in x.shape[-2:]]
        y, x_axis = torch.meshgrid(*across, indexing="ij")
        return self.last(torch.cat([x, torch.stack([y, x_axis])[None]], 1))


class WindowMask(nn.Module):
    """Adds a mask that is written part by part, as that of shifted windows."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(3, 4, 3, padding=1)
        self.register_buffer("shift", torch.arange(4.0))

    def forward(self, x):
        x = self.first(x)
        mask = torch.zeros(x.shape[-2:])
        for number, rows in enumerate((slice(0, -2), slice(-2, None))):
            mask[rows] = number + 1.0
        before = mask * 2
        mask += before
        return x * mask[None, None] + self.shift[:, None, None]


class Drawn(nn.Module):
    """Adds noise: a number drawn at random is no constant."""

    def forward(self, x):
        return x + torch.randn(4) * torch.ones(4)


class Recurrent(nn.Module):
    """Applies one convolution and its normalisation three times, and another layer never."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, 4, 3, padding=1)
        self.again = nn.Sequential(nn.Conv2d(4, 4, 3, padding=1), nn.BatchNorm2d(4))
        self.last, self.spare = nn.Conv2d(4, 1, 1), nn.Conv2d(4, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = first = self.first(x)
        for _ in range(3):
            x = functional.relu(self.again(x + first))
        return self.last(x)


class Tied(nn.Module):
    """Layers whose weight alone is another's: of one kind, dilated, and turned round."""

    def __init__(self) -> None:
        super().__init__()
        self.down = nn.Conv2d(3, 6, 3, padding=1)
        self.inner = nn.Conv2d(6, 6, 3, padding=1)
        self.wide = nn.Conv2d(6, 6, 3, padding=2, dilation=2)
        self.wide.weight = self.inner.weight
        self.same = self.inner

    def forward(self, x: Tensor) -> Tensor:
        x = self.same(self.wide(self.inner(self.down(x))))
        return functional.conv_transpose2d(x, self.down.weight, padding=1)


class Blurred(nn.Module):
    """Smooths with a kernel that is a buffer, between layers that train."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, 4, 3, padding=1)
        self.register_buffer("kernel", torch.full((4, 1, 3, 3), 1 / 9))

    def forward(self, x: Tensor) -> Tensor:
        return functional.conv2d(self.first(x), self.kernel, padding=1, groups=4)


class NormedAgain(nn.Module):
    """Uses a layer twice whose weight is computed at each use."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.utils.parametrizations.weight_norm(nn.Conv2d(3, 3, 3, padding=1))

    def forward(self, x: Tensor) -> Tensor:
        return self.layer(functional.relu(self.layer(x)))
