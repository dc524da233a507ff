"""TODO-docstring."""

from analysis.facts.facts import Facts, Skip, analyse

__all__ = ["Facts", "Skip", "analyse"]
