"""Plays a film or a camera through the network: as fast as it is, or as frames can be run."""

from __future__ import annotations

import time
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from analysis.inference.protocol.runs import Frame
from viewer.files import film_frames
from viewer.files.film_frames import BrokenOffError, FilmSource, NoReaderError
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.background_jobs import Background, Job
from viewer.session.input_image.film_frame import FilmFrame
from viewer.text.escaping import name_text
from viewer.text.translation import mark, tr

PATIENCE = 0.05
"""Seconds between two looks whether reading is to stop."""


class FilmPlayer(Guarded, QObject):
    """Reads on a worker; a frame that comes while the one before still runs is left out."""

    _arrived = Signal(object, int, object)

    def __init__(self, session: Session, background: Background) -> None:
        super().__init__(session)
        self._session = session
        self._background = background
        self._job: Job[Any] | None = None
        self._playing = 0
        self._ended: FilmSource | None = None
        """What was played to its end, while its last frame is shown."""
        self._shown = Event()
        self._goes_on = Event()
        self._arrived.connect(self._show)
        session.frameReady.connect(self._ran)
        session.documentChanged.connect(self._document_changed)

    def open(self, path: str) -> None:
        """Play a file once; its last frame stays."""
        self._play(FilmSource(path, Path(path).name))

    def open_camera(self) -> None:
        """Run on what the first camera sees."""
        self._play(film_frames.camera())

    def _play(self, source: FilmSource) -> None:
        self.stop()
        self._playing += 1
        number = self._playing
        self._shown.set()
        self._goes_on.set()

        def read(cancelled: Event) -> int:
            return self._read(source, number, cancelled)

        def done(count: int) -> None:
            self._end(number, source)
            if not count:
                self._say_broken(source, None)

        def failed(error: Exception) -> None:
            self._end(number, source)
            self._say_broken(source, error)

        self._job = self._background.start(read, done, failed)

    def _end(self, number: int, source: FilmSource) -> None:
        """No more frames come: the last one is held, and Play begins anew."""
        if number == self._playing:
            self._ended = source
            self._goes_on.clear()
            self._show_held()

    def stop(self) -> None:
        """Close the film; the document's image runs again."""
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self._playing += 1
        self._ended = None
        self._goes_on.set()
        if self._session.live.part(FilmFrame).pixels is not None:
            self._session.set_live(parts=self._session.live.parts.having(FilmFrame()))

    def toggle(self) -> None:
        """Hold the film where it is, or go on; from its end on it begins anew."""
        if self._ended is not None:
            self._play(self._ended)
            return
        if self._goes_on.is_set():
            self._goes_on.clear()
        else:
            self._goes_on.set()
        self._show_held()

    def _show_held(self) -> None:
        frame = self._session.live.part(FilmFrame)
        if frame.pixels is None:
            return
        held = FilmFrame(frame.name, frame.hash, frame.at, not self._goes_on.is_set(), frame.pixels)
        self._session.set_live(parts=self._session.live.parts.having(held))

    # ---------------------------------------------------------------- on a worker

    def _read(self, source: FilmSource, number: int, cancelled: Event) -> int:
        """Read until the end; how many frames there were. The last one is always run."""
        count, began = 0, time.monotonic()
        left_out: NDArray[np.uint8] | None = None
        try:
            for at, pixels in film_frames.frames(source):
                while not cancelled.is_set() and not self._goes_on.wait(PATIENCE):
                    began += PATIENCE
                count += 1
                if not self._wait(began + at, source, cancelled, first=count == 1):
                    return count
                left_out = pixels
                if self._shown.is_set():
                    left_out = None
                    self._run(source, number, count, pixels)
        finally:  # also of a film that breaks off
            while left_out is not None and not cancelled.is_set():
                if self._shown.wait(PATIENCE):
                    self._run(source, number, count, left_out)
                    left_out = None
        return count

    def _run(self, source: FilmSource, number: int, at: int, pixels: NDArray[np.uint8]) -> None:
        self._shown.clear()
        self._arrived.emit((number, source.name), at, np.ascontiguousarray(pixels))

    def _wait(self, due: float, source: FilmSource, cancelled: Event, first: bool) -> bool:
        """Wait until a frame is due; a camera's is at once. False where reading is to stop."""
        while not cancelled.is_set():
            left = due - time.monotonic()
            if first or source.device_format is not None or left <= 0:
                return True
            cancelled.wait(min(left, PATIENCE))
        return False

    # ---------------------------------------------------------------- on the GUI thread

    def _show(self, of: tuple[int, str], at: int, pixels: NDArray[np.uint8]) -> None:
        if of[0] != self._playing:
            return
        frame = FilmFrame(of[1], f"film {of[0]} {at}", at, not self._goes_on.is_set(), pixels)
        self._session.set_live(parts=self._session.live.parts.having(frame))
        if not self._session.facts.can_begin:
            self._shown.set()

    def _ran(self, frame: Frame) -> None:
        if frame.image_hash == self._session.live.part(FilmFrame).hash:
            self._shown.set()

    def _document_changed(self, before: Any, after: Any) -> None:
        if before.image != after.image:
            self.stop()

    def _say_broken(self, source: FilmSource, error: Exception | None) -> None:
        name = name_text(source.name)
        if isinstance(error, NoReaderError):
            said = tr("Films and cameras need PyAV: pip install 'fieldglass[video]'.")
        elif source.device_format is not None:
            said = tr("The camera gives no picture: {error}", error=error or "")
        elif error is None:
            said = tr("There is no picture in {name}.", name=name)
        elif isinstance(error, BrokenOffError) and error.count:
            text = mark("{name} breaks off after {n} of its {count} frames.")
            said = tr(text, name=name, n=error.count, count=error.of)
        else:
            why = getattr(error, "strerror", None) or error  # without the number before it
            said = tr("{name} breaks off here: {error}", name=name, error=why)
        self._session.notifications.post(said)
