"""Writes a diagram as SVG."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QPainter

from viewer.drawing.files.svg import group, number, safe_id
from viewer.drawing.network.diagram import Diagram


def to_svg(diagram: Diagram) -> bytes:
    """A diagram as SVG, text as text."""
    return svg(diagram).encode()


def svg(diagram: Diagram) -> str:
    """The document; each block is a group `block-<id>`, the wires are the group `wires`."""
    bounds = diagram.bounds
    parts = [group("wires", diagram.paint_edges, bounds)]
    ids = _ids(list(diagram.figure.nodes))
    for name, node in diagram.figure.nodes.items():
        body = group(ids[name], _painting(diagram, name), bounds, node.name)
        parts.append(body)
    width, height = number(bounds.width()), number(bounds.height())
    ground = ""
    if diagram.grounded:
        colour = diagram.inks.color("canvas").name()
        ground = f'<rect id="ground" width="{width}" height="{height}" fill="{colour}"/>\n'
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}" version="1.1">\n'
        f"<title>Fieldglass</title>\n{ground}" + "\n".join(parts) + "\n</svg>\n"
    )


def _ids(names: list[str]) -> dict[str, str]:
    """An id of its own for every block; XML takes only some characters of its name."""
    found: dict[str, str] = {}
    taken = {"wires", "ground"}
    for name in names:
        wish = safe_id(f"block-{name}")
        free = (wish if not i else f"{wish}-{i}" for i in range(len(names) + 3))
        found[name] = next(each for each in free if each not in taken)
        taken.add(found[name])
    return found


def _painting(diagram: Diagram, name: str) -> Callable[[QPainter], None]:
    return lambda painter: diagram.paint_node(painter, name)
