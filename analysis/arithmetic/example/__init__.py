"""A worked example: a case with its values, as somebody edits it and a file holds it."""

from analysis.arithmetic.example.example import Example, Part, affordable, too_large

__all__ = ["Example", "Part", "affordable", "too_large"]
