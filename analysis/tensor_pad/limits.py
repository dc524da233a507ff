"""How long a line may be, and how much it may allocate and compute."""

from __future__ import annotations

LONGEST = 500
"""Characters of a line."""
DEEPEST = 80
"""Expressions inside each other; each step of a chain stands around those before it."""
MOST_STEPS = 64
"""Calls, indexings and operations of a line."""
MOST_ELEMENTS = 1 << 18
"""Of any tensor on the way: 512 × 512, or three channels of 256 × 256."""
MOST_PRODUCTS = 1 << 26
"""Of one matrix product; about 30 ms on one core."""
LARGEST_NUMBER = (1 << 63) - 1
"""What torch takes as an integer."""
