"""TODO-docstring."""

from analysis.arithmetic.example.example import Example, Part, affordable, too_large

__all__ = ["Example", "Part", "affordable", "too_large"]
