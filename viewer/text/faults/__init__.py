"""Sentences of faults, a file for each family: what is wrong, in numbers, and what would do."""
