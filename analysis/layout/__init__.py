"""Lays out blocks and wires: as a U where there is one, else in layers from left to right."""

from analysis.layout.layout import Placement, place

__all__ = ["Placement", "place"]
