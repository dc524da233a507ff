"""Blueprints: settings in, graph out. `parse` reads the command line's MODEL."""

from analysis.blueprints.blueprint import GROUPS, Blueprint, Group
from analysis.blueprints.model_text import describe_blueprints, is_known, parse
from analysis.blueprints.presets import PRESETS, Preset, preset_of
from analysis.blueprints.settings import Setting, Settings, Value
from analysis.blueprints.table import BLUEPRINTS

__all__ = [
    "BLUEPRINTS",
    "GROUPS",
    "PRESETS",
    "Blueprint",
    "Group",
    "Preset",
    "Setting",
    "Settings",
    "Value",
    "describe_blueprints",
    "is_known",
    "parse",
    "preset_of",
]
