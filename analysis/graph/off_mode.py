"""What a skip that is turned off carries in the place of its values."""

from __future__ import annotations

from typing import Literal

OffMode = Literal["zero", "mean", "noise"]
"""Nothing, the means of its channels, or noise with their mean and spread."""
