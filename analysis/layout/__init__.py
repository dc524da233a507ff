"""TODO-docstring."""

from analysis.layout.layout import Placement, place

__all__ = ["Placement", "place"]
