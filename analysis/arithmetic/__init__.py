"""Convolution arithmetic: one case of a convolution, transposed convolution or pooling, exactly.

Every view, export and test reads `plan(case)`. Formulas and their numbers are those of Dumoulin
and Visin, "A guide to convolution arithmetic for deep learning" (arXiv:1603.07285).
"""

from analysis.arithmetic.case import Case, Kind, PoolMode
from analysis.arithmetic.checking import check, culprit, repair
from analysis.arithmetic.plan import AxisPairs, Cell, Plan, Step, Tap, plan

__all__ = [
    "AxisPairs",
    "Case",
    "Cell",
    "Kind",
    "Plan",
    "PoolMode",
    "Step",
    "Tap",
    "check",
    "culprit",
    "plan",
    "repair",
]
