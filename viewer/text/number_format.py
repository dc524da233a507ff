"""Formats numbers: thin spaces that break no line, ×, −, en dashes, half-open boxes."""

from __future__ import annotations

import math
from collections.abc import Sequence

from viewer.text.translation import language

THIN = "\N{NARROW NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
NOTHING = 1e-6
"""Shares that are smaller than this are rounding of what is 0."""
SCALES = ((1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))


def grouped(number: int) -> str:
    """Whole numbers with thin spaces: 7 763 107."""
    return f"{number:,}".replace(",", THIN).replace("-", MINUS)


def decimal(number: float, digits: int = 1) -> str:
    """A number with so many digits after the point: 29.3, −4.0; ∞, −∞ and NaN as such."""
    if not math.isfinite(number):
        return _without_end(number)
    written = f"{number:,.{digits}f}".replace(",", THIN)
    if written.startswith("-") and not written.strip("-0.,"):
        written = written[1:]
    return written.replace("-", MINUS)


def _without_end(number: float) -> str:
    if math.isnan(number):
        return "NaN"
    return "∞" if number > 0 else f"{MINUS}∞"


def scaled(number: float) -> str:
    """Three significant digits and a letter: 48.3 G, 7.76 M; below 1000 as it is."""
    if not math.isfinite(number):
        return _without_end(number)
    for size, letter in SCALES:
        if abs(number) >= size * 0.9995:
            value = number / size
            digits = 2 if abs(value) < 9.995 else 1 if abs(value) < 99.95 else 0
            return f"{decimal(value, digits)} {letter}"
    return decimal(number, 0)


def mebibytes(count: int) -> str:
    """Bytes as MiB, without the unit: 32.0, 0.25, 0."""
    value = count / 2**20
    if count == 0:
        return "0"
    return decimal(value, 1 if value >= 0.95 else 2 if value >= 0.0095 else 4)


def significant(number: float, digits: int = 3) -> str:
    """So many significant digits: 0.0492, 19.3, 1 230; very small and large ones by a power."""
    if number == 0 or not math.isfinite(number):
        return decimal(number, 0)
    magnitude = math.floor(math.log10(abs(number)))
    if not -5 < magnitude < 7:
        return power_of_ten(number)
    return decimal(number, max(0, digits - 1 - magnitude))


def percent(share: float, digits: int = 0) -> str:
    """A share of 1 in per cent: 29 %, −4 %; Chinese takes no space before the sign.

    What is not 0 is never written as 0 %: it takes one decimal, 0.3 %, or is said to be < 0.1 %.
    Below 0 it takes more, −0.04 %, or is said to be ≈ 0 %: "> −0.1 %" is read with effort.
    """
    if not math.isfinite(share):
        return _without_end(share)
    return f"{hundredths(share, digits)}{language.row.space}%"


def hundredths(share: float, digits: int = 0) -> str:
    """The number of `percent` without its sign."""
    value = 0.0 if is_nothing(share) else 100 * share
    for places in range(digits, max(digits, 1) + 1):
        if not value or round(value, places):
            return decimal(value, places)
    places = max(digits, 1)
    if value > 0:
        return f"< {decimal(10.0**-places, places)}"
    finer = round(value, places + 1)
    return decimal(finer, places + 1) if finer else "≈ 0"


def is_nothing(share: float) -> bool:
    """Whether a share of 1 is 0 as far as float32 can tell: it is written 0, and not drawn."""
    return abs(share) < NOTHING


def spatial(size: Sequence[int]) -> str:
    """A size: 188 × 204; a square is 512², a cube 64³, one axis 512."""
    if len(size) > 1 and len(set(size)) == 1:
        return f"{size[0]}{str(len(size)).translate(SUPERSCRIPTS)}"
    return times(size)


def times(sizes: Sequence[int]) -> str:
    """All sizes in full: 32 × 512 × 512."""
    return " × ".join(str(size) for size in sizes)


def shape(sizes: Sequence[int]) -> str:
    """A feature map, short: 32 × 512²; a vector is its length."""
    if len(sizes) < 3:
        return times(sizes)
    return f"{sizes[0]} × {spatial(sizes[1:])}"


def span(low: int, high: int) -> str:
    """A range, or the one number that it is: 188–204, 32."""
    return str(low) if low == high else f"{low}–{high}"


def spans(lows: Sequence[int], highs: Sequence[int]) -> str:
    """Ranges by axis: one when all axes agree, else 5–6 × 7."""
    each = [span(low, high) for low, high in zip(lows, highs, strict=True)]
    return each[0] if len(set(each)) == 1 else " × ".join(each)


def box(edges: Sequence[int]) -> str:
    """A half-open box, all lows then all highs: [18, 206) × [114, 318)."""
    axes = len(edges) // 2
    pairs = zip(edges[:axes], edges[axes:], strict=True)
    return " × ".join(f"[{low}, {high})".replace("-", MINUS) for low, high in pairs)


def power_of_ten(number: float, digits: int = 0) -> str:
    """A very small or large number, with so many digits behind its first: 3 × 10⁻⁷; 0 stays 0."""
    if number == 0:
        return "0"
    if not math.isfinite(number):
        return _without_end(number)
    mantissa, exponent = f"{number:.{digits}e}".split("e")
    raised = str(int(exponent)).translate(SUPERSCRIPTS)
    return f"{mantissa.replace('-', MINUS)} × 10{raised}"
