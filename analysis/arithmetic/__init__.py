"""Convolution arithmetic: one case of a convolution, transposed convolution or pooling, exactly.

Every view, export and test reads `plan(case)`. Formulas and their numbers are those of Dumoulin
and Visin, "A guide to convolution arithmetic for deep learning" (arXiv:1603.07285).
"""

from analysis.arithmetic.agreement import Agreement, Comparison, agreement, compared
from analysis.arithmetic.answer import answer, bytes_needed
from analysis.arithmetic.backward import Gradients, backward
from analysis.arithmetic.case import Case, Kind, PoolMode
from analysis.arithmetic.case_file import Exercise, read_case, read_exercise, written
from analysis.arithmetic.checking import check, culprit, repair
from analysis.arithmetic.counts import input_use_count, overlap_count, resized_overlap_count
from analysis.arithmetic.fills import Fill, filled, seeded
from analysis.arithmetic.matrix import Matrix, matrix
from analysis.arithmetic.plan import AxisPairs, Cell, Plan, Step, Tap, plan
from analysis.arithmetic.presets import PRESETS, Preset
from analysis.arithmetic.relationships import Relationship, relationships
from analysis.arithmetic.shifts import Values
from analysis.arithmetic.stamping import stamp, stamped
from analysis.arithmetic.torch_line import torch_line
from analysis.arithmetic.values import Term, WrittenOut, as_values, compute, written_out
from analysis.arithmetic.zero_insertion import KINDS, ZeroInsertion, zero_insertion

__all__ = [
    "KINDS",
    "PRESETS",
    "Agreement",
    "AxisPairs",
    "Case",
    "Cell",
    "Comparison",
    "Exercise",
    "Fill",
    "Gradients",
    "Kind",
    "Matrix",
    "Plan",
    "PoolMode",
    "Preset",
    "Relationship",
    "Step",
    "Tap",
    "Term",
    "Values",
    "WrittenOut",
    "ZeroInsertion",
    "agreement",
    "answer",
    "as_values",
    "backward",
    "bytes_needed",
    "check",
    "compared",
    "compute",
    "culprit",
    "filled",
    "input_use_count",
    "matrix",
    "overlap_count",
    "plan",
    "read_case",
    "read_exercise",
    "relationships",
    "repair",
    "resized_overlap_count",
    "seeded",
    "stamp",
    "stamped",
    "torch_line",
    "written",
    "written_out",
    "zero_insertion",
]
