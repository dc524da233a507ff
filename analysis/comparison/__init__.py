"""Says what differs between two networks, and which of their operators stand for each other."""

from analysis.comparison.differences import Change, Comparison, compare
from analysis.comparison.kinds import Difference, Differences, differences, together
from analysis.comparison.union import Union, united

__all__ = [
    "Change",
    "Comparison",
    "Difference",
    "Differences",
    "Union",
    "compare",
    "differences",
    "together",
    "united",
]
