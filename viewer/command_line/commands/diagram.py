"""`fieldglass diagram`: the network as a figure."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from analysis.graph import Graph
from analysis.graph.scopes import scopes
from viewer.command_line.shared.answers import unwritable
from viewer.command_line.shared.arguments import add_common
from viewer.command_line.shared.image_options import add_page_options
from viewer.command_line.shared.map_pictures import with_pictures
from viewer.command_line.shared.model import open_model
from viewer.command_line.shared.refusal import Refusal
from viewer.drawing.files import formats
from viewer.drawing.files.file_format import endings, format_of
from viewer.drawing.network.figure_options import (
    COLUMN,
    FONTS,
    GROUNDS,
    LEAST_SCALE,
    MOST_SCALE,
    NARROWEST,
    PAGE,
    PALETTES,
    SLIDE,
    STYLES,
    WIDEST,
    FigureOptions,
)

WIDTHS = {"column": COLUMN, "page": PAGE, "slide": SLIDE}
LISTED = 12
"""Groups that are named where another was asked for."""
SWITCHES = (
    ("sizes", "heights and widths of the maps"),
    ("channels", "their channels"),
    ("fields", "receptive fields in px of the input"),
    ("kernels", "kernels (in the paper's style by default)"),
    ("legend", "a legend of what occurs (in the paper's style by default)"),
    ("steps", "an arrow for every convolution of a block (paper's style)"),
)


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `diagram`."""
    add_common(parser, output=f"the figure: {_known()}", answers=False)
    add = parser.add_argument
    add(
        "--style",
        choices=STYLES,
        default="blocks",
        help="the canvas's blocks, or maps and arrows as in the U-Net paper",
    )
    add("--palette", choices=PALETTES, default="classic")
    add("--theme", choices=GROUNDS, default="light")
    add("--font", choices=FONTS, default="inter")
    add("--width", metavar="CM", type=width, help=f"of the figure: {', '.join(WIDTHS)}, or in cm")
    add("--scale", metavar="N", type=scale, default=2.0, help="px of a PNG for one of the figure")
    opens = "a block to open, as a double-click on the canvas does; again for another one"
    add("--open", metavar="BLOCK", action="append", default=[], dest="opened", help=opens)
    for name, what in SWITCHES:
        switch = argparse.BooleanOptionalAction
        add(f"--{name}", action=switch, default=None, dest=f"shows_{name}", help=what)
    add("--image", metavar="IMG", help="a picture to run the network on, whose maps are drawn")
    add_page_options(parser)


def width(text: str) -> float:
    """A width in cm, or the name of one. Raises Refusal."""
    known = WIDTHS.get(text)
    if known is not None:
        return known
    value = _number(text.removesuffix("cm"))
    if value is None or not NARROWEST <= value <= WIDEST:
        names = ", ".join(WIDTHS)
        raise Refusal(f"--width is {text}; it takes {names}, or {NARROWEST:g} to {WIDEST:g} in cm.")
    return value


def scale(text: str) -> float:
    """A factor for PNG. Raises Refusal."""
    value = _number(text)
    if value is None or not LEAST_SCALE <= value <= MOST_SCALE:
        raise Refusal(f"--scale is {text}; it goes from {LEAST_SCALE:g} to {MOST_SCALE:g}.")
    return value


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def run(asked: argparse.Namespace) -> None:
    """Write the figure. Raises Refusal."""
    if asked.output is None:
        raise Refusal(f"diagram needs -o OUT with one of {_known()}.")
    path = Path(asked.output)
    if format_of(formats.DIAGRAMS, path) is None:
        raise Refusal(f"{path.name} ends in none of {_known()}.")
    model = open_model(asked)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"  # a figure needs no display, whatever is set
    from analysis.storage.document import Document
    from viewer.drawing.network.diagram_file import diagram, drawn_document, write_diagram
    from viewer.session.view_state import ViewState

    document = Document(model.graph, positions=model.positions or {}, gates=model.gates or {})
    view = ViewState.from_plain(model.view or {})
    expanded = view.expanded | _known_scopes(model.graph, asked.opened)
    drawn = drawn_document(document, None, expanded, view.collapsed)
    if asked.image is not None:
        drawn = with_pictures(drawn, model, asked)
    try:
        write_diagram(diagram(drawn, options(asked)), path)
    except OSError as error:
        raise unwritable(path, error) from error


def _known_scopes(graph: Graph, names: Sequence[str]) -> frozenset[str]:
    """The groups of these names. Raises Refusal for a name that no group has."""
    known = scopes(graph)
    unknown = next((name for name in names if name not in known), None)
    if unknown is not None:
        outermost = [name for name in known if "/" not in name]
        shown = ", ".join(outermost[:LISTED]) or "no groups"
        more = " …" if len(known) > LISTED else ""
        raise Refusal(f"--open is {unknown}; the network has {shown}{more}.")
    return frozenset(names)


def options(asked: argparse.Namespace) -> FigureOptions:
    """What was asked for; a switch that was not given is as by default."""
    given = {name: getattr(asked, f"shows_{name}") for name, _ in SWITCHES}
    plain = ("style", "palette", "theme", "font", "width", "scale")
    chosen = {name: getattr(asked, name) for name in plain}
    return FigureOptions(**chosen, **{k: v for k, v in given.items() if v is not None})


def _known() -> str:
    return " ".join(endings(formats.DIAGRAMS))
