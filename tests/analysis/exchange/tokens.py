"""Models that lay their feature maps out as tokens, windows and stacks."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional


class ChannelsLast(nn.Module):
    """A block of layers on the last axis, as ConvNeXt has them, with a scale of each channel."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, 6, 3, padding=1)
        self.norm, self.wide, self.back = nn.LayerNorm(6), nn.Linear(6, 8), nn.Linear(8, 6)
        self.scale = nn.Parameter(torch.rand(6))

    def forward(self, x: Tensor) -> Tensor:
        first = self.first(x)
        y = self.norm(first.permute(0, 2, 3, 1))
        y = self.back(functional.gelu(self.wide(y))) * self.scale
        return first + y.permute(0, 3, 1, 2)


class Windows(nn.Module):
    """Attention in windows of 4 × 4 pixels, with a bias, after a roll: a block of a Swin."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.last = nn.Conv2d(3, 8, 1), nn.Conv2d(8, 2, 1)
        self.qkv, self.bias = nn.Linear(8, 24), nn.Parameter(torch.randn(2, 16, 16))

    def forward(self, x: Tensor) -> Tensor:
        y = self.first(x).permute(0, 2, 3, 1)
        n, h, w, c = y.shape
        y = torch.roll(y, (-2, -1), (1, 2))
        y = y.view(n, h // 4, 4, w // 4, 4, c).permute(0, 1, 3, 2, 4, 5).reshape(-1, 16, c)
        q, k, v = self.qkv(y).reshape(-1, 16, 3, 2, c // 2).permute(2, 0, 3, 1, 4).unbind(0)
        scores = (q * 0.5) @ k.transpose(-2, -1) + self.bias.unsqueeze(0)
        y = (scores.softmax(-1) @ v).transpose(1, 2).reshape(-1, 16, c)
        y = y.view(n, h // 4, w // 4, 4, 4, c).permute(0, 1, 3, 2, 4, 5).reshape(n, h, w, c)
        return self.last(torch.roll(y, (2, 1), (1, 2)).permute(0, 3, 1, 2))


class Tokens(nn.Module):
    """Patches as tokens with a learned place, and attention among all of them."""

    def __init__(self) -> None:
        super().__init__()
        self.patches, self.place = nn.Conv2d(3, 8, 4, 4), nn.Parameter(torch.randn(1, 12, 8))
        self.norm, self.qkv, self.out = nn.LayerNorm(8), nn.Linear(8, 24), nn.Linear(8, 8)

    def forward(self, x: Tensor) -> Tensor:
        x = self.patches(x)
        tokens = x.flatten(2).transpose(1, 2) + self.place
        q, k, v = self.qkv(self.norm(tokens)).view(1, 12, 3, 2, 4).permute(2, 0, 3, 1, 4)
        y = functional.scaled_dot_product_attention(q, k, v)
        tokens = tokens + self.out(y.transpose(1, 2).reshape(1, 12, 8))
        return tokens.transpose(1, 2).reshape(x.shape)


class Stacked(nn.Module):
    """Maps that are stacked and summed, and joined with a tensor without elements."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.other = (
            nn.Conv2d(3, 4, 3, padding=1),
            nn.Conv2d(3, 4, (1, 5), padding=(0, 2)),
        )

    def forward(self, x: Tensor) -> Tensor:
        nothing = torch.empty(x.shape[0], 0, *x.shape[2:])
        found = torch.stack([self.one(x), self.other(x), self.one(x)], 1).sum(1)
        return torch.cat([found, nothing], 1)


class Halves(nn.Module):
    """A roll that is two parts joined the other way, a stack that is a join along a new axis."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.norm = nn.Conv2d(3, 4, 3, padding=1), nn.LayerNorm(4, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        x = self.first(x)
        y = torch.cat([x[:, :, 2:], x[:, :, :2]], 2)
        y = self.norm(y.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
        return torch.cat([x.unsqueeze(0), y.unsqueeze(0)], 0).sum(0)


class Merged(nn.Module):
    """Four neighbours become one pixel with all their channels, and a linear layer joins them."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.join = nn.Conv2d(3, 4, 3, padding=1), nn.Linear(16, 5, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        y = self.first(x).permute(0, 2, 3, 1)
        y = torch.cat([y[:, i::2, j::2, :] for i in range(2) for j in range(2)], -1)
        return self.join(y).permute(0, 3, 1, 2)


