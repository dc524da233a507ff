"""Writes a diagram as SVG."""

from __future__ import annotations

from collections.abc import Sequence

from viewer.drawing.files.svg import group, number, safe_id
from viewer.drawing.network.diagram import Diagram
from viewer.drawing.network.figure_options import CENTIMETRE
from viewer.drawing.painting.text import lettered_in


def to_svg(diagram: Diagram) -> bytes:
    """A diagram as SVG, text as text."""
    return svg(diagram).encode()


def svg(diagram: Diagram) -> str:
    """The document; each block is a group `block-<id>`, the wires are the group `wires`."""
    bounds, parts = diagram.bounds, diagram.parts()
    ids = _ids([part.name for part in parts])
    with lettered_in(diagram.face):
        groups = [
            group(name, part.paint, bounds, part.title)
            for name, part in zip(ids, parts, strict=True)
        ]
    width, height = number(bounds.width()), number(bounds.height())
    finished = f'width="{width}" height="{height}"'
    if diagram.options.width is not None:
        finished = f'width="{number(diagram.options.width)}cm" '
        finished += f'height="{number(diagram.size.height() / CENTIMETRE)}cm"'
    ground = ""
    if diagram.grounded:
        colour = diagram.inks.color("canvas").name()
        ground = f'<rect id="ground" width="{width}" height="{height}" fill="{colour}"/>\n'
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'{finished} viewBox="0 0 {width} {height}" version="1.1">\n'
        f"<title>Fieldglass</title>\n{ground}" + "\n".join(groups) + "\n</svg>\n"
    )


def _ids(names: Sequence[str]) -> list[str]:
    """An id of its own for every part; XML takes only some characters of its name."""
    found: list[str] = []
    taken = {"ground"}
    for name in names:
        wish = safe_id(name)
        free = (wish if not i else f"{wish}-{i}" for i in range(len(names) + 3))
        found.append(next(each for each in free if each not in taken))
        taken.add(found[-1])
    return found
