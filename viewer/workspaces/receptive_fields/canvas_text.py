"""Writes heading, hint and status of the canvas in Receptive fields."""

from __future__ import annotations

from viewer.session import Session
from viewer.session.canvas_mode import Piece
from viewer.text.block_names import block_name
from viewer.text.number_format import box
from viewer.text.translation import tr


def heading(session: Session) -> tuple[str, str]:
    """Title: which unit, region or pixel is pointed at. Fact: which maps show it."""
    pin = session.pointed
    if pin is None or session.unit_field is None:
        return tr("What a unit sees"), tr("on every earlier map")
    if session.projective is not None:
        title = tr("What input pixel ({y}, {x}) can change", y=pin.y, x=pin.x)
        return title, tr("on every later map")
    block = session.block_of.get(pin.layer)
    name = block.id if block is not None and block.output == pin.layer else pin.layer
    layer = block_name(name)
    if pin.is_region:
        title = tr("What the units {box} of {layer} see together", box=box(pin.box), layer=layer)
    else:
        title = tr("What unit ({y}, {x}) of {layer} sees", y=pin.y, x=pin.x, layer=layer)
    return title, tr("on every earlier map")


def hint(session: Session) -> tuple[Piece, ...]:
    """What can be done next: pin a unit, then move it or clear it."""
    if session.view.pin is None:
        click = Piece("words", tr("Click anywhere in a map to see what it sees."))
        if session.view.selection is None:
            return (click,)
        return click, Piece("key", "U"), Piece("words", tr("takes the middle"))
    return (
        Piece("key", "Shift"),
        Piece("key", "← ↑ ↓ →"),
        Piece("words", tr("move by one")),
        Piece("key", "Esc"),
        Piece("words", tr("clears")),
    )


def status(session: Session) -> str | None:
    """The unit or region whose field is shown, for the status bar; None where there is none."""
    field = session.unit_field
    if field is None:
        return None
    name = block_name(session.block_of[field.layer].id)
    if len(field.unit) == 4:
        return tr("{layer}, units {box}", layer=name, box=box(field.unit))
    y, x = field.unit[-2:]
    return tr("{layer}, unit ({y}, {x})", layer=name, y=y, x=x)
