"""What leaves the canvas is what it shows, drawn from the figure that it already has."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QImage

from viewer.canvas import snapshot
from viewer.drawing.network import diagram_file, incremental_figure


def test_export_takes_the_figure_that_is_on_the_canvas(make_canvas, tmp_path, monkeypatch):
    canvas = make_canvas("live")
    built: list[object] = []
    for room in (incremental_figure, diagram_file):
        real = room.figure
        monkeypatch.setattr(room, "figure", lambda *a, f=real: built.append(a) or f(*a))
    for ending in ("svg", "pdf", "png", "tex"):
        path = tmp_path / f"unet.{ending}"
        snapshot.export(canvas.scene, path)
        assert path.stat().st_size > 1000
    picture = snapshot.picture(canvas.scene)
    assert built == []
    assert picture.size() == QImage(str(tmp_path / "unet.png")).size()


def test_export_shows_the_state_of_the_canvas(make_canvas, shares_of, tmp_path):
    canvas = make_canvas("live")
    plain, shared = tmp_path / "a.svg", tmp_path / "b.svg"
    snapshot.export(canvas.scene, plain)
    canvas.session.show_measured(shares_of(canvas.session, 0.21, 0.12))
    snapshot.export(canvas.scene, shared)
    assert "21 %" not in plain.read_text(encoding="utf-8")
    assert "21 %" in shared.read_text(encoding="utf-8")


def test_a_figure_has_no_ports_to_draw_wires_from(make_canvas, tmp_path):
    canvas, drawn = make_canvas("build"), []
    for name in ("build", "train"):
        canvas.session.set_view(workspace=name)
        snapshot.export(canvas.scene, tmp_path / f"{name}.svg")
        drawn.append((tmp_path / f"{name}.svg").read_text(encoding="utf-8"))
    assert drawn[0] == drawn[1]


def test_another_ending_is_refused(make_canvas, tmp_path):
    with pytest.raises(ValueError, match="gif"):
        snapshot.export(make_canvas("live").scene, tmp_path / "unet.gif")
