"""Names of the filters made by hand that stand beside a learned channel."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.inference.protocol.layer_channels import CLOSEST
from viewer.text.translation import mark, tr

NAMES: Mapping[str, str] = {
    CLOSEST: mark("the one most like it"),
    "sobel-x": mark("Sobel, across"),
    "sobel-y": mark("Sobel, down"),
    "gaussian": mark("Gaussian, σ 2"),
    "laplacian": mark("Laplacian of a Gaussian, σ 1.5"),
    "gabor-0": mark("Gabor, 0°"),
    "gabor-45": mark("Gabor, 45°"),
    "gabor-90": mark("Gabor, 90°"),
    "gabor-135": mark("Gabor, 135°"),
}
"""By key, in the order in which they are offered."""


def filter_name(key: str) -> str:
    """A filter's name in the language in use."""
    return tr(NAMES.get(key, NAMES[CLOSEST]))
