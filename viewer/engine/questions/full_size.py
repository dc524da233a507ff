"""Requests the output of the whole picture in portions of tiles, between the runs of the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from analysis.faults import Fault
from analysis.inference.protocol.engine import EngineFailure
from analysis.inference.protocol.full_size import FullSize, FullSizeRequest
from viewer.engine.process import EngineProcess
from viewer.session import Session
from viewer.session.input_image.full_size import FullSizeRun

NETWORK_AND_PICTURE = 3
"""So many parts of the session's `picture_key` say which they are."""
Saved = Callable[[FullSize | EngineFailure], object]


class FullSizeClient:
    """Keeps the session's `FullSizeRun` right; each portion is asked for when the last has come."""

    def __init__(self, session: Session, process: EngineProcess, slot: str) -> None:
        self._session = session
        self._process = process
        self._slot = slot
        self._jobs = 0
        self._asked: FullSizeRequest | None = None
        self._save: tuple[str, Saved] | None = None
        self._cancelled: dict[str, Saved] = {}
        """By file: who cancelled its save; the engine holds or has written it until it answers."""
        self._side: int | None = None

    def start(self, newest: int, side: int | None = None) -> None:
        """Begin a new run with what is shown by the frame of revision `newest`, or soon will be."""
        self._not_saved(Fault("save-overtaken"))
        self._jobs += 1
        self._asked, self._side = None, side
        self._cancelled.clear()
        self._show(FullSizeRun(self._jobs, True, of=self._session.picture_key))
        self.put(newest)

    def cancel(self, newest: int) -> None:
        """End the run and forget what is done of it."""
        self.stopped()
        if self._run.job:
            self._show(FullSizeRun())
        self._submit(newest, FullSizeRequest(0, self._slot, "", 0))

    def save(self, newest: int, path: str, then: Saved) -> None:
        """Have the engine write the finished output to a file; `then` hears how it went."""
        run, self._save = self._run, (path, then)
        self._cancelled.pop(path, None)
        self._asked = None
        shown = run.newest and replace(run.newest, packed=0)
        self._show(replace(run, newest=shown, is_saving=True))
        self.put(newest)

    def cancel_save(self, newest: int) -> None:
        """Write no file after all; the result stays."""
        if self._save is not None:
            self._cancelled.update((self._save,))
        self._end_save()
        self._asked = None
        self.put(newest)

    def put(self, newest: int) -> None:
        """Ask for the next portion, once the frame of revision `newest` has arrived."""
        run = self._run
        if run.job and run.of[:NETWORK_AND_PICTURE] != self._network_and_picture:
            self.cancel(newest)
            return
        waits = run.is_running or self._save is not None or self._cancelled
        if not run.job or not waits:
            return
        if self._asked is not None and self._asked.revision == newest:
            return  # the answer is on its way
        path = self._save[0] if self._save is not None else None
        self._asked = FullSizeRequest(0, self._slot, "", run.job, self._side, path)
        self._asked = self._submit(newest, self._asked)

    def stopped(self) -> None:
        """Nothing that was asked has an answer: a run that is under way ends, a result stays."""
        self._asked = None
        self._not_saved(Fault("save-overtaken"))
        if self._run.is_running:
            self._show(FullSizeRun())

    def _not_saved(self, why: Fault) -> None:
        then = self._end_save()
        if then is not None:
            then(EngineFailure(why))

    def _end_save(self) -> Saved | None:
        """Nothing is saved any more; who waits for it, if anybody does."""
        if self._save is None:
            return None
        then, self._save = self._save[1], None
        self._show(replace(self._run, is_saving=False))
        return then

    def _submit(self, newest: int, asked: FullSizeRequest) -> FullSizeRequest | None:
        frame = self._session.frame
        if frame is None or frame.revision != newest:
            return None
        wanted = replace(asked, revision=newest, structure=frame.structure)
        self._process.submit(wanted)
        return wanted

    def answered(self, reply: FullSize, newest: int) -> None:
        """A portion is done, or the output is saved."""
        run = self._run
        if reply.job == 0 or reply.job != run.job:
            return
        self._asked = None
        self._take_saved(reply)
        run = self._run
        if self._save is None or reply.save != self._save[0]:
            reply = replace(reply, packed=0)  # of a save that was cancelled
        if run.newest is not None and run.newest.is_done:
            reply = replace(reply, picture=run.newest.picture, given=run.newest.given)
        self._show(replace(run, newest=reply, is_running=not reply.is_done))
        self.put(newest)

    def _take_saved(self, reply: FullSize) -> None:
        """Tell who waits for the file that is written, or has cancelled it too late."""
        if reply.save is None:
            self._cancelled.clear()  # the engine has dropped what it held
        elif reply.saved in self._cancelled:
            self._cancelled.pop(reply.saved)(EngineFailure(Fault("cancel-too-late")))
        elif self._save is not None and reply.saved == self._save[0]:
            then = self._end_save()
            if then is not None:
                then(reply)

    def failed(self, failure: EngineFailure) -> bool:
        """Whether a failure is about such a question alone."""
        if isinstance(failure.asked, FullSizeRequest):
            if failure.asked.job == self._run.job and failure.asked.job:
                self._failed(failure)
            return True
        if failure.asked is None and self._run.job:
            self._failed(failure)  # without a picture there is none to cut into tiles either
        return False

    def _failed(self, failure: EngineFailure) -> None:
        self._asked = None
        self._cancelled.clear()
        then = self._end_save()
        if then is not None:
            then(failure)
        elif self._run.is_running:
            self._show(replace(self._run, is_running=False, fault=failure.fault))

    def again(self) -> None:
        """A run was given up or another engine took over: what was asked may have no answer."""
        self._asked = None

    @property
    def _network_and_picture(self) -> object:
        """With another network or picture a run and its result are put away."""
        return self._session.picture_key[:NETWORK_AND_PICTURE]

    @property
    def _run(self) -> FullSizeRun:
        return self._session.live.part(FullSizeRun)

    def _show(self, run: FullSizeRun) -> None:
        live = self._session.live
        self._session.set_live(parts=live.parts.having(run))
