"""Blueprints with joins of their own compute what the same networks written in torch compute."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from tests.analysis.blueprints.reference import assert_same_as_torch


def normed(layer: nn.Conv2d | nn.ConvTranspose2d) -> nn.Sequential:
    return nn.Sequential(layer, nn.BatchNorm2d(layer.out_channels))


def active(layer: nn.Conv2d | nn.ConvTranspose2d) -> nn.Sequential:
    return nn.Sequential(*normed(layer), nn.ReLU())


def conv(come: int, go: int, kernel: int, stride: int = 1, bias: bool = False) -> nn.Conv2d:
    return nn.Conv2d(come, go, kernel, stride, kernel // 2, bias=bias)


class Unit(nn.Module):
    """A residual unit of two layers, or a bottleneck of three."""

    def __init__(self, come: int, width: int, stride: int, deep: bool) -> None:
        super().__init__()
        go = 4 * width if deep else width
        layers = [conv(come, width, 3, stride), conv(width, width, 3)]
        if deep:
            layers = [conv(come, width, 1), conv(width, width, 3, stride), conv(width, go, 1)]
        inner = [module for layer in layers[:-1] for module in active(layer)]
        self.inner = nn.Sequential(*inner, *normed(layers[-1]))
        same = come == go and stride == 1
        self.shortcut = nn.Identity() if same else normed(conv(come, go, 1, stride))

    def forward(self, x: Tensor) -> Tensor:
        return functional.relu(self.inner(x) + self.shortcut(x))


def stage(come: int, width: int, units: int, first: int, deep: bool = False) -> nn.Sequential:
    go = 4 * width if deep else width
    return nn.Sequential(
        Unit(come, width, first, deep), *(Unit(go, width, 1, deep) for _ in range(units - 1))
    )


class ResNet(nn.Module):
    def __init__(self, units: tuple[int, ...], deep: bool) -> None:
        super().__init__()
        factor = 4 if deep else 1
        self.stem = active(nn.Conv2d(3, 4, 7, 2, 3, bias=False))
        widths = [4 * 2**i for i in range(4)]
        comes = [4, *(w * factor for w in widths)]
        self.stages = nn.Sequential(
            *(stage(comes[i], widths[i], units[i], 1 + (i > 0), deep) for i in range(4))
        )
        self.head = nn.Linear(comes[-1], 7)

    def forward(self, x: Tensor) -> Tensor:
        pooled = functional.max_pool2d(self.stem(x), 3, 2, 1)
        return self.head(self.stages(pooled).mean((2, 3)))


def test_resnet_18():
    reference = ResNet((2, 2, 2, 2), deep=False)
    assert_same_as_torch("resnet:layers=18,base=4,out=7,size=64", reference, (3, 64, 64))


def test_resnet_50():
    reference = ResNet((3, 4, 6, 3), deep=True)
    assert_same_as_torch("resnet:layers=50,base=4,out=7,size=64", reference, (3, 64, 64))


class LinkNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.stem = active(nn.Conv2d(3, 8, 7, 2, 3, bias=False))
        sizes = [(8, 8, 1), (8, 16, 2), (16, 32, 2), (32, 64, 2)]
        self.down = nn.ModuleList(stage(a, b, 2, s) for a, b, s in sizes)
        self.up = nn.ModuleList(
            self.decoder(*s) for s in [(64, 32, 2), (32, 16, 2), (16, 8, 2), (8, 8, 1)]
        )
        self.head = nn.Sequential(
            *active(nn.ConvTranspose2d(8, 4, 3, 2, 1, 1, bias=False)),
            *active(conv(4, 4, 3)),
            nn.ConvTranspose2d(4, 3, 2, 2),
        )

    @staticmethod
    def decoder(come: int, go: int, stride: int) -> nn.Sequential:
        inner = come // 4
        return nn.Sequential(
            *active(conv(come, inner, 1)),
            *active(nn.ConvTranspose2d(inner, inner, 3, stride, 1, stride - 1, bias=False)),
            *active(conv(inner, go, 1)),
        )

    def forward(self, x: Tensor) -> Tensor:
        here = functional.max_pool2d(self.stem(x), 3, 2, 1)
        maps = []
        for down in self.down:
            here = down(here)
            maps.append(here)
        for up, skip in zip(self.up, (maps[2], maps[1], maps[0], 0.0), strict=True):
            here = up(here) + skip
        return self.head(here)


def test_linknet():
    assert_same_as_torch("linknet:base=8,size=64", LinkNet(), (3, 64, 64))


class Nested(nn.Module):
    """A U-Net++ of depth 2 that answers the mean of its two decoders."""

    def __init__(self) -> None:
        super().__init__()
        self.x00, self.x10 = self.block(3, 2), self.block(2, 4)
        self.up01, self.x01 = nn.ConvTranspose2d(4, 2, 2, 2), self.block(4, 2)
        self.x20 = self.block(4, 8)
        self.up11, self.x11 = nn.ConvTranspose2d(8, 4, 2, 2), self.block(8, 4)
        self.up02, self.x02 = nn.ConvTranspose2d(4, 2, 2, 2), self.block(6, 2)
        self.head1, self.head2 = nn.Conv2d(2, 3, 1), nn.Conv2d(2, 3, 1)

    @staticmethod
    def block(come: int, go: int) -> nn.Sequential:
        return nn.Sequential(*active(conv(come, go, 3)), *active(conv(go, go, 3)))

    def forward(self, x: Tensor) -> Tensor:
        x00 = self.x00(x)
        x10 = self.x10(functional.max_pool2d(x00, 2))
        x01 = self.x01(torch.cat((x00, self.up01(x10)), 1))
        x20 = self.x20(functional.max_pool2d(x10, 2))
        x11 = self.x11(torch.cat((x10, self.up11(x20)), 1))
        x02 = self.x02(torch.cat((x00, x01, self.up02(x11)), 1))
        return (self.head1(x01) + self.head2(x02)) / 2


def test_unet_plus_plus():
    text = "unet_plus_plus:depth=2,base=2,supervision=mean,size=32"
    assert_same_as_torch(text, Nested(), (3, 32, 32))


class Before(nn.Module):
    """A unit that normalises and activates before it convolves."""

    def __init__(self, come: int, go: int, stride: int, first: bool = False) -> None:
        super().__init__()
        before = () if first else (nn.BatchNorm2d(come), nn.ReLU())
        self.inner = nn.Sequential(
            *before,
            conv(come, go, 3, stride, bias=True),
            nn.BatchNorm2d(go),
            nn.ReLU(),
            conv(go, go, 3, bias=True),
        )
        self.shortcut = conv(come, go, 1, stride, bias=True)

    def forward(self, x: Tensor) -> Tensor:
        return self.inner(x) + self.shortcut(x)


class ResidualUNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.enc1, self.enc2 = Before(3, 2, 1, first=True), Before(2, 4, 2)
        self.bridge, self.dec2 = Before(4, 8, 2), Before(12, 4, 1)
        self.dec1, self.head = Before(6, 2, 1), nn.Conv2d(2, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        one = self.enc1(x)
        two = self.enc2(one)
        up = functional.interpolate(self.bridge(two), scale_factor=2)
        up = functional.interpolate(self.dec2(torch.cat((up, two), 1)), scale_factor=2)
        return self.head(self.dec1(torch.cat((up, one), 1)))


def test_residual_unet():
    assert_same_as_torch("residual_unet:depth=2,base=2,size=32", ResidualUNet(), (3, 32, 32))


class FCN(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        counts, widths = (2, 2, 3, 3, 3), (2, 4, 8, 16, 16)
        comes = (3, *widths)
        self.stages = nn.ModuleList(
            nn.Sequential(
                *(
                    module
                    for i in range(counts[s])
                    for module in (conv(comes[s + (i > 0)], widths[s], 3, bias=True), nn.ReLU())
                ),
                nn.MaxPool2d(2),
            )
            for s in range(5)
        )
        self.wide = nn.Sequential(
            conv(16, 12, 7, bias=True), nn.ReLU(), conv(12, 12, 1, bias=True), nn.ReLU()
        )
        self.score5 = nn.Conv2d(12, 4, 1)
        self.up4 = nn.ConvTranspose2d(4, 4, 4, 2, 1, bias=False)
        self.score4 = nn.Conv2d(16, 4, 1)
        self.up3 = nn.ConvTranspose2d(4, 4, 4, 2, 1, bias=False)
        self.score3 = nn.Conv2d(8, 4, 1)
        self.head = nn.ConvTranspose2d(4, 4, 16, 8, 4, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        pools = []
        for layers in self.stages:
            x = layers(x)
            pools.append(x)
        x = self.up4(self.score5(self.wide(x))) + self.score4(pools[3])
        return self.head(self.up3(x) + self.score3(pools[2]))


def test_fcn_8s():
    assert_same_as_torch("fcn:base=2,hidden=12,out=4,size=64", FCN(), (3, 64, 64))


class Generator(nn.Module):
    """The pix2pix generator with three halvings, which has no dropout."""

    def __init__(self) -> None:
        super().__init__()
        self.enc1 = nn.Conv2d(3, 2, 4, 2, 1, bias=False)
        self.enc2 = normed(nn.Conv2d(2, 4, 4, 2, 1, bias=False))
        self.bottom = nn.Conv2d(4, 8, 4, 2, 1, bias=False)
        self.dec3 = normed(nn.ConvTranspose2d(8, 4, 4, 2, 1, bias=False))
        self.dec2 = normed(nn.ConvTranspose2d(8, 2, 4, 2, 1, bias=False))
        self.head = nn.ConvTranspose2d(4, 3, 4, 2, 1)

    def forward(self, x: Tensor) -> Tensor:
        one = self.enc1(x)
        two = self.enc2(functional.leaky_relu(one, 0.2))
        deep = self.bottom(functional.leaky_relu(two, 0.2))
        up = torch.cat((two, self.dec3(functional.relu(deep))), 1)
        up = torch.cat((one, self.dec2(functional.relu(up))), 1)
        return torch.tanh(self.head(functional.relu(up)))


def test_pix2pix_generator():
    assert_same_as_torch("pix2pix:depth=3,base=2,size=32", Generator(), (3, 32, 32))


class Symmetric(nn.Module):
    """Eight layers; layer 2 is added to layer 6 before its activation, the result to the input."""

    def __init__(self) -> None:
        super().__init__()
        comes = (3, 4, 4, 4)
        self.convs = nn.ModuleList(conv(come, 4, 3, bias=True) for come in comes)
        self.deconvs = nn.ModuleList(nn.ConvTranspose2d(4, 4, 3, 1, 1) for _ in range(3))
        self.head = nn.ConvTranspose2d(4, 3, 3, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        here, maps = x, [x]
        for layer in self.convs:
            here = functional.relu(layer(here))
            maps.append(here)
        here = functional.relu(self.deconvs[0](here))
        here = functional.relu(self.deconvs[1](here) + maps[2])
        return x + self.head(functional.relu(self.deconvs[2](here)))


def test_symmetric_denoiser():
    text = "symmetric_denoiser:layers=8,base=4,size=32,result=added"
    assert_same_as_torch(text, Symmetric(), (3, 32, 32))


class Variational(nn.Module):
    """Two halvings of 9 × 9, five features of code, and the mean decoded."""

    def __init__(self) -> None:
        super().__init__()
        self.enc = nn.Sequential(*active(conv(1, 2, 3, 2)), *active(conv(2, 4, 3, 2)))
        self.mean, self.log_variance = nn.Linear(36, 5), nn.Linear(36, 5)
        self.decode = nn.Linear(5, 36)
        self.dec2 = active(nn.ConvTranspose2d(4, 2, 3, 2, 1, 0, bias=False))
        self.dec1 = nn.ConvTranspose2d(2, 1, 3, 2, 1, 0)

    def forward(self, x: Tensor) -> Tensor:
        code = self.mean(self.enc(x).flatten(1))
        here = functional.relu(self.decode(code)).unflatten(1, (4, 3, 3))
        return torch.sigmoid(self.dec1(self.dec2(here)))


def test_variational_autoencoder():
    text = "variational_autoencoder:channels=2-4,code=5,in=1,size=9"
    assert_same_as_torch(text, Variational(), (1, 9, 9))
