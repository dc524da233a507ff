"""Small networks in ways of writing that are common in public code, each of one habit."""

import torch
from torch import Tensor, nn
from torch.nn import functional


class SqueezeExcite(nn.Module):
    """Gates of channels, brought to the map by `view` and `expand_as`, as nearly all write them."""

    size = (3, 16, 20)

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.pool = nn.Conv2d(3, 8, 3, padding=1), nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Sequential(nn.Linear(8, 2), nn.ReLU(True), nn.Linear(2, 8), nn.Sigmoid())

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(x)
        b, c, _, _ = x.size()
        return x * self.fc(self.pool(x).view(b, c)).view(b, c, 1, 1).expand_as(x)


class HeadOfDeepLab(nn.Module):
    """Resized to a map whose next reader comes after; half the rows grow by as much as all."""

    size = (3, 33, 48)

    def __init__(self) -> None:
        super().__init__()
        self.low, self.high = nn.Conv2d(3, 4, 7, 4, 3), nn.Conv2d(4, 4, 3, 2, 1)
        self.late, self.last = nn.Conv2d(4, 4, 1), nn.Conv2d(8, 2, 1)

    def forward(self, x: Tensor) -> Tensor:
        low = self.low(x)
        y = functional.interpolate(self.high(low), low.shape[2:], mode="bilinear")
        y = self.last(torch.cat([y, self.late(low)], 1))
        return functional.interpolate(y, x.shape[2:], mode="bilinear")


class SpatialGate(nn.Module):
    """The largest and the mean of the channels, as attention modules join them."""

    size = (3, 16, 20)

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(2, 1, 7, padding=3)

    def forward(self, x: Tensor) -> Tensor:
        pooled = torch.max(x, 1)[0].unsqueeze(1), torch.mean(x, 1).unsqueeze(1)
        return x * self.conv(torch.cat(pooled, 1)).sigmoid()


