"""One case of a convolution, transposed convolution or pooling: its numbers, checks and presets."""

from analysis.arithmetic.case.case import Case, Kind, PoolMode, Size

__all__ = ["Case", "Kind", "PoolMode", "Size"]
