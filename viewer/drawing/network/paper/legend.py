"""The legend of the paper's figure: one arrow for each kind of operation that occurs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath

from viewer.drawing.network.figure_legend import Entry
from viewer.drawing.network.figure_options import FigureOptions
from viewer.drawing.network.paper.maps import Arrow, Maps
from viewer.drawing.network.paper.operations import ArrowKind
from viewer.drawing.network.paper.painting import paint_arrow
from viewer.drawing.painting.text import SIZE_SIZE, paint_text
from viewer.look.palette import Inks
from viewer.text.figure_words import family_text
from viewer.text.translation import tr

Direction = Literal["level", "down", "up"]
ORDER: tuple[ArrowKind, ...] = (
    "conv", "copy", "pool", "up", "point", "attention", "dense", "other",
)  # fmt: skip
FAMILY: dict[ArrowKind, str] = {
    "conv": "conv",
    "point": "conv",
    "pool": "pool",
    "up": "resample",
    "dense": "dense",
    "attention": "attn",
    "other": "opaque",
}
MOST_TEXTS = 2


@dataclass(frozen=True)
class Kinds:
    """The entries of the legend, and what is written on arrows that an entry cannot say."""

    entries: tuple[Entry, ...]
    marks: Mapping[tuple[str, str], str]


def kinds(
    found: Maps,
    options: FigureOptions,
    inks: Inks,
    gated: Collection[str] = frozenset(),
    as_u: bool = True,
) -> Kinds:
    """What occurs in a figure; operators in `gated` are those of gates, which are told apart.

    Only in a U arrows go down and up, and are told apart by that.
    """
    groups: dict[tuple[ArrowKind, Direction, bool], list[Arrow]] = {}
    for arrow in found.arrows:
        if arrow.kind != "plain":
            in_gate = arrow.kind != "attention" and any(each in gated for each in arrow.operators)
            key = arrow.kind, _direction(found, arrow) if as_u else "level", in_gate
            groups.setdefault(key, []).append(arrow)
    entries: list[Entry] = []
    marks: dict[tuple[str, str], str] = {}
    for kind, way, in_gate in sorted(groups, key=lambda each: (ORDER.index(each[0]), *each[1:])):
        arrows = groups[kind, way, in_gate]
        kernels = options.shows_kernels
        texts = list(dict.fromkeys(found.text(arrow, kernels) for arrow in arrows))
        if kind == "copy":
            said = _copy_text(found, arrows)
        elif len(texts) <= MOST_TEXTS and kind != "attention":
            said = " / ".join(texts)
        else:
            told = _kernel_of_all(found, arrows) if kernels and kind != "attention" else ""
            told = "1 × 1" if kind == "point" else told
            said = f"{family_text(FAMILY[kind])} {told}".rstrip()
            for arrow in arrows if kernels and kind != "attention" else ():
                if found.kernels(arrow) != told:  # else the entry says it
                    marks[arrow.source, arrow.target] = found.kernels(arrow)
        if in_gate:
            said = f"{family_text('attn')}: {said}"
        entries.append(Entry(said, _sample(inks, kind, way), f"{kind} {way}"))
    if options.fields:
        entries.append(Entry(tr("receptive field in px"), _number("123", "field", inks), "field"))
    return Kinds(tuple(entries), marks)


def _kernel_of_all(found: Maps, arrows: list[Arrow]) -> str:
    """The kernels of these arrows where they are the same for all of them, else nothing."""
    told = {found.kernels(arrow) for arrow in arrows}
    return told.pop() if len(told) == 1 else ""


def _direction(found: Maps, arrow: Arrow) -> Direction:
    if arrow.kind in ("copy", "attention"):
        return "level"
    rise = found.boxes[arrow.source].level - found.boxes[arrow.target].level
    return "up" if rise > 0 else "down" if rise < 0 else "level"


def _copy_text(found: Maps, arrows: list[Arrow]) -> str:
    if any(arrow.cropped for arrow in arrows):
        return tr("copy and crop")
    added = all(found.boxes[arrow.target].form == "circle" for arrow in arrows)
    return tr("skip") if added else tr("copy")


def _sample(inks: Inks, kind: ArrowKind, way: Direction) -> Callable[[QPainter, QRectF], None]:
    def paint(painter: QPainter, area: QRectF) -> None:
        start, end = sample_ends(area, way)
        path = QPainterPath(start)
        path.lineTo(end)
        paint_arrow(painter, inks, kind, path, 1.0)

    return paint


def sample_ends(area: QRectF, way: str, enlarged: float = 1.0) -> tuple[QPointF, QPointF]:
    """Where the arrow of an entry begins and ends."""
    at = area.center()
    if way == "level":
        half = QPointF(11, 0) * enlarged
        return at - half, at + half
    half = QPointF(0, 7) * enlarged
    return (at - half, at + half) if way == "down" else (at + half, at - half)


def number_entry(number: int, text: str, inks: Inks) -> Entry:
    """What a number that is written on arrows stands for."""
    return Entry(text, _number(str(number), "text", inks), f"number {number}")


def _number(text: str, token: str, inks: Inks) -> Callable[[QPainter, QRectF], None]:
    bold, centre = token == "text", Qt.AlignmentFlag.AlignHCenter

    def paint(painter: QPainter, area: QRectF) -> None:
        base = QPointF(area.center().x(), area.center().y() + 4)
        paint_text(painter, base, text, inks.color(token), SIZE_SIZE, bold, centre)

    return paint