class WrittenParts(nn.Module):
    """Writes into parts of tensors that are read afterwards, as inverse wavelets do."""

    size = (4, 8, 12)

    def __init__(self) -> None:
        super().__init__()
        self.first, self.norm = nn.Conv2d(4, 4, 1), nn.BatchNorm2d(4)
        self.conv = nn.Conv2d(1, 2, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x[:, 1] = 1
        x = self.norm(self.first(x))
        x[:, 0] *= 2
        out = torch.zeros(x.shape[0], 1, 2 * x.shape[2], 2 * x.shape[3])
        for part in range(4):
            out[:, :, part // 2 :: 2, part % 2 :: 2] = x[:, part : part + 1]
        return self.conv(out)


class Inner(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 3, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(x).relu()


class WithScriptedPart(nn.Module):
    """Holds a part as TorchScript."""

    size = (3, 8, 12)

    def __init__(self) -> None:
        super().__init__()
        self.part, self.last = torch.jit.script(Inner()), nn.Conv2d(3, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.last(self.part(x) + x)


class Lazy(nn.Module):
    """Layers that take their channels from what they are given first."""

    size = (3, 8, 12)

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.norm = nn.LazyConv2d(4, 3, padding=1), nn.LazyBatchNorm2d()
        self.last = nn.LazyConv2d(2, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.last(self.norm(self.conv(x)).relu())


class LinearAttention(nn.Module):
    """A U-Net with attention whose scores are of channels: no pixels, and no level below."""

    size = (3, 8, 12)

    def __init__(self) -> None:
        super().__init__()
        self.first, self.qkv = nn.Conv2d(3, 4, 3, padding=1), nn.Conv2d(4, 12, 1)
        self.down, self.up = nn.Conv2d(4, 4, 2, 2), nn.ConvTranspose2d(4, 4, 2, 2)

    def forward(self, x: Tensor) -> Tensor:
        x = self.first(x)
        q, k, v = (each.flatten(2) for each in self.qkv(x).chunk(3, 1))
        scores = torch.einsum("bdn,ben->bde", k.softmax(-1), v)
        x = torch.einsum("bde,bdn->ben", scores, q.softmax(-2)).view_as(x) + x
        return self.up(self.down(x)) + x


class PatchExpand(nn.Module):
    """Channels become pixels by views and a permutation, and a norm follows, as in Swin-Unet."""

    size = (3, 8, 8)

    def __init__(self) -> None:
        super().__init__()
        self.first, self.expand = nn.Conv2d(3, 8, 2, 2), nn.Linear(8, 16)
        self.norm, self.last = nn.LayerNorm(4), nn.Linear(4, 2)

    def forward(self, x: Tensor) -> Tensor:
        x = self.expand(self.first(x).flatten(2).transpose(1, 2))
        x = x.view(1, 4, 4, 2, 2, 4).permute(0, 1, 3, 2, 4, 5).reshape(1, 64, 4)
        return self.last(self.norm(x)).transpose(1, 2).reshape(1, 2, 8, 8)


class Biased(nn.Module):
    """Adds numbers looked up in a table to what is no map: the table is what is trained."""

    size = (4, 4, 4)

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Parameter(torch.randn(5, 2))
        self.register_buffer("places", torch.arange(16) % 5)

    def forward(self, x: Tensor) -> Tensor:
        x = x.view(1, 2, 2, 4, 4) + self.table[self.places].view(4, 4, 2).permute(2, 0, 1)[:, None]
        return x.reshape(1, 4, 4, 4)


class Complex(nn.Module):
    """Complex numbers, and a view that only what lies in order has."""

    size = (2, 4, 6)

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(4, 6, dtype=torch.cfloat))

    def forward(self, x: Tensor) -> Tensor:
        z = torch.view_as_complex(x.permute(0, 2, 3, 1).contiguous()) * self.weight
        return torch.view_as_real(z).permute(0, 3, 1, 2)


class OverRows(nn.Module):
    """A recurrent layer along every row, in both directions."""

    size = (3, 4, 6)

    def __init__(self) -> None:
        super().__init__()
        self.rows, self.last = (
            nn.GRU(3, 2, batch_first=True, bidirectional=True),
            nn.Conv2d(4, 1, 1),
        )

    def forward(self, x: Tensor) -> Tensor:
        y, _ = self.rows(x.permute(0, 2, 3, 1).reshape(4, 6, 3))
        return self.last(y.reshape(1, 4, 6, 4).permute(0, 3, 1, 2))


class KeepsTheLast(nn.Module):
    """Unpadded convolutions of a sequence whose way around is cut at its start, as in WaveNet."""

    size = (1, 32)

    def __init__(self) -> None:
        super().__init__()
        self.steps = nn.ModuleList([nn.Conv1d(1, 1, 2, dilation=2**n) for n in range(3)])

    def forward(self, x: Tensor) -> Tensor:
        for step in self.steps:
            y = step(x).tanh()
            x = y + x[:, :, -y.size(2) :]
        return x


class NormedChannels(nn.Module):
    """Attention over channels whose queries are brought to length 1: no level below."""

    size = (3, 8, 12)

    def __init__(self) -> None:
        super().__init__()
        self.first, self.qkv = nn.Conv2d(3, 4, 3, padding=1), nn.Conv2d(4, 12, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.first(x)
        q, k, v = (each.reshape(1, 2, 2, 96) for each in self.qkv(x).chunk(3, 1))
        scores = functional.normalize(q, dim=-1) @ functional.normalize(k, dim=-1).mT
        return (scores.softmax(-1) @ v).reshape(1, 4, 8, 12) + x


class FewSlices(nn.Module):
    """A volume of fewer slices than a network may lose, brought back to its own size."""

    size = (1, 6, 20, 18)

    def __init__(self) -> None:
        super().__init__()
        self.down, self.last = nn.Conv3d(1, 2, 3, 2, 1), nn.Conv3d(3, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        y = functional.interpolate(self.down(x), x.shape[2:], mode="trilinear")
        return self.last(torch.cat([x, y], 1))
