"""What the canvas says of itself in each workspace: title, legend, hint."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.blueprints import BLUEPRINTS
from viewer.canvas.legend import Piece
from viewer.session import Session
from viewer.text import number_format
from viewer.text.block_names import block_name, cannot_run
from viewer.text.escaping import name_text
from viewer.text.translation import tr


def words(session: Session) -> tuple[str, str]:
    """Title and fact."""
    match session.view.workspace:
        case "arithmetic":
            said = tr("Double-click a convolution or a pooling to take it apart.")
            return _network(session), said
        case "build":
            return _network(session), tr(
                "{n} parameters", n=number_format.scaled(session.facts.parameters)
            )
        case "fields":
            return _fields(session)
        case _:
            return _live(session)


def _network(session: Session) -> str:
    document = session.document
    if document.blueprint is None:
        return name_text(document.title) or tr("Network")
    name, settings = document.blueprint
    known = BLUEPRINTS.get(name)
    defaults = {each.name: each.default for each in known.settings} if known else {}
    parts = [_blueprint(name), *_settings({**defaults, **settings})]
    return tr(", ").join(parts)


def _blueprint(name: str) -> str:
    match name:
        case "unet":
            return "U-Net"
        case "encoder_decoder":
            return tr("Encoder–decoder")
        case "red_net":
            return "RED-Net"
    return name_text(name)


def _settings(settings: Mapping[str, object]) -> list[str]:
    said = []
    if "depth" in settings:
        said.append(tr("{n} levels", n=settings["depth"]))
    if "base" in settings:
        said.append(tr("base {n}", n=settings["base"]))
    return said


def _fields(session: Session) -> tuple[str, str]:
    pin = session.pointed
    if pin is None or session.unit_field is None:
        return tr("What a unit sees"), tr("on every earlier map")
    if session.projective is not None:
        title = tr("What input pixel ({y}, {x}) can change", y=pin.y, x=pin.x)
        return title, tr("on every later map")
    block = session.block_of.get(pin.layer)
    name = block.id if block is not None and block.output == pin.layer else pin.layer
    if pin.is_region:
        box = number_format.box(pin.box)
        title = tr("What the units {box} of {layer} see together", box=box, layer=block_name(name))
        return title, tr("on every earlier map")
    title = tr("What unit ({y}, {x}) of {layer} sees", y=pin.y, x=pin.x, layer=block_name(name))
    return title, tr("on every earlier map")


def _live(session: Session) -> tuple[str, str]:
    if not session.facts.problems and not any(skip.kind == "long" for skip in session.facts.skips):
        return tr("Every layer, live"), tr("this network has no skips")
    if session.facts.problems:
        return tr("What each path adds to the output"), cannot_run(session.facts)
    if session.shares is None:
        return tr("What each path adds to the output"), ""
    return tr("What each path adds to the output"), tr("shares sum to 100 %")


def legend(session: Session) -> tuple[Piece, ...]:
    """What the drawing means."""
    if session.view.workspace == "build":
        return (Piece("sheets"), Piece("words", tr("each sheet doubles the channels")))
    shown = session.shares is not None and not session.facts.problems
    if session.view.workspace == "live" and shown:
        return (
            Piece("adds"),
            Piece("words", tr("adds")),
            Piece("subtracts"),
            Piece("words", tr("subtracts")),
            Piece("words", tr("width: share")),
        )
    return ()


def hint(session: Session) -> tuple[Piece, ...]:
    """What can be done next in the fields workspace."""
    if session.view.workspace != "fields":
        return ()
    if session.view.pin is None:
        return (Piece("words", tr("Click anywhere in a map to see what it sees.")),)
    return (
        Piece("key", "Shift"),
        Piece("key", "← ↑ ↓ →"),
        Piece("words", tr("move by one")),
        Piece("key", "Esc"),
        Piece("words", tr("clears")),
    )
