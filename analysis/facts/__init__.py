"""What can be said of a graph without running it: shapes, costs, skips, faults, repairs."""

from analysis.facts.facts import Facts, Skip, analyse

__all__ = ["Facts", "Skip", "analyse"]
