"""File ▸ Report… writes the page of what is shown, without what is ignored."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QPushButton

from analysis.blueprints import BLUEPRINTS, parse
from analysis.inference.protocol.review import ReviewNumbers
from analysis.review import ChannelCounts, OnImage, Subject, review
from analysis.storage.document import Document


def uneven(**more) -> Document:
    name, settings = parse("red_net:base=4")
    return Document(graph=BLUEPRINTS[name].build(BLUEPRINTS[name].complete(settings)), **more)


def test_the_report_of_what_is_shown(desk, tmp_path, monkeypatch):
    desk.session.edit("network", uneven())
    desk.window.commands.report.write(str(tmp_path / "net"))
    desk.wait_told("net.html")
    assert "checkerboard" in (tmp_path / "net.html").read_text(encoding="utf-8")
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    [button] = desk.window.notice.findChildren(QPushButton)
    desk.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert opened == [str(tmp_path / "net.html")]


def test_what_the_picture_showed_is_in_it(desk, tmp_path):
    seen = OnImage(channels={"conv1": ChannelCounts(8, constant=3)})
    desk.session.show_observed(ReviewNumbers(1, "s", "h", seen), desk.session.picture_key)
    desk.window.commands.report.write(str(tmp_path / "net"))
    desk.wait_told("net.html")
    assert "3 of 8 channels" in (tmp_path / "net.html").read_text(encoding="utf-8")
    desk.session.show_observed(ReviewNumbers(1, "s", "h", seen), "another picture")
    desk.window.commands.report.write(str(tmp_path / "other"))
    desk.wait_told("other.html")
    assert "3 of 8 channels" not in (tmp_path / "other.html").read_text(encoding="utf-8")


def test_what_is_ignored_stays_out_of_it(desk, tmp_path):
    desk.session.edit("network", uneven())
    keys = tuple(each.key for each in review(Subject(desk.session.facts)).findings)
    desk.session.edit("ignore", uneven(ignored=keys))
    desk.window.commands.report.write(str(tmp_path / "net.html"))
    desk.wait_told("net.html")
    text = (tmp_path / "net.html").read_text(encoding="utf-8")
    assert "checkerboard" not in text
    assert "Nothing to remark" in text
    assert f"{len(keys)} more ignored in the document." in text


def test_a_place_that_cannot_be_written_is_said(desk, tmp_path):
    desk.window.commands.report.write(str(tmp_path / "nowhere" / "net.html"))
    assert desk.wait_told("net.html")
