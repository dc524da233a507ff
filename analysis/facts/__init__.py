"""Analyses a graph without running it: shapes, costs, skip connections, faults, repairs."""

from analysis.facts.facts import Facts, Skip, analyse

__all__ = ["Facts", "Skip", "analyse"]
