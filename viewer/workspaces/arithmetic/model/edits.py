"""The changes of the arithmetic's example that panels and the stage make, each undoable."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from analysis.arithmetic import Case, Fill, Kind, PoolMode, check, repair
from analysis.arithmetic.example import Example, Part
from analysis.arithmetic.example.picture_values import picture_values
from analysis.arithmetic.example.rank import of_rank
from analysis.inference.protocol.runs import Picture
from viewer.session import Session
from viewer.session.undo import StepName
from viewer.text.preset_names import preset_words
from viewer.text.translation import tr
from viewer.workspaces.arithmetic.model.scene_model import SceneModel
from viewer.workspaces.arithmetic.model.view_state import ArithmeticLive, ArithmeticView


def show_example(
    model: SceneModel, label: StepName, example: Example, merge_key: str | None = None
) -> None:
    """Make another example the document's, as one step of undo called `label`."""
    session = model.session
    session.edit(label, replace(session.document, arithmetic=example), merge_key)


def choose_preset(model: SceneModel, name: str) -> None:
    """One of the guide's cases, from its first step."""
    start(model.session)
    show_example(
        model, lambda: tr("Choose {name}", name=preset_words(name)), Example.of_preset(name)
    )


def set_kind(model: SceneModel, kind: Kind) -> None:
    """Convolution, transposed convolution or pooling: the first two turn each other round."""
    start(model.session)
    show_example(model, lambda: tr("Change the operation"), model.possible.with_kind(kind))


def set_case(
    model: SceneModel,
    label: StepName,
    merge_key: str | None = None,
    since: Example | None = None,
    **settings: Any,
) -> None:
    """Change settings of the case by their field names, possible or not.

    `since` is the example before the first of several changes of the same setting: what a number
    typed on the way cut off is there again, and so is all of it when the number comes back.
    """
    before = since or model.example
    case: Case = replace(before.case, **settings)
    after = before if case == before.case else before.with_case(case)
    show_example(model, label, after, merge_key)


def set_mode(model: SceneModel, mode: PoolMode) -> None:
    """Maximum or average of a pooling; an average has no dilation."""
    case = model.example.case
    dilation = (1,) * case.rank if mode == "average" else case.dilation
    set_case(model, lambda: tr("Change the operation"), mode=mode, dilation=dilation)


def set_rank(model: SceneModel, rank: int) -> None:
    """One axis or two."""
    start(model.session)
    show_example(model, lambda: tr("Change the axes"), of_rank(model.example, rank))


def mend(model: SceneModel) -> None:
    """Take the nearest settings that work."""
    case = model.example.case
    fault = check(case)
    if fault is not None:
        show_example(model, lambda: tr("Repair"), model.example.with_case(repair(case, fault)))
    elif model.fault is not None:
        show_example(model, lambda: tr("Repair"), model.possible)


def fill(model: SceneModel, part: Part, kind: Fill | str, seed: int = 0) -> None:
    """Fill the input, the kernel or ∂y anew."""
    show_example(model, lambda: tr("Fill"), model.possible.with_fill(part, kind, seed))  # type: ignore[arg-type]


def use_image(model: SceneModel, pixels: Picture) -> None:
    """Fill the input from a picture, averaged down to its size."""
    example = model.possible
    values = picture_values(pixels, example.case.input_shape)
    show_example(model, lambda: tr("Fill"), example.with_values("input", values))


def set_value(model: SceneModel, part: Part, place: tuple[int, ...], number: int | float) -> None:
    """Type one cell's number."""
    show_example(model, lambda: tr("Type a number"), model.possible.with_value(part, place, number))


# --------------------------------------------------------------------- what is no part of undo


def set_view(session: Session, **changes: Any) -> None:
    """Change choices of display by their field names."""
    view: ArithmeticView = replace(session.view.part(ArithmeticView), **changes)
    session.set_view(parts=session.view.parts.having(view))


def set_live(session: Session, **changes: Any) -> None:
    """Change step, playing or pointer by their field names."""
    live: ArithmeticLive = replace(session.live.part(ArithmeticLive), **changes)
    session.set_live(parts=session.live.parts.having(live))


def start(session: Session) -> None:
    """Back to the first step of what follows, with nothing pinned, the first channels shown."""
    set_live(session, step=0, hover=None)
    set_view(session, pinned=None, in_channel=0, out_channel=0)
