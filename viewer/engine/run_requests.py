"""Requests a new run whenever the document or the view changes, and passes results on."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from analysis.inference.protocol.effective_field import Effective
from analysis.inference.protocol.engine import EngineFailure, EngineReady
from analysis.inference.protocol.equivariance import Equivariance, EquivarianceRequest
from analysis.inference.protocol.full_size import FullSize
from analysis.inference.protocol.input_change import InputChange
from analysis.inference.protocol.layer_channels import LayerChannels
from analysis.inference.protocol.layer_numbers import LayerNumbers
from analysis.inference.protocol.measures import Measured
from analysis.inference.protocol.progress import Progress
from analysis.inference.protocol.question import Reply
from analysis.inference.protocol.runs import Frame, RunRequest
from analysis.inference.protocol.ungated import Ungated
from analysis.storage.blobs import BlobRef
from viewer.engine.current_run import CurrentRun
from viewer.engine.process import EngineProcess
from viewer.engine.questions.effective_field import EffectiveFieldClient
from viewer.engine.questions.full_size import FullSizeClient, Saved
from viewer.engine.questions.layer_channels import LayerChannelsClient, Raw
from viewer.engine.questions.layer_numbers import LayerNumbersClient
from viewer.engine.questions.measures import MeasureClient
from viewer.engine.questions.review import ReviewClient
from viewer.engine.questions.ungated import UngatedClient
from viewer.engine.stored_names import with_names
from viewer.look.theme import theme
from viewer.override_guard import Guarded
from viewer.session import Session
from viewer.session.feature_map_view import OtherImage
from viewer.session.input_image.decoded_images import DecodedImages
from viewer.session.input_image.film_frame import FilmFrame
from viewer.session.live_state import Live
from viewer.session.trained_weights import TrainedWeights

IDLE_BEFORE_FIELD = 120
"""Milliseconds without a newer request before an effective field is asked for."""
LONG = 1000
"""Milliseconds after which a picture that is waited for is said to be under way."""


class RunRequests(Guarded, QObject):
    """Sends one window's requests to the engine process and its answers to the session.

    Requests are gathered for one turn of the event loop, so that a burst of changes costs one
    run; the process keeps only the newest of each slot.
    """

    _due = Signal()

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
        self._slot = slot
        self._current = CurrentRun(session, blob_path, decoded, slot)
        self._revision = 0
        self._last: RunRequest | None = None
        self._changed_at = 0.0
        self._asked_at: dict[int, float] = {}
        """When what each run is of has changed, by revision, of those that are under way."""
        self._asked_for: dict[int, object] = {}
        """The session's key of each run, by revision, from the one that is shown on."""
        self.is_focused: Callable[[], bool] = lambda: True
        """Whether the person is in this window: its runs go before those of others."""
        self._is_due = False
        # Before what the change has to be painted: the engine works while the window does.
        self._due.connect(self._submit_due, Qt.ConnectionType.QueuedConnection)
        self._late = self._timer(LONG, lambda: session.set_live(busy=True))
        self._measure = MeasureClient(session, process, slot)
        self._effective = EffectiveFieldClient(session, process, slot)
        self._numbers = LayerNumbersClient(session, process, slot)
        self._review = ReviewClient(session, process, slot)
        self._channels = LayerChannelsClient(session, process, slot)
        self._full_size = FullSizeClient(session, process, slot)
        self._ungated = UngatedClient(session, process, slot)
        self._idle = self._timer(0, lambda: self._measure.put(self._revision))
        self._rest = self._timer(IDLE_BEFORE_FIELD, lambda: self._effective.put(self._revision))
        self._calm = self._timer(IDLE_BEFORE_FIELD, self._look_closer)
        session.fieldChanged.connect(lambda _: self._rest.start())
        session.documentChanged.connect(lambda *_: self.ask())
        session.viewChanged.connect(lambda *_: self.ask())
        session.liveChanged.connect(
            lambda before, after: self.ask() if _other_run(before, after) else None
        )
        theme.changed.connect(self._measure_soon)
        theme.changed.connect(self.ask)
        self._hears = (
            (process.loading, self._loading),
            (process.moved, self._moved),
            (process.ready, self._ready),
            (process.frame, self._frame),
            (process.replied, self._replied),
            (process.progress, self._progressed),
            (process.failed, self._failed),
            (process.restarted, self._restarted),
        )
        for signal, hear in self._hears:
            signal.connect(hear)
        if process.running:  # for another window: this one has not heard of it
            session.set_live(engine="ready" if process.is_ready else "loading")

    def _timer(self, interval: int, then: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval)
        timer.timeout.connect(then)
        return timer

    def ask(self) -> None:
        """Have the network run with what is current, at the next turn of the event loop."""
        self._idle.stop()
        if not self._is_due:
            self._changed_at = time.perf_counter()
            self._is_due = True
            self._due.emit()

    def _submit_due(self) -> None:
        if self._is_due:
            self._is_due = False
            self._submit()

    def end(self) -> None:
        """The window closes: no more questions, and no answer to panels that are gone."""
        self._is_due = False
        for timer in (self._idle, self._rest, self._late, self._calm):
            timer.stop()
        theme.changed.disconnect(self._measure_soon)
        theme.changed.disconnect(self.ask)
        for signal, hear in self._hears:
            signal.disconnect(hear)
        self._process.forget(self._slot)
        self._review.end()

    @property
    def is_waiting(self) -> bool:
        """Whether a run is about to be asked for, or its picture has not come yet.

        Nor what is asked about that picture: the effective field, the channels of a layer.
        """
        timers = (self._late, self._rest, self._calm)
        owed = self._is_due or self._effective.waits or self._channels.waits
        return owed or self._session.live.busy or any(each.isActive() for each in timers)

    def again(self) -> None:
        """Ask once more although nothing has changed, as after a failure."""
        self._last = None
        self._measure.again()
        self.ask()

    def set_zoom(self, zoom: float) -> None:
        """Maps that are drawn larger are asked for larger, not stretched."""
        self._current.set_zoom(zoom)
        self.ask()

    def _submit(self) -> None:
        request = self._current.request()
        self._session.await_frames(request is not None)
        if request is None:
            for timer in (self._late, self._rest, self._calm):
                timer.stop()
            self._session.set_live(busy=False, progress=None)
            self._numbers.nothing_runs(has_image=self._current.image() is not None)
            return
        if request != self._last:  # a selection, say, may change nothing the engine is asked
            self._last = request
            if self._process.is_ready:  # else loading torch would count as a picture's time
                self._asked_at[self._revision + 1] = self._changed_at
            self._channels.again()
            self._send(request)
            if not self._late.isActive():
                self._late.start()
            return
        self._still_holds()
        self._numbers.put(self._revision)
        self._calm.start()
        if self._session.workspace.canvas.draws_measure:
            self._measure_soon()
        else:
            self._rest.start()

    def _send(self, request: RunRequest) -> None:
        self._revision += 1
        self._review.make_way()
        self._effective.overtaken()
        self._asked_for[self._revision] = self._session.frame_key
        self._process.submit(replace(request, revision=self._revision, focused=self.is_focused()))

    def _still_holds(self) -> None:
        """What has changed in the session is nothing that the newest run depends on."""
        self._asked_for[self._revision] = self._session.frame_key
        frame = self._session.frame
        if frame is not None and frame.revision == self._revision and self._session.frame_of:
            self._session.frame_holds(self._session.frame_key)

    def _look_closer(self) -> None:
        """Nothing newer has come for a while: ask what costs more than a frame."""
        if self._is_due:
            return  # something else is about to be asked for, and a calm of its own follows
        frame, last = self._session.frame, self._last
        scores = frame.target if frame is not None else None
        is_newest = frame is not None and frame.revision == self._revision
        later = scores is not None and scores.ssim_later
        if (
            is_newest
            and last is not None
            and later
            and self._session.workspace.canvas.draws_measure
        ):
            self._send(replace(last, thorough=True))
            return  # its frame is followed by a calm of its own
        self._ungated.put(self._revision)
        self._channels.put(self._revision)

    def _loading(self) -> None:
        self._full_size.again()
        self._session.frame_holds(None)
        self._session.set_live(engine="loading")

    def _moved(self) -> None:
        """The picture that is shown comes once more, from another device.

        So does what was measured of it: another number format gives other values.
        """
        self._full_size.again()
        self._measure.again()
        self._session.measured_of = None  # drawn pale until then
        self._effective.again()
        self._channels.again()
        self._session.frame_holds(None)
        if self._last is not None:
            self._session.set_live(busy=True)

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
        asked_at = self._asked_at.get(frame.revision)
        self._asked_at = {n: at for n, at in self._asked_at.items() if n > frame.revision}
        self._asked_for = {n: of for n, of in self._asked_for.items() if n >= frame.revision}
        of = self._asked_for.get(frame.revision)
        self._session.show_frame(replace(frame, asked_at=asked_at), of)
        if frame.revision == self._revision and self._session.workspace.canvas.draws_measure:
            self._measure_soon()
        self._rest.start()
        self._calm.start()
        self._numbers.put(self._revision)
        self._review.put(self._revision)
        self._full_size.put(self._revision)

    def _replied(self, reply: Reply) -> None:
        if isinstance(reply, Effective):
            self._effective.answered(reply, self._revision)
        elif isinstance(reply, LayerNumbers):
            self._numbers.answered(reply, self._revision)
        elif isinstance(reply, Measured):
            self._measure.answered(reply)
        elif self._review.answered(reply):
            return
        elif isinstance(reply, Equivariance) and reply.slot == self._slot:
            self._session.show_equivariance(reply)
        elif isinstance(reply, LayerChannels) and reply.slot == self._slot:
            self._channels.answered(reply)
        elif isinstance(reply, Ungated) and reply.slot == self._slot:
            self._ungated.answered(reply)
        elif isinstance(reply, FullSize) and reply.slot == self._slot:
            self._full_size.answered(reply, self._revision)

    def ask_review(self, with_image: bool) -> None:
        """Have the session shown what the review needs of random inputs, and of the picture."""
        self._review.want(self._revision, with_image)

    def cancel_review(self) -> None:
        """Give that up."""
        self._review.cancel()

    def ask_numbers(self, layer: str, unit: tuple[int, ...], channel: int) -> None:
        """Have the session shown a layer's own numbers around a unit of one channel.

        They are of the newest picture, whose run is waited for. One answer comes, a failure where
        there can be none; a later call takes the place of one that is not answered yet.
        """
        self._numbers.want(layer, unit, channel)
        self.ask()

    def ask_raw(self, layers: tuple[str, ...], then: Raw) -> None:
        """Have `then` called once with the values of these layers, or with why there are none."""
        self._channels.want_raw(layers, then)
        self._calm.start()

    def ask_equivariance(self) -> None:
        """Have the session shown whether the output of the newest run follows a shift."""
        frame = self._session.frame
        if frame is not None and frame.revision == self._revision:
            self._process.submit(EquivarianceRequest(self._revision, self._slot, frame.structure))

    def run_full_size(self) -> None:
        """Have the whole picture run through the network in tiles, between the frames."""
        self._full_size.start(self._revision)

    def cancel_full_size(self) -> None:
        """Give that up, or put its result away."""
        self._full_size.cancel(self._revision)

    def save_full_size(self, path: str, then: Saved) -> None:
        """Have its result written to a .png or .npy; `then` is called once with how it went."""
        self._full_size.save(self._revision, path, then)

    def cancel_save(self) -> None:
        """Have no file written; the `then` of it is not called."""
        self._full_size.cancel_save(self._revision)

    def forget_numbers(self) -> None:
        """Another document is opened: what was asked about a layer was not about its."""
        self._numbers.forget()

    def _measure_soon(self) -> None:
        """Ask for the measure once nothing newer has come for as long as it can wait."""
        self._idle.start(self._session.measure.after)

    def _failed(self, failure: EngineFailure) -> None:
        if self._review.failed(failure) or failure.slot not in (None, self._slot):
            return
        if self._numbers.failed(failure):
            return
        if self._full_size.failed(failure):
            return
        if self._measure.failed(failure, self._revision):
            return  # the picture is there: only what was asked about it is not
        if isinstance(failure.asked, EquivarianceRequest):
            self._session.show_equivariance(failure.fault)
            return
        if self._channels.failed(failure) or self._ungated.failed(failure):
            return  # the picture is there: only what was asked about it is not
        self._last = None
        self._effective.again()
        self._late.stop()
        told = with_names(failure, self._session.document)
        self._session.set_live(engine="failed", busy=False, progress=None, failure=told)

    def _restarted(self, failure: EngineFailure) -> None:
        """The process ended or hung, and another one is loading."""
        self._session.set_live(failure=failure, progress=None)

    def _progressed(self, progress: Progress) -> None:
        if progress.slot == self._slot and progress.revision == self._revision:
            self._session.set_live(progress=progress)

    def stop(self) -> None:
        """Give up the run that is under way; the next change asks for another."""
        self._last = None
        self._effective.again()
        self._channels.again()
        self._full_size.stopped()
        self._review.cancel()
        self._late.stop()
        self._process.stop(self._slot)
        self._session.set_live(busy=False, progress=None)


def _other_run(before: Live, after: Live) -> bool:
    """Whether what is live has changed so that something else is to be asked."""
    kinds = (OtherImage, InputChange, FilmFrame, TrainedWeights)
    return before.noise != after.noise or any(before.part(k) != after.part(k) for k in kinds)
