"""Lines to begin with, from what a tensor is to what torch refuses."""

from __future__ import annotations

from viewer.text.translation import mark

EXAMPLES: tuple[tuple[str, str], ...] = (
    ("torch.randn(1, 2, 3, 4)", mark("a batch of one picture with two channels")),
    ("torch.randn(1, 2, 3, 4).view(-1, 2)", mark("view with −1: the size follows")),
    ("torch.arange(24).view(2, 3, 4).permute(2, 0, 1)", mark("permute changes strides only")),
    ("torch.arange(24).view(4, 6)[1:, ::2]", mark("a slice is a view")),
    ("torch.arange(4).expand(3, 4)", mark("expand repeats without memory")),
    ("torch.arange(5).unfold(0, 3, 1)", mark("windows over a row, as a convolution takes them")),
    ("torch.rand(5000)", mark("uniform numbers")),
    ("torch.randn(5000)", mark("normal numbers")),
    ("torch.normal(mean=0.5, std=torch.arange(1., 6.))", mark("each with its own deviation")),
    ("torch.linspace(0, 1, 5)", mark("evenly spaced, both ends in it")),
    ("torch.cat([torch.zeros(2, 3), torch.ones(1, 3)])", mark("joined along an axis")),
    ("torch.rand(1, 3, 8, 8)", mark("three channels are a colour picture")),
    ("torch.arange(24).view(2, 3, 4).permute(2, 0, 1).view(-1)", mark("what view refuses")),
    ("torch.arange(6)[::-1]", mark("what slices refuse")),
)  # fmt: skip
"""(line, what it shows)."""
