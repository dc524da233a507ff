"""Convolution arithmetic: one case of a convolution, transposed convolution or pooling, exactly.

Every view, export and test reads `plan(case)`. Formulas and their numbers are those of Dumoulin
and Visin, "A guide to convolution arithmetic for deep learning" (arXiv:1603.07285).
"""

from analysis.arithmetic.case import Case, Kind, PoolMode
from analysis.arithmetic.case.checking import check, faulty_setting, repair
from analysis.arithmetic.case.presets import PRESETS, Preset
from analysis.arithmetic.case.relationships import Relationship, relationships
from analysis.arithmetic.case.torch_line import torch_line
from analysis.arithmetic.example.answer import answer, bytes_needed
from analysis.arithmetic.example.case_file import Exercise, read_case, read_exercise, written
from analysis.arithmetic.example.fills import Fill, filled, seeded
from analysis.arithmetic.forms.agreement import Agreement, Comparison, agreement, compared
from analysis.arithmetic.forms.backward import Gradients, backward
from analysis.arithmetic.forms.counts import input_use_count, overlap_count, resized_overlap_count
from analysis.arithmetic.forms.matrix import Matrix, matrix
from analysis.arithmetic.forms.plan import AxisPairs, Cell, Plan, Step, Tap, plan
from analysis.arithmetic.forms.shifts import Values
from analysis.arithmetic.forms.stamping import stamp, stamped
from analysis.arithmetic.forms.values import Term, WrittenOut, as_values, compute, written_out
from analysis.arithmetic.forms.zero_insertion import KINDS, ZeroInsertion, zero_insertion

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
    "faulty_setting",
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
