"""Makes rich text of a lesson's paragraphs: everything escaped, terms as links, numbers read."""

from __future__ import annotations

from collections.abc import Callable

from analysis.faults import Fault
from analysis.lessons.lesson import Inline, Paragraph
from analysis.lessons.questions.contract import Drawn
from analysis.lessons.readings.contract import Value
from analysis.lessons.readings.table import parse_reading, read
from analysis.lessons.state import LessonState
from viewer.look.theme import theme
from viewer.text.escaping import xml_text
from viewer.text.number_format import power_of_ten

Number = Callable[[str], str]
"""What stands in a text for a name in braces."""
LIVE = frozenset({"psnr", "psnr-in"})
"""Readings that are of the newest picture."""
UNKNOWN = "…"
BOLD = "font-weight: 600"
"""The weight that the bundled fonts have."""


def live_number(state: LessonState) -> Number:
    """Numbers of the session as it is; … for one that is not known."""

    def of(target: str) -> str:
        reading = parse_reading(target)
        return number_text(None if isinstance(reading, Fault) else read(reading, state))

    return of


def numbers_at_first(known: dict[str, str], now: Number) -> Number:
    """Numbers as they were when a step began: its text stays true while one changes things.

    `known` keeps them. What is not known yet is asked for again; what a picture decides is as now.
    """

    def of(target: str) -> str:
        if target in LIVE:
            return now(target)
        said = known.get(target, UNKNOWN)
        if said == UNKNOWN:
            said = known[target] = now(target)
        return said

    return of


def drawn_number(drawn: Drawn) -> Number:
    """Numbers of a question that was drawn, its working and answer among them."""
    told = drawn.told

    def of(target: str) -> str:
        value = told.get(target)
        return number_text(float(value) if isinstance(value, int) else value)

    return of


def number_text(value: Value) -> str:
    """A number as it stands in a sentence: whole ones without a point, thousands apart.

    The space between them breaks no line.
    """
    if value is None:
        return UNKNOWN
    if isinstance(value, str):
        return value
    if value != int(value):
        said = f"{value:g}"
        return power_of_ten(value) if "e" in said else said.replace("-", "−")
    whole = int(value)
    said = f"{whole:,}".replace(",", "\u202f") if abs(whole) >= 10_000 else str(whole)
    return said.replace("-", "−")


def rich_text(paragraphs: tuple[Paragraph, ...], number: Number) -> str:
    """Paragraphs for a label of rich text."""
    parts = ["".join(_piece(each, number) for each in paragraph) for paragraph in paragraphs]
    return "".join(f'<p style="margin: 0 0 4px 0">{part}</p>' for part in parts)


def _piece(piece: Inline, number: Number) -> str:
    text = xml_text(piece.text)
    if piece.kind == "strong":
        return f'<span style="{BOLD}">{text}</span>'
    if piece.kind == "stress":
        return f"<i>{text}</i>"
    if piece.kind == "code":
        return f'<span style="font-family: DejaVu Sans Mono">{text}</span>'
    if piece.kind == "term":
        color = theme.color("accent").name()
        return f'<a href="term:{xml_text(piece.target)}" style="color: {color}">{text}</a>'
    if piece.kind == "number":
        # Else Qt makes a plain space, at which lines break, of the one between thousands.
        return (
            f'<span style="{BOLD}; white-space: pre-wrap">{xml_text(number(piece.target))}</span>'
        )
    return text
