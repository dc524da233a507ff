"""Receptive fields: the set of input pixels that a unit is path-connected to.

Definition: Long, Shelhamer, Darrell, "Fully Convolutional Networks" (CVPR 2015). Three engines
follow one relation (`taps`): `phases` without an image size, `tables` for every unit of a given
size, and `unit` for the exact set of one unit at every earlier layer.
"""

from analysis.receptive_field.all_fields import FieldsBefore, FieldsOnDemand, Memo, fields
from analysis.receptive_field.axis_set import AxisSet
from analysis.receptive_field.coverage import Coverage, coverage, first_past
from analysis.receptive_field.field import (
    AxisRanges,
    Exactness,
    Field,
    Statistics,
)
from analysis.receptive_field.padding import (
    AxisPadding,
    PaddingInfluence,
    dead_pixels,
    padding_influence,
    padding_reach,
    padding_shares,
)
from analysis.receptive_field.phases import AxisPhases
from analysis.receptive_field.projective import ProjectiveField, projective_field
from analysis.receptive_field.pyramid import Growth, Pyramid, PyramidRow, chain, pyramid
from analysis.receptive_field.tables import AxisTable, Tables, tables
from analysis.receptive_field.tiling import Tiling, tiling
from analysis.receptive_field.unit import UnitField, region_field, unit_field
from analysis.receptive_field.unit_set import UnitSet

__all__ = [
    "AxisPadding",
    "AxisPhases",
    "AxisRanges",
    "AxisSet",
    "AxisTable",
    "Coverage",
    "Exactness",
    "Field",
    "FieldsBefore",
    "FieldsOnDemand",
    "Growth",
    "Memo",
    "PaddingInfluence",
    "ProjectiveField",
    "Pyramid",
    "PyramidRow",
    "Statistics",
    "Tables",
    "Tiling",
    "UnitField",
    "UnitSet",
    "chain",
    "coverage",
    "dead_pixels",
    "fields",
    "first_past",
    "padding_influence",
    "padding_reach",
    "padding_shares",
    "projective_field",
    "pyramid",
    "region_field",
    "tables",
    "tiling",
    "unit_field",
]
