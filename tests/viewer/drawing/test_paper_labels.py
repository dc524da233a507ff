"""Every box of the paper's figure keeps its labels, and no arrow runs into another's track."""

from __future__ import annotations

import pytest

from tests.viewer.networks import document_of
from viewer.drawing.network.diagram_file import diagram, drawn_document
from viewer.drawing.network.figure_options import COLUMN, PAGE, FigureOptions
from viewer.look.fonts import load_fonts
from viewer.text.translation import language


@pytest.fixture(autouse=True)
def english(qapp):
    load_fonts()
    language.use("en")


def paper(text: str, width: float | None, **options):
    options = FigureOptions(style="paper", width=width, **options)
    return diagram(drawn_document(document_of(text)), options)


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("unet", COLUMN),
        ("unet_plus_plus", COLUMN),
        ("u2net", PAGE),
        ("pix2pix", COLUMN),
        ("fcn", COLUMN),
        ("linknet", None),
        ("symmetric_denoiser", COLUMN),
        ("resnet", COLUMN),
        ("residual_unet", COLUMN),
    ],
)
def test_no_label_is_left_out(text, width):
    drawing = paper(text, width)
    assert drawing.left_out == 0
    assert drawing.text_points >= 5.9
    for name, placed in drawing.sheet.boxes.items():
        box, said = placed.box, [label.text for label in drawing.sheet.labels[name]]
        if box.form == "map":
            assert said[0] == str(box.shape[0]), name
            assert any(each.endswith("²") for each in said), name
        if box.role:
            assert {"input", "output", "bottleneck"} & set(said), name


def test_what_is_too_long_for_the_legend_of_a_column_goes_on_below():
    drawing = paper("residual_unet", COLUMN)
    entries = drawing.legend.entries
    assert drawing.legend.width * drawing.enlarged <= drawing.bounds.width()
    at = next(i for i, (entry, _) in enumerate(entries) if entry.goes_on)
    first, above = entries[at - 1]
    second, below = entries[at]
    assert below.x() == 0 == above.x() < below.y() - above.y()
    whole = paper("residual_unet", None).legend.entries
    assert f"{first.text} {second.text}" in [entry.text for entry, _ in whole]
    assert drawing.tikz().count(first.text.replace("×", r"$\times$")) == 1


def test_what_a_short_arrow_cannot_say_is_a_number_that_the_legend_explains():
    drawing = paper("u2net", PAGE)
    assert drawing.sheet.numbered == ("3 × 3, 2 × 2", "3 × 3")
    on_arrows = {label.text for label in drawing.sheet.labels[""]}
    assert on_arrows == {"1", "2"}
    explained = {e.key: e.text for e, _ in drawing.legend.entries if e.key.startswith("number")}
    assert explained == {"number 1": "3 × 3, 2 × 2", "number 2": "3 × 3"}
    assert r"\textbf{2}" in drawing.tikz()


@pytest.mark.parametrize("width", [COLUMN, PAGE])
def test_what_an_entry_says_is_on_no_arrow_and_every_number_explained_is_on_one(width):
    drawing = paper("linknet", width, fields=True, kernels=True)
    entries = {entry.key: entry.text for entry, _ in drawing.legend.entries}
    assert (entries["conv level"], entries["point level"]) == (
        "convolution 3 × 3",
        "convolution 1 × 1",
    )
    on_arrows = {label.text for label in drawing.sheet.labels.get("", ())}
    assert {each.removeprefix("number ") for each in entries if each[:6] == "number"} == on_arrows
    assert on_arrows == (set() if width == COLUMN else {"1"})


def test_without_a_legend_there_are_no_numbers_and_what_has_no_room_is_counted():
    drawing = paper("u2net", PAGE, legend=False)
    assert drawing.sheet.numbered == ()
    assert drawing.left_out > 0


def test_a_bottleneck_says_its_latent():
    drawing = paper("variational_autoencoder", COLUMN)
    said = [label.text for labels in drawing.sheet.labels.values() for label in labels]
    assert said.count("latent 32") == 1
    assert "latent 32" in drawing.tikz()
    plain = paper("variational_autoencoder", COLUMN, sizes=False, channels=False)
    assert "latent" not in plain.tikz()


def test_a_skip_enters_beside_the_arrow_that_leaves_upwards():
    drawing = paper("fcn", None)
    [into] = [
        each.path
        for each in drawing.sheet.arrows
        if each.arrow.target == "dec3" and each.path.elementCount() > 2
    ]
    out = next(e.path for e in drawing.sheet.arrows if e.arrow.source == "dec3")
    assert abs(into.currentPosition().x() - out.elementAt(0).x) > 2.0


def test_an_input_stands_straight_above_what_reads_it_where_another_box_cannot():
    drawing = paper("pix2pix", PAGE)
    corners = {
        (each.arrow.source, each.arrow.target)
        for each in drawing.sheet.arrows
        if each.arrow.kind != "copy"
        and not each.straight
        and drawing.maps.boxes[each.arrow.source].level
        != drawing.maps.boxes[each.arrow.target].level
    }
    assert corners == {("bottleneck.conv", "join7")}


def test_only_a_u_tells_arrows_apart_by_their_direction():
    keys = [entry.key for entry, _ in paper("resnet", PAGE).legend.entries]
    assert keys
    assert all(key.endswith(" level") for key in keys)
