"""Shows models that a notebook or script of this user hands to the running window.

What is handed over is the path of a document, which opens as any other: no code is run.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from analysis.storage.document import Document, DocumentError
from analysis.storage.document_file import Opened
from viewer.files.model_remarks import remarks_of_message
from viewer.files.network_length import load
from viewer.files.window_address import window_address
from viewer.session.arrangement import Arrangement, arranged
from viewer.session.background_jobs import Background
from viewer.session.edits.newer_reading import open_anew, with_work_of
from viewer.session.view_state import ViewState
from viewer.shell.window import Window
from viewer.shell.windows import Windows
from viewer.text.fault_sentences import fault_sentence
from viewer.text.translation import tr

MOST_BYTES = 1 << 16
"""Of one message."""


class ShownModels(QObject):
    """Listens for models; the first window of this user that is started does.

    A message is one line of JSON, `{"show": PATH}`, with `"remarks"` where something is to be said
    of the model (`viewer.files.model_remarks`); the answer is `{"shown": true}`, or
    `{"error": SENTENCE}`. The model takes the place of the one that was shown before, or of what
    the active window shows, with the view kept. It is a step that can be undone, and gates, places
    and the image stay, where it still has a use for them. Edits of a network, and files, are not
    replaced: then it gets a window of its own.
    """

    def __init__(self, windows: Windows) -> None:
        super().__init__()
        self._windows = windows
        self._background = Background(self)
        self._window: Window | None = None
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._connected)

    def listen(self) -> bool:
        """Begin to listen; False where another window does, or no place can be had."""
        try:
            address = window_address()
        except OSError:
            return False
        probe = QLocalSocket(self)
        probe.connectToServer(address)
        taken = probe.waitForConnected(100)
        probe.abort()
        if taken:
            return False
        QLocalServer.removeServer(address)  # of a window that was killed
        return self._server.listen(address)

    def close(self) -> None:
        """Listen no more."""
        self._server.close()

    def _connected(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            socket.readyRead.connect(lambda socket=socket: self._read(socket))
            self._read(socket)

    def _read(self, socket: QLocalSocket) -> None:
        if socket.bytesAvailable() > MOST_BYTES:
            socket.abort()
        if not socket.canReadLine():
            return
        line = bytes(socket.readLine(MOST_BYTES).data())
        try:
            message = json.loads(line)
            path = Path(message["show"])
        except (ValueError, LookupError, TypeError):
            _answer(socket, {"error": "no message that is known"})
            return
        said = remarks_of_message(message.get("remarks"))
        self._show(path, said, lambda answer: _answer(socket, answer))

    def _show(self, path: Path, said: str, answer: Callable[[dict[str, Any]], None]) -> None:
        window = self._free_window()
        view = window.session.view if window is not None else ViewState()

        def read(_: Event) -> tuple[Opened, Arrangement]:
            opened = load(path, self._windows.store)
            looks = arranged(opened.document, view.strict, view.expanded, None, view.collapsed)
            return opened, looks

        def shown(found: tuple[Opened, Arrangement]) -> None:
            self.show(found[0], said, found[1])
            answer({"shown": True})

        def failed(error: Exception) -> None:
            known = isinstance(error, DocumentError)
            answer({"error": fault_sentence(error.fault) if known else str(error)})  # type: ignore[attr-defined]

        self._background.start(read, shown, failed)

    def show(self, opened: Opened, said: str = "", looks: Arrangement | None = None) -> None:
        """Show a document that was handed over, and say what is to be known of it.

        `looks` is what a worker has found of it already.
        """
        window = self._free_window()
        if window is None:
            window = self._windows.open(opened.document)
        else:
            self._show_in(window, opened.document, looks)
        self._window = window
        if said:
            window.session.notifications.post(said, "warn")
        window.raise_()
        window.activateWindow()

    def _show_in(self, window: Window, document: Document, looks: Arrangement | None) -> None:
        """In place of what the window shows; what was done to that is not lost."""
        session, before = window.session, window.session.document
        other = document.graph.structure_hash != before.graph.structure_hash
        if looks is not None:
            session.expect(looks)
        if window is not self._window and not window.saver.unsaved:
            gone: dict[str, Any] = {"selection": None, "skip": None, "pin": None} if other else {}
            window.show_document(document, replace(session.view, **gone), None)
            return
        skips = {each.name for each in (looks or session).facts.skips}
        kept = with_work_of(before, document, skips)
        if document.image is not None:
            image, reading = document.image, document.image_reading
            kept = replace(kept, image=image, image_reading=reading, target=None, target_as=None)
        open_anew(session, tr("Show {name}", name=document.title), kept)
        window.saver.begin_here()
        if other:
            window.canvas.fit()

    def _free_window(self) -> Window | None:
        """The window of the model before, else the active one, if nothing in it would be missed."""
        for window in (self._window, self._windows.active):
            if window is None or window not in self._windows.opened:
                continue
            if window.saver.path is None and not window.saver.worth_asking:
                return window
        return None


def _answer(socket: QLocalSocket, message: dict[str, Any]) -> None:
    with contextlib.suppress(RuntimeError):  # who asked may be gone
        socket.write(json.dumps(message).encode() + b"\n")
        socket.flush()
        socket.disconnectFromServer()
