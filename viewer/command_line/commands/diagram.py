"""`fieldglass diagram`: the network as a figure."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from viewer.command_line.shared.answers import unwritable
from viewer.command_line.shared.arguments import add_common
from viewer.command_line.shared.model import open_model
from viewer.command_line.shared.refusal import Refusal
from viewer.drawing.files import formats
from viewer.drawing.files.file_format import endings, format_of

PALETTES = ("classic", "colour-blind", "mono")
THEMES = ("light", "dark", "transparent")


def add(parser: argparse.ArgumentParser) -> None:
    """The options of `diagram`."""
    add_common(parser, output=f"the figure: {_known()}", answers=False)
    parser.add_argument("--palette", choices=PALETTES, default="classic")
    parser.add_argument("--theme", choices=THEMES, default="light")


def run(asked: argparse.Namespace) -> None:
    """Write the figure. Raises Refusal."""
    if asked.output is None:
        raise Refusal(f"diagram needs -o OUT with one of {_known()}.")
    path = Path(asked.output)
    if format_of(formats.DIAGRAMS, path) is None:
        raise Refusal(f"{path.name} ends in none of {_known()}.")
    model = open_model(asked)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"  # a figure needs no display, whatever is set
    from analysis.facts import analyse
    from analysis.graph.readable_blocks import readable_blocks
    from analysis.layout import place
    from analysis.storage.document import Document
    from viewer.drawing.network.diagram_file import export_diagram

    facts = analyse(model.graph)
    document = Document(model.graph, positions=model.positions or {}, gates=model.gates or {})
    blocks = readable_blocks(model.graph, facts.levels)
    placement = place(blocks, facts, document.positions)
    try:
        export_diagram(placement, facts, blocks, document, None, path, asked.palette, asked.theme)
    except OSError as error:
        raise unwritable(path, error) from error


def _known() -> str:
    return " ".join(endings(formats.DIAGRAMS))
