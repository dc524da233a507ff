"""Qt's own words, in file dialogs and the menus of text fields, in the language in use.

Qt ships its translations with itself; a language that it has none for keeps Qt's English.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QObject, QTranslator

from viewer.override_guard import Guarded
from viewer.text.translation import language


class QtWords(Guarded, QObject):
    """Installs Qt's catalogue of the language in use into the application, and changes it."""

    def __init__(self, app: QCoreApplication) -> None:
        super().__init__(app)
        self._app = app
        self._installed: QTranslator | None = None
        language.changed.connect(self.update)
        self.update()

    def update(self) -> None:
        """Put the catalogue of the language in use in the place of the one before."""
        before, self._installed = self._installed, _catalogue(language.code, self._app)
        if before is not None:
            self._app.removeTranslator(before)
            before.deleteLater()
        if self._installed is not None:
            self._app.installTranslator(self._installed)


def _catalogue(code: str, parent: QCoreApplication) -> QTranslator | None:
    translator = QTranslator(parent)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(f"qtbase_{code}", folder):
        return translator
    translator.deleteLater()
    return None
