"""Starts the desktop program: fonts, theme, language, the engine process, the window."""

from __future__ import annotations

import argparse
import faulthandler
import signal
import sys
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QApplication

from viewer.look.fonts import font, load_fonts
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.text import languages

if TYPE_CHECKING:
    from viewer.shell.shown_models import ShownModels
    from viewer.shell.windows import Windows


TURN = 5e-4
"""Seconds that a worker thread may keep the interpreter while the GUI thread wants it.

Each call into Qt gives it away: with Python's 5 ms an edit beside a busy worker took 134 ms
and takes 85 with this.
"""


class Faults(Guarded, QObject):
    """Passes an exception of any thread or override to `show_line`; the program goes on.

    `show_line` is called with one line, always later and on the GUI thread: what was raised may
    have come out of a paintEvent, where nothing can be shown.
    """

    _raised = Signal(str)

    def __init__(self, show_line: Callable[[str], None]) -> None:
        super().__init__()
        self._show_line = show_line
        self._raised.connect(self._show, Qt.ConnectionType.QueuedConnection)
        sys.excepthook = self._hook

    def _hook(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        sys.__excepthook__(kind, error, trace)
        self._raised.emit(f"{kind.__name__}: {error}")

    def _show(self, text: str) -> None:
        try:
            self._show_line(text)
        except Exception as error:  # noqa: BLE001 (telling of it would fail again, for ever)
            sys.__excepthook__(type(error), error, error.__traceback__)


def make_application(arguments: Sequence[str]) -> QApplication:
    """The QApplication with our fonts, palette and style sheet, following the theme."""
    from viewer.look.style_sheet import style_sheet
    from viewer.text.qt_words import QtWords

    sys.setswitchinterval(TURN)
    app = QApplication([*arguments])
    app.setOrganizationName("Fieldglass")
    app.setApplicationName("Fieldglass")
    app.setDesktopFileName("fieldglass")
    app.setStyle("Fusion")
    load_fonts()
    app.setFont(font())
    QtWords(app)

    def dress() -> None:
        app.setPalette(theme.palette())
        app.setStyleSheet(style_sheet())

    theme.changed.connect(dress)
    app.styleHints().colorSchemeChanged.connect(theme.follow_system)
    dress()
    return app


def _application_icon() -> QIcon:
    from importlib.resources import files

    picture = QPixmap()
    picture.loadFromData(files("assets").joinpath("desktop/256/fieldglass.png").read_bytes())
    return QIcon(picture)


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Parse the command line of the window: FILE … and options."""
    parser = argparse.ArgumentParser(prog="fieldglass")
    parser.add_argument("files", nargs="*", metavar="FILE")
    parser.add_argument("--image", metavar="IMG")
    parser.add_argument("--lang", choices=[row.option for row in languages.LANGUAGES])
    parser.add_argument("--device", metavar="D")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the window and stay until it is closed; 0 as exit status."""
    faulthandler.enable()
    asked = parse(sys.argv[1:] if arguments is None else arguments)
    app = make_application(sys.argv[:1])
    from viewer.shell.settings import Settings
    from viewer.text.translation import language

    settings = Settings()
    theme.use(settings.theme)
    language.use(asked.lang or settings.language)
    app.setWindowIcon(_application_icon())
    return _run(app, settings, asked)


def _run(app: QApplication, settings: object, asked: argparse.Namespace) -> int:
    from viewer.engine.process import EngineProcess
    from viewer.files.first_document import first_document
    from viewer.session.sample_document import first_noise
    from viewer.shell.garbage_collection import GarbageCollection
    from viewer.shell.settings import Settings
    from viewer.shell.windows import Windows

    assert isinstance(settings, Settings)
    first = first_document()
    process = EngineProcess(asked.device or settings.device, precision=settings.precision)
    windows = Windows(first.store, process, settings)
    Faults(windows.tell_exception)  # sys.excepthook keeps it
    welcome = not settings.welcomed and not asked.files
    window = windows.open(first.document, first_noise(), welcome=welcome)
    if first.notice:
        window.session.notifications.post(first.notice, "warn")
    for path in [*asked.files, *([asked.image] if asked.image else [])]:
        window.opener.open(path)
    app.setQuitOnLastWindowClosed(False)  # a dialog may be the last to go
    windows.lastClosed.connect(app.quit)
    heart = _end_on_signals(windows.end_at_once)
    models = _listen_for_models(windows)
    collection = GarbageCollection(app)
    status = app.exec()
    collection.stop()
    heart.stop()
    models.close()
    process.close()
    return int(status)


def _listen_for_models(windows: Windows) -> ShownModels:
    """Take models from notebooks and scripts, once the window is painted."""
    from viewer.shell.shown_models import ShownModels

    models = ShownModels(windows)
    QTimer.singleShot(0, models.listen)
    return models


def _end_on_signals(end_at_once: Callable[[], None]) -> QTimer:
    """SIGTERM and SIGINT close without asking and keep the recovery copy.

    Python handles a signal between two bytecodes, so an idle event loop needs a tick.
    """

    def end(*_: object) -> None:
        end_at_once()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    heart = QTimer()
    heart.timeout.connect(lambda: None)
    heart.start(200)
    return heart
