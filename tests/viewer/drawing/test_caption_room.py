"""A figure whose text is enlarged for its width: no name on a wire, a card or another name."""

from __future__ import annotations

from itertools import combinations

import pytest
from PySide6.QtCore import QRectF

from tests.viewer.networks import document_of
from viewer.drawing.network.diagram_file import diagram, drawn_document
from viewer.drawing.network.figure_options import COLUMN, PAGE, FigureOptions
from viewer.drawing.network.stretched import stretched
from viewer.look.fonts import load_fonts
from viewer.text.translation import language


@pytest.fixture(autouse=True)
def english(qapp):
    load_fonts()
    language.use("en")


def drawn(text: str, width: float):
    return diagram(drawn_document(document_of(text)), FigureOptions(width=width))


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("u2net", PAGE),
        ("u2net", COLUMN),
        ("unet_plus_plus:base=8", PAGE),
        ("unet_plus_plus:base=8", COLUMN),
        ("symmetric_denoiser:layers=30,base=8", COLUMN),
        ("unet:base=8", COLUMN),
    ],
)
def test_no_caption_lies_on_a_wire_a_card_or_another(text, width):
    drawing = drawn(text, width)
    captions, nodes = drawing._captions, drawing.figure.nodes
    assert {name for name, node in nodes.items() if node.shape == "map"} - captions.keys() == set()
    inner = {name: each.rect.adjusted(1, 1, -1, -1) for name, each in captions.items()}
    for one, other in combinations(inner, 2):
        assert not inner[one].intersects(inner[other]), (one, other)
    for name, rect in inner.items():
        assert not any(rect.intersects(node.card) for node in nodes.values()), name
        for edge in drawing.figure.edges:
            on_it = any(rect.contains(edge.path.pointAtPercent(i / 200)) for i in range(201))
            assert not on_it, (name, edge.source, edge.target)
        card = nodes[name].card
        near = QRectF(card).adjusted(-20, -200, 20, 200).united(card.adjusted(-400, -1, 400, 1))
        assert near.intersects(rect), name


def test_no_caption_stands_over_another_block_of_its_row():
    drawing = drawn("u2net", COLUMN)
    nodes = drawing.figure.nodes
    for name, each in drawing._captions.items():
        card, rect = nodes[name].card, each.rect
        if rect.bottom() > card.top() and rect.top() < card.bottom():
            continue
        row = {n: x.card for n, x in nodes.items() if abs(x.centre.y() - card.center().y()) < 1}
        shared = {
            n: min(rect.right(), c.right()) - max(rect.left(), c.left()) for n, c in row.items()
        }
        assert shared[name] == max(shared.values()), name


def test_how_often_a_block_repeats_is_in_its_caption_where_text_is_enlarged():
    drawing = drawn("fcn", COLUMN)
    names = {name: each.lines[0].text for name, each in drawing._captions.items()}
    assert names["stage5"] == "stage 5 (× 3)"
    assert (
        "(×"
        not in diagram(drawn_document(document_of("fcn")), FigureOptions())
        ._captions["stage5"]
        .lines[0]
        .text
    )


def test_only_where_wires_bow_over_names_rows_move_apart():
    plain = drawn_document(document_of("unet:base=8")).figure
    same = stretched(plain, 300.0)
    assert {n: p.card for n, p in same.nodes.items()} == {n: p.card for n, p in plain.nodes.items()}
    bowed = drawn_document(document_of("unet_plus_plus:base=8")).figure
    apart = stretched(bowed, 300.0)
    top, lowest = apart.nodes["x0_0"].card.top(), max(_bows(apart, "x0_0"))
    assert top - lowest == pytest.approx(300.0)
    assert bowed.nodes["x0_0"].card.top() - max(_bows(bowed, "x0_0")) < 100
    kept = stretched(bowed, 0.0)
    assert kept.nodes["x0_0"].card.top() - max(_bows(kept, "x0_0")) == pytest.approx(
        bowed.nodes["x0_0"].card.top() - max(_bows(bowed, "x0_0"))
    )
    for before, after in zip(bowed.edges, apart.edges, strict=True):
        assert after.path.pointAtPercent(0) == after.start
        for figure_edge, figure in ((before, bowed), (after, apart)):
            card = figure.nodes[figure_edge.target].card
            assert card.adjusted(-2, -2, 2, 2).contains(figure_edge.end), figure_edge.target


def _bows(figure, name) -> list[float]:
    """The heights of the wires that bow over a block."""
    tops = [edge.path.boundingRect().top() for edge in figure.edges]
    return [y for y in tops if y < figure.nodes[name].card.top()]


def test_a_folded_chain_in_a_column_keeps_all_but_a_few_sizes_and_fits_a_page():
    drawing = drawn("symmetric_denoiser:layers=30,base=8", COLUMN)
    sizes = [each for each in drawing._captions.values() if len(each.lines) == 2]
    assert len(sizes) + drawing.left_out == len(drawing._captions)
    assert drawing.left_out <= 4
    assert drawing.size.height() / 96 * 2.54 < 20
