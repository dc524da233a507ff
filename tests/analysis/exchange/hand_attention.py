"""Attention as people write it by hand, with products and softmaxes of tensors that are no maps."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class _Mapped(nn.Module):
    """A convolution before and one behind, and projections to queries, keys and values."""

    def __init__(self, width: int = 4) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, 8, 3, padding=1)
        self.queries = nn.Conv2d(8, width, 1)
        self.keys = nn.Conv2d(8, width, 1)
        self.values = nn.Conv2d(8, 8, 1)
        self.last = nn.Conv2d(8, 2, 3, padding=1)


class PositionAttention(_Mapped):
    """MAnet's: one softmax over all pairs of positions, and a result that is reshaped askew."""

    def forward(self, x: Tensor) -> Tensor:
        x = self.first(x)
        n, c, h, w = x.shape
        rows = self.keys(x).flatten(2).transpose(1, 2)
        scores = torch.matmul(rows, self.queries(x).flatten(2))
        scores = torch.softmax(scores.view(n, -1), 1).view(n, h * w, h * w)
        found = torch.matmul(scores, self.values(x).flatten(2).transpose(1, 2))
        return self.last(x + found.reshape(n, c, h, w))


class SelfAttention(_Mapped):
    """SAGAN's: values times the transposed scores, in batches of matrices."""

    def forward(self, x: Tensor) -> Tensor:
        x = self.first(x)
        n, c, h, w = x.shape
        rows = self.queries(x).view(n, -1, h * w).permute(0, 2, 1)
        scores = torch.softmax(torch.bmm(rows, self.keys(x).view(n, -1, h * w)), dim=-1)
        values = self.values(x).view(n, -1, h * w)
        return self.last(x + torch.bmm(values, scores.permute(0, 2, 1)).view(n, c, h, w))


class NonLocal(_Mapped):
    """The non-local block with products that are divided, not put through a softmax."""

    def forward(self, x: Tensor) -> Tensor:
        x = self.first(x)
        n, c, h, w = x.shape
        rows = self.queries(x).view(n, 4, -1).permute(0, 2, 1)
        scores = torch.matmul(rows, self.keys(x).view(n, 4, -1))
        values = self.values(x).view(n, c, -1).permute(0, 2, 1)
        found = torch.matmul(scores / scores.size(-1), values)
        return self.last(x + found.permute(0, 2, 1).contiguous().view(n, c, h, w))


class Heads(_Mapped):
    """Two heads in Einstein's notation, with the channels before the positions."""

    def forward(self, x: Tensor) -> Tensor:
        x = self.first(x)
        n, c, h, w = x.shape
        parts = (self.queries(x), self.keys(x), self.values(x))
        q, k, v = (part.reshape(n, 2, -1, h * w) for part in parts)
        scores = torch.einsum("b h d i, b h d j -> b h i j", q, k).softmax(dim=-1)
        found = torch.einsum("bhij,bhdj->bhid", scores, v)
        return self.last(x + found.permute(0, 1, 3, 2).reshape(n, c, h, w))


class LinearAttention(_Mapped):
    """Keys and values are summed first: no scores of pairs."""

    def forward(self, x: Tensor) -> Tensor:
        x = self.first(x)
        n, c, h, w = x.shape
        parts = (self.queries(x), self.keys(x), self.values(x))
        q, k, v = (part.reshape(n, 2, -1, h * w) for part in parts)
        context = torch.einsum("bhdn,bhen->bhde", k.softmax(-1), v)
        found = torch.einsum("bhde,bhdn->bhen", context, q.softmax(-2))
        return self.last(x + found.reshape(n, c, h, w))


class Rows(_Mapped):
    """Along each row alone, the rows laid out as heads are: no unit sees the whole picture."""

    def forward(self, x: Tensor) -> Tensor:
        x = self.first(x)
        q, k, v = (part(x).permute(0, 2, 1, 3) for part in (self.queries, self.keys, self.values))
        scores = torch.einsum("bhci,bhcj->bhij", q, k).softmax(-1)
        found = torch.einsum("bhij,bhcj->bhci", scores, v)
        return self.last(found.permute(0, 2, 1, 3))


class ChannelAttention(nn.Module):
    """Channels attend to channels, by the scores of all their pixels."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, 8, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.first(x)
        flat = x.flatten(2)
        scores = torch.bmm(flat, flat.transpose(1, 2)).softmax(-1)
        return torch.bmm(scores, flat).view_as(x)


class Triangle(_Mapped):
    """Scores of which a fixed mask passes on those with earlier positions alone."""

    def forward(self, x: Tensor) -> Tensor:
        x = self.first(x)
        n, c, h, w = x.shape
        rows = self.queries(x).view(n, -1, h * w).permute(0, 2, 1)
        scores = torch.bmm(rows, self.keys(x).view(n, -1, h * w))
        scores = scores * torch.tril(torch.ones(h * w, h * w), -1)
        values = self.values(x).view(n, -1, h * w).permute(0, 2, 1)
        return self.last(torch.bmm(scores, values).permute(0, 2, 1).reshape(n, c, h, w))


class _Scored(_Mapped):
    """Position attention, by products that pass `scored` instead of a softmax."""

    def __init__(self) -> None:
        super().__init__(1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.first(x)
        n, c, h, w = x.shape
        rows = self.queries(x).flatten(2).transpose(1, 2)
        scores = self.scored(torch.bmm(rows, self.keys(x).flatten(2)) * 8 - 4) / (h * w)
        values = self.values(x).flatten(2).transpose(1, 2)
        x = self.last(torch.bmm(scores, values).transpose(1, 2).reshape(n, c, h, w))
        return x.softmax(1).square()


class ReluScores(_Scored):
    scored = nn.ReLU()


class Relu6Scores(_Scored):
    scored = nn.ReLU6()


class HardScores(_Scored):
    scored = nn.Hardsigmoid()


class ThresholdScores(_Scored):
    scored = nn.Threshold(0.1, 0.0)


class SquaredScores(_Scored):
    def scored(self, x: Tensor) -> Tensor:
        return nn.functional.relu(x).square()


class ReluFeatures(_Mapped):
    """Linear attention by kernels that a ReLU makes."""

    def forward(self, x: Tensor) -> Tensor:
        x = self.first(x)
        n, c, h, w = x.shape
        q, k, v = (part(x).flatten(2) for part in (self.queries, self.keys, self.values))
        context = torch.einsum("ndi,nei->nde", k.relu(), v)
        return self.last(torch.einsum("nde,ndi->nei", context, q.relu()).reshape(n, c, h, w))


class SigmoidScores(_Scored):
    scored = nn.Sigmoid()


class ReluTokens(_Mapped):
    """Queries, keys and values behind a ReLU, and scores behind a softmax."""

    def forward(self, x: Tensor) -> Tensor:
        x = self.first(x).relu()
        n, c, h, w = x.shape
        q, k = (part(x).relu().flatten(2) for part in (self.queries, self.keys))
        scores = torch.bmm(q.transpose(1, 2), k).softmax(-1)
        values = (self.values(x).flatten(2) + 2).relu()
        return self.last(torch.bmm(values, scores.transpose(1, 2)).reshape(n, c, h, w))
