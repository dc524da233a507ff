"""The menu of the files opened last, each with a small picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from threading import Event

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QMenu

from viewer.drawing.painting.array_image import image_of
from viewer.files.file_pictures import forget_others, keep_picture, picture_of
from viewer.override_guard import Guarded
from viewer.shell.settings import Settings
from viewer.text.escaping import menu_text
from viewer.text.translation import say, tr
from viewer.workspaces.services import Services

MENU = "recent"
"""Object name of the menu, by which the style sheet gives it large icons."""
SETTLED = 1000
"""Milliseconds after a file was opened or saved until its picture is taken."""


class RecentFiles(Guarded, QObject):
    """Remembers files that are opened or saved, and lists them.

    `drawn` answers a picture of the canvas, which stands for a document.
    """

    def __init__(self, services: Services, settings: Settings, drawn: Callable[[], QImage]) -> None:
        super().__init__(services.dialog_parent)
        self._services, self._settings, self._drawn = services, settings, drawn
        self._path = ""
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SETTLED)
        self._soon.timeout.connect(self._keep_picture)

    def remember(self, path: str) -> None:
        """Put a file at the head of the list; its picture is taken once it is shown."""
        self._settings.remember(path)
        self._path = str(Path(path).resolve())
        self._soon.start()

    def _keep_picture(self) -> None:
        picture, path, known = self._picture(), self._path, self._settings.recent()
        if picture is None:
            return

        def work(_: Event) -> None:
            keep_picture(path, picture)
            forget_others(known)

        # A folder that cannot be written has no pictures; what is saved there is said elsewhere.
        self._services.background.start(work, lambda _: None, lambda _: None)

    def _picture(self) -> QImage | None:
        """The picture for the newest file, while it is what the window shows."""
        session, saver = self._services.session, self._services.saver
        if saver.path is not None and str(saver.path.resolve()) == self._path:
            return self._drawn()
        image, frame = session.document.image, session.frame
        if image is None or frame is None or image.name != Path(self._path).name:
            return None
        return image_of(frame.clean) if frame.image_hash == image.hash else None

    def menu(self, owner: QMenu) -> QMenu:
        """The menu, filled each time it opens."""
        menu = QMenu(owner)
        menu.setObjectName(MENU)
        say(owner, menu.setTitle, "Open recent")
        menu.aboutToShow.connect(lambda: self._fill(menu))
        return menu

    def _fill(self, menu: QMenu) -> None:
        menu.clear()
        known = [*map(Path, self._settings.recent())]
        names = Counter(path.name for path in known)
        for path in map(str, known):
            name, folder = Path(path).name, Path(path).parent.name
            shown = f"{name} ({folder})" if names[name] > 1 else name
            action = menu.addAction(menu_text(shown))
            action.setToolTip(path)
            picture = picture_of(path)
            if picture is not None:
                action.setIcon(QIcon(QPixmap.fromImage(picture)))
            action.triggered.connect(lambda _=False, path=path: self._services.opener.open(path))
        if menu.isEmpty():
            menu.addAction(tr("Nothing opened yet")).setEnabled(False)
        else:
            menu.addSeparator()
            menu.addAction(tr("Forget these")).triggered.connect(self._forget)

    def _forget(self) -> None:
        self._settings.forget_recent()
        forget_others(())
