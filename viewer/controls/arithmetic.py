"""Reads sums that are typed where a number is wanted: `2*32`, `64/2`, `(3+1)*16`."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

LONGEST = 60
"""Characters; a longer text is no number that somebody means."""
SIGNS = {"×": "*", "·": "*", "÷": "/", "−": "-"}
CHARACTERS = r"\d.+\-*/()\s×·÷−"
"""What such a text is made of, for a regular expression."""
TYPED = re.compile(f"[{CHARACTERS}]*")
SUM = re.compile(r"[\d.)\s][+\-*/×·÷−]|[()]")
"""What tells a sum from a number; it counts once it is finished."""
_TOKEN = re.compile(r"\s*(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+|[-+*/()])", re.IGNORECASE)


def evaluated(text: str) -> float | None:
    """The value of a sum with + - * / and brackets, or None where it is none, or not finite."""
    if len(text) > LONGEST:
        return None
    tokens = _tokens("".join(SIGNS.get(each, each) for each in text))
    if not tokens:
        return None
    reading = _Reading(tokens)
    try:
        value = reading.sum()
    except (ArithmeticError, ValueError):
        return None
    return value if reading.at_end() and math.isfinite(value) else None


def whole(text: str) -> int | None:
    """The same where it comes out even, as a whole number."""
    value = evaluated(text)
    return int(value) if value is not None and value == int(value) else None


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    place = 0
    text = text.strip()
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None:
            return []
        tokens.append(found[1])
        place = found.end()
    return tokens


class _Reading:
    """Recursive descent over the tokens: a sum of products of signed numbers and brackets."""

    def __init__(self, tokens: list[str]) -> None:
        self._left: Iterator[str] = iter(tokens)
        self._next: str | None = next(self._left)

    def at_end(self) -> bool:
        return self._next is None

    def _take(self) -> str:
        if self._next is None:
            raise ValueError("ends too early")
        taken, self._next = self._next, next(self._left, None)
        return taken

    def sum(self) -> float:
        value = self._product()
        while self._next in ("+", "-"):
            sign = self._take()
            other = self._product()
            value = value + other if sign == "+" else value - other
        return value

    def _product(self) -> float:
        value = self._signed()
        while self._next in ("*", "/"):
            sign = self._take()
            other = self._signed()
            value = value * other if sign == "*" else value / other
        return value

    def _signed(self) -> float:
        token = self._take()
        if token in ("+", "-"):
            value = self._signed()
            return -value if token == "-" else value
        if token == "(":
            value = self.sum()
            if self._take() != ")":
                raise ValueError("a bracket stays open")
            return value
        return float(token)
