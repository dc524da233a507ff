"""Qt's own words, in file dialogs and the menus of text fields, in the language in use.

Qt ships its translations with itself; a language that it has none for keeps Qt's English. The few
words that its catalogues lack, or have wrong for a list of files, come from our own.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QObject, QTranslator

from viewer.override_guard import Guarded
from viewer.text.translation import language, mark, tr

OWN = {
    ("QFileSystemModel", "Size"): mark("Size of file"),
    ("QFileSystemModel", '<b>The name "%1" cannot be used.</b>'): mark(
        "<b>The name “%1” cannot be used.</b>"
    ),
}
"""Our sentence for one of Qt's, by the class that says it; English keeps Qt's."""


class QtWords(Guarded, QObject):
    """Installs Qt's catalogue of the language in use into the application, and changes it."""

    def __init__(self, app: QCoreApplication) -> None:
        super().__init__(app)
        self._app = app
        self._installed: QTranslator | None = None
        self._own = OwnWords(self)
        language.changed.connect(self.update)
        self.update()

    def update(self) -> None:
        """Put the catalogue of the language in use in the place of the one before."""
        before, self._installed = self._installed, _catalogue(language.code, self._app)
        if before is not None:
            self._app.removeTranslator(self._own)
            self._app.removeTranslator(before)
            before.deleteLater()
        if self._installed is not None:
            self._app.installTranslator(self._installed)
            self._app.installTranslator(self._own)  # the last one installed is asked first


class OwnWords(Guarded, QTranslator):
    """Answers for the words in `OWN`, and leaves all others to the catalogue below it."""

    def translate(
        self, context: str, source: str, disambiguation: str | None = None, n: int = -1
    ) -> str | None:
        """Our words; None, which Qt takes for a null string, where there are none."""
        own = OWN.get((context, source))
        return None if own is None or language.code == "en" else tr(own)

    def isEmpty(self) -> bool:
        """An empty translator would not be installed."""
        return False


def _catalogue(code: str, parent: QCoreApplication) -> QTranslator | None:
    translator = QTranslator(parent)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(f"qtbase_{code}", folder):
        return translator
    translator.deleteLater()
    return None
