"""Requests a new run whenever the document or the view changes, and passes results on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication

from analysis.inference.colormaps import ink_ramp, signed_ramp
from analysis.inference.protocol.effective_field import Effective, EffectiveRequest
from analysis.inference.protocol.engine import EngineFailure, EngineReady
from analysis.inference.protocol.images import ImageSource
from analysis.inference.protocol.layer_numbers import LayerNumbers
from analysis.inference.protocol.measures import Measured, MeasureRequest
from analysis.inference.protocol.progress import Progress
from analysis.inference.protocol.question import Reply
from analysis.inference.protocol.runs import Frame, RunRequest
from analysis.storage.blobs import BlobRef
from viewer.engine.layer_numbers_request import LayerNumbersClient
from viewer.engine.process import EngineProcess
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.decoded_images import DecodedImages
from viewer.session.pointed_field import effective_units

IDLE_BEFORE_MEASURE = 120
"""Milliseconds without a newer request before a measure of the skips is asked for."""
INSPECTED = 88
LONG = 1000
"""Milliseconds after which a picture that is waited for is said to be under way."""
MOST_ZOOM = 4.0
ROW_THUMBNAIL = 32
"""Side of the maps in lists of operators, in logical pixels."""


class RunRequests(Guarded, QObject):
    """Sends one window's requests to the engine process and its answers to the session.

    Requests are gathered for one turn of the event loop, so that a burst of changes costs one
    run; the process keeps only the newest of each slot.
    """

    def __init__(
        self,
        session: Session,
        process: EngineProcess,
        blob_path: Callable[[BlobRef], Path | None],
        decoded: DecodedImages,
        slot: str,
    ) -> None:
        super().__init__(session)
        self._session = session
        self._process = process
        self._blob_path = blob_path
        self._decoded = decoded
        self._slot = slot
        self._revision = 0
        self._last: RunRequest | None = None
        self._zoom = 1.0
        self._asked_measure: object = None
        self._shown_measure: object = None
        self.tile = 54
        self.is_focused: Callable[[], bool] = lambda: True
        """Whether the person is in this window: its runs go before those of others."""
        self._soon = self._timer(0, self._submit)
        self._late = self._timer(LONG, lambda: session.set_live(busy=True))
        self._idle = self._timer(IDLE_BEFORE_MEASURE, self._ask_measure)
        self._rest = self._timer(IDLE_BEFORE_MEASURE, self._ask_effective)
        self._asked_effective: object = None
        self._question = LayerNumbersClient(session, process, slot)
        session.fieldChanged.connect(lambda _: self._rest.start())
        session.documentChanged.connect(lambda *_: self.ask())
        session.viewChanged.connect(lambda *_: self.ask())
        session.liveChanged.connect(
            lambda before, after: self.ask() if before.noise != after.noise else None
        )
        theme.changed.connect(self._idle.start)
        self._hears = (
            (process.loading, self._loading),
            (process.ready, self._ready),
            (process.frame, self._frame),
            (process.replied, self._replied),
            (process.progress, self._progressed),
            (process.failed, self._failed),
            (process.restarted, self._restarted),
        )
        for signal, hear in self._hears:
            signal.connect(hear)

    def _timer(self, interval: int, then: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval)
        timer.timeout.connect(then)
        return timer

    def ask(self) -> None:
        """Have the network run with what is current, at the next turn of the event loop."""
        self._idle.stop()
        self._soon.start()

    def end(self) -> None:
        """The window closes: no more questions, and no answer to panels that are gone."""
        for timer in (self._soon, self._idle, self._rest, self._late):
            timer.stop()
        theme.changed.disconnect(self._idle.start)
        for signal, hear in self._hears:
            signal.disconnect(hear)
        self._process.forget(self._slot)

    def again(self) -> None:
        """Ask once more although nothing has changed, as after a failure."""
        self._last = self._shown_measure = None
        self.ask()

    def set_zoom(self, zoom: float) -> None:
        """Maps that are drawn larger are asked for larger, not stretched."""
        self._zoom = min(max(1.0, zoom), MOST_ZOOM)
        self.ask()

    def _submit(self) -> None:
        request = self._request()
        if request is None:
            self._question.nothing_runs(has_image=self._image() is not None)
            return
        if request != self._last:  # a selection, say, may change nothing the engine is asked
            self._last = request
            self._revision += 1
            self._process.submit(
                replace(request, revision=self._revision, focused=self.is_focused())
            )
            if not self._late.isActive():
                self._late.start()
            return
        self._question.put(self._revision)
        if self._session.workspace.canvas.draws_measure:
            self._idle.start()
        else:
            self._rest.start()

    def _request(self) -> RunRequest | None:
        session = self._session
        document = session.document
        image = self._image()
        if image is None or session.shapes.get(document.graph.output.id) is None:
            return None
        weights = self._blob_path(document.weights) if document.weights else None
        return RunRequest(
            revision=0,
            slot=self._slot,
            structure=document.graph.structure_hash,
            graph=document.graph,
            image=image,
            weights=str(weights) if weights else None,
            noise=session.live.noise,
            gates=dict(document.gates),
            off=document.off,
            taps=self._taps(),
            channels=dict(session.view.channels),
            selected=self.selected_layer(),
            tile=round(self.tile * _pixel_ratio()),
            range_mode=session.view.range_mode,
            ramp=ink_ramp(),
        )

    def _image(self) -> ImageSource | None:
        image = self._session.document.image
        path = self._blob_path(image) if image else None
        if image is None or path is None:
            return None
        reading = self._session.document.image_reading
        decoded = self._decoded.get(image.hash, reading)
        return ImageSource(image.hash, str(path), reading=reading, decoded=decoded)

    def _taps(self) -> dict[str, int]:
        """Thumbnails in device pixels: every block, and the operators of those that are open."""
        session, ratio = self._session, _pixel_ratio()
        taps: dict[str, int] = {}
        open_scopes = {*session.view.expanded, session.view.selection}
        for block in session.blocks:
            if block.scope in open_scopes or block.id in open_scopes:
                taps.update(dict.fromkeys(block.nodes, round(ROW_THUMBNAIL * ratio)))
            placed = session.placement.boxes.get(block.id)
            if placed is not None:
                taps[block.output] = round(max(placed.side * self._zoom, ROW_THUMBNAIL) * ratio)
        if session.view.selection is not None:
            taps.setdefault(session.view.selection, round(INSPECTED * ratio))
        return {node: side for node, side in taps.items() if node in session.shapes}

    def selected_layer(self) -> str | None:
        """The node whose channels the mosaic shows."""
        return self._session.layer_shown()

    def _loading(self) -> None:
        self._session.set_live(engine="loading")

    def _ready(self, _: EngineReady) -> None:
        self._session.set_live(engine="ready")

    def _frame(self, frame: Frame) -> None:
        if frame.slot != self._slot:
            return
        if frame.structure != self._session.document.graph.structure_hash:
            return  # the graph has changed in this turn of the event loop, its request follows
        if frame.revision == self._revision:
            self._late.stop()
        self._session.set_live(engine="ready", busy=False, progress=None, failure=None)
        self._session.show_frame(frame)
        if frame.revision == self._revision and self._session.workspace.canvas.draws_measure:
            self._idle.start()
        self._rest.start()
        self._question.put(self._revision)

    def _ask_effective(self) -> None:
        """The effective field of the unit that is pointed at, where it is wanted."""
        session, pin, frame = self._session, self._session.pointed, self._session.frame
        shown = session.workspace.canvas.follows_field
        wanted = shown and session.view.field_view != "theoretical"
        if not wanted or pin is None or session.unit_field is None or session.projective:
            return
        asked = (session.picture_key, pin)
        if frame is None or frame.revision != self._revision or asked == self._asked_effective:
            return
        self._asked_effective = asked
        units = effective_units(pin)
        self._process.submit(
            EffectiveRequest(self._revision, self._slot, frame.structure, pin.layer, units)
        )

    def _replied(self, reply: Reply) -> None:
        if isinstance(reply, Effective):
            self._effective(reply)
        elif isinstance(reply, LayerNumbers):
            self._question.answered(reply, self._revision)
        elif isinstance(reply, Measured):
            self._measured(reply)

    def _effective(self, effective: Effective) -> None:
        if effective.slot != self._slot or effective.revision != self._revision:
            self._asked_effective = None
            return
        self._session.show_effective(effective, self._session.picture_key)

    def ask_numbers(self, layer: str, unit: tuple[int, ...], channel: int) -> None:
        """Have the session shown a layer's own numbers around a unit of one channel.

        They are of the newest picture, whose run is waited for. One answer comes, a failure where
        there can be none; a later call takes the place of one that is not answered yet.
        """
        self._question.want(layer, unit, channel)
        self.ask()

    def forget_numbers(self) -> None:
        """Another document is opened: what was asked about a layer was not about its."""
        self._question.forget()

    def _ask_measure(self) -> None:
        session, frame, wanted = self._session, self._session.frame, self._measure_key()
        if frame is None or frame.revision != self._revision or wanted == self._shown_measure:
            return
        self._asked_measure = wanted
        ramp, measure = signed_ramp(theme.mode), session.measure.key
        self._process.submit(
            MeasureRequest(self._revision, self._slot, frame.structure, measure, ramp)
        )

    def _measure_key(self) -> object:
        """What the values of the skips and their pictures depend on."""
        return self._session.measure_key, theme.mode

    def _measured(self, measured: Measured) -> None:
        if measured.slot != self._slot or measured.measure != self._session.measure.key:
            return
        if self._asked_measure == self._measure_key():
            self._shown_measure = self._asked_measure
            self._session.show_measured(measured)

    def _failed(self, failure: EngineFailure) -> None:
        if failure.slot not in (None, self._slot):
            return
        if self._question.failed(failure) or self._measure_failed(failure):
            return  # the picture is there: only what was asked about it is not
        self._last = self._asked_effective = None
        self._late.stop()
        self._session.set_live(engine="failed", busy=False, progress=None, failure=failure)

    def _measure_failed(self, failure: EngineFailure) -> bool:
        """Whether it says why the skips cannot be measured; it is not asked again by itself."""
        asked = failure.asked
        if not isinstance(asked, MeasureRequest):
            return False
        if asked.measure == self._session.measure.key and asked.revision == self._revision:
            self._shown_measure = self._asked_measure
            self._session.show_measured(None, failure.fault)
        return True

    def _restarted(self, failure: EngineFailure) -> None:
        """The process ended or hung, and another one is loading."""
        self._session.set_live(failure=failure, progress=None)

    def _progressed(self, progress: Progress) -> None:
        if progress.slot == self._slot and progress.revision == self._revision:
            self._session.set_live(progress=progress)

    def stop(self) -> None:
        """Give up the run that is under way; the next change asks for another."""
        self._last = self._asked_effective = None
        self._late.stop()
        self._process.stop(self._slot)
        self._session.set_live(busy=False, progress=None)


def _pixel_ratio() -> float:
    screen = QGuiApplication.primaryScreen()
    return screen.devicePixelRatio() if screen else 1.0
