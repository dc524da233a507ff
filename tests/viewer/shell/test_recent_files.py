"""The files opened last are listed with a small picture of each."""

from __future__ import annotations

from PySide6.QtWidgets import QMenu

from viewer.files.file_pictures import SIZE, picture_of


def recent(desk) -> QMenu:
    (menu,) = (
        each for each in desk.window.commands.menus["file"].findChildren(QMenu)
        if each.objectName() == "recent"
    )  # fmt: skip
    menu.aboutToShow.emit()
    return menu


def test_an_image_is_listed_with_itself(desk, tmp_path, two_colours) -> None:
    path = tmp_path / "halves.png"
    two_colours().save(path)
    before = desk.session.document.image
    desk.drop(path)
    desk.wait_image(before)
    desk.wait(lambda: picture_of(str(path)) is not None)
    action = recent(desk).actions()[0]
    assert action.text() == "halves.png"
    shown = action.icon().pixmap(SIZE).toImage()
    left, right = (shown.pixelColor(x, shown.height() // 2) for x in (4, shown.width() - 4))
    assert (left.red() > 200, left.blue() < 60) == (True, True)
    assert (right.blue() > 180, right.red() < 60) == (True, True)


def test_a_document_is_listed_with_its_network(desk, tmp_path) -> None:
    path = tmp_path / "mine.fieldglass"
    desk.window.saver.save(path, lambda: desk.window.recent.remember(str(path)))
    desk.wait(lambda: picture_of(str(path)) is not None)
    picture = picture_of(str(path))
    colours = {picture.pixelColor(x, y).rgb() for x in range(0, 120, 3) for y in range(0, 80, 3)}
    assert len(colours) > 5


def test_files_of_one_name_are_told_by_their_folders(desk, tmp_path, two_colours) -> None:
    for folder in ("first", "second"):
        (tmp_path / folder).mkdir()
        path = tmp_path / folder / "same.png"
        two_colours().save(path)
        desk.window.recent.remember(str(path))
    menu = recent(desk)
    assert [a.text() for a in menu.actions()[:2]] == ["same.png (second)", "same.png (first)"]
    menu.actions()[-1].trigger()
    assert recent(desk).actions()[0].text() == "Nothing opened yet"
    desk.wait(lambda: picture_of(str(tmp_path / "second" / "same.png")) is None)