class Patches(nn.Module):
    """Patches of the picture itself as tokens, by a view, and a linear layer."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Linear(48, 6)

    def forward(self, x: Tensor) -> Tensor:
        n, c, h, w = x.shape
        y = x.view(n, c, h // 4, 4, w // 4, 4).permute(0, 2, 4, 3, 5, 1).reshape(n, -1, 16 * c)
        return self.embed(y).transpose(1, 2).reshape(n, 6, h // 4, w // 4)


class ShiftedWindows(nn.Module):
    """Windows that the size is padded to, shifted and masked, with a bias of relative places."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv, self.table = nn.Conv2d(3, 24, 1), nn.Parameter(torch.randn(25, 2))
        at = torch.stack(torch.meshgrid(torch.arange(3), torch.arange(3), indexing="ij")).flatten(1)
        apart = at[:, :, None] - at[:, None] + 2
        self.register_buffer("apart", apart[0] * 5 + apart[1])
        self.unread = nn.Parameter(torch.randn(7, 8))
        self.last = nn.Linear(8, 2)

    def forward(self, x: Tensor) -> Tensor:
        y = self.qkv(x).permute(0, 2, 3, 1)
        n, h, w, c = y.shape
        y = functional.pad(y, (0, 0, 0, -w % 3, 0, -h % 3))
        h, w = y.shape[1:3]
        y = torch.roll(y, (-1, -1), (1, 2))
        y = y.view(n, h // 3, 3, w // 3, 3, c).permute(0, 1, 3, 2, 4, 5).reshape(-1, 9, c)
        q, k, v = y.reshape(-1, 9, 3, 2, c // 6).permute(2, 0, 3, 1, 4).unbind(0)
        bias = self.table[self.apart.reshape(-1)].reshape(9, 9, 2).permute(2, 0, 1)
        scores = q @ k.transpose(-2, -1) + bias.unsqueeze(0)
        part = torch.zeros(h, w)
        part[-1:], part[:, -1:] = 1, 2
        part = part.view(h // 3, 3, w // 3, 3).transpose(1, 2).reshape(-1, 9)
        mask = torch.zeros(len(part), 9, 9)
        mask = mask.masked_fill(part[:, :, None] != part[:, None], -100.0)
        scores = scores.view(n, len(part), 2, 9, 9) + mask[:, None]
        y = (scores.view(-1, 2, 9, 9).softmax(-1) @ v).transpose(1, 2).reshape(-1, 9, c // 3)
        y = y.view(n, h // 3, w // 3, 3, 3, -1).permute(0, 1, 3, 2, 4, 5).reshape(n, h, w, -1)
        y = torch.roll(y, (1, 1), (1, 2))[:, : x.shape[2], : x.shape[3]]
        return (self.last(y) + functional.linear(y, self.unread[2:4])).permute(0, 3, 1, 2)


class Weighed(nn.Module):
    """Features weighed by matrices of the model, in every way that people write it."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, 4, 3, padding=1)
        shapes = [(4, 5), (5, 6), (6, 4), (3, 4), (3, 2), (4, 2)]
        self.m = nn.ParameterList([nn.Parameter(torch.randn(*shape)) for shape in shapes])

    def forward(self, x: Tensor) -> Tensor:
        x = self.first(x)
        n, _, h, w = x.shape
        tokens = x.flatten(2).transpose(1, 2) @ self.m[0]
        x = torch.matmul(tokens.view(n, h, w, -1), self.m[1])
        x = torch.einsum("bhwc,cd->bdhw", x, self.m[2])
        x = torch.matmul(self.m[3], x.flatten(2)).view(n, -1, h, w)
        x = torch.einsum("dc, bd... -> bc...", self.m[4], x)
        return torch.einsum("oi,...ihw->...ohw", self.m[5], x)
