"""Where blocks and wires go: the U where there is one, layers from left to right else."""

from analysis.layout.layout import Placement, place

__all__ = ["Placement", "place"]
