"""The changes of the arithmetic's example that panels and the stage make, each undoable."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from analysis.arithmetic import Case, Fill, Kind, check, repair
from analysis.arithmetic.example import Example, Part
from viewer.arithmetic_view import ArithmeticLive, ArithmeticView
from viewer.bench import Bench
from viewer.messages import tr
from viewer.session import Session


def show_example(bench: Bench, label: str, example: Example, merge_key: str | None = None) -> None:
    """Make another example the document's, as one step of undo named by the translated label."""
    session = bench.session
    session.edit(label, replace(session.document, arithmetic=example), merge_key)


def choose_preset(bench: Bench, name: str) -> None:
    """One of the guide's cases, from its first step."""
    start(bench.session)
    show_example(bench, tr("Choose {name}", name=name), Example.of_preset(name))


def set_kind(bench: Bench, kind: Kind) -> None:
    """Convolution, transposed convolution or pooling: the first two turn each other round."""
    start(bench.session)
    show_example(bench, tr("Change the operation"), bench.possible.with_kind(kind))


def set_case(bench: Bench, label: str, merge_key: str | None = None, **settings: Any) -> None:
    """Change settings of the case by their field names, possible or not."""
    case: Case = replace(bench.example.case, **settings)
    show_example(bench, label, bench.example.with_case(case), merge_key)


def mend(bench: Bench) -> None:
    """Take the nearest settings that work."""
    case = bench.example.case
    fault = check(case)
    if fault is not None:
        show_example(bench, tr("Repair"), bench.example.with_case(repair(case, fault)))
    elif bench.fault is not None:
        show_example(bench, tr("Repair"), bench.possible)


def fill(bench: Bench, part: Part, kind: Fill | str, seed: int = 0) -> None:
    """Fill the input, the kernel or ∂y anew."""
    show_example(bench, tr("Fill"), bench.possible.with_fill(part, kind, seed))  # type: ignore[arg-type]


def set_value(bench: Bench, part: Part, place: tuple[int, ...], number: int | float) -> None:
    """Type one cell's number."""
    show_example(bench, tr("Type a number"), bench.possible.with_value(part, place, number))


# --------------------------------------------------------------------- what is no part of undo


def set_view(session: Session, **changes: Any) -> None:
    """Change choices of display by their field names."""
    view: ArithmeticView = replace(session.view.arithmetic, **changes)
    session.set_view(arithmetic=view)


def set_live(session: Session, **changes: Any) -> None:
    """Change step, playing or pointer by their field names."""
    live: ArithmeticLive = replace(session.live.arithmetic, **changes)
    session.set_live(arithmetic=live)


def start(session: Session) -> None:
    """Back to the first step of what follows, with nothing pinned, the first channels shown."""
    set_live(session, step=0, hover=None)
    set_view(session, pinned=None, in_channel=0, out_channel=0)
