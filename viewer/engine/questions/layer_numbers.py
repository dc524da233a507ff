"""Requests a layer's numbers of the engine, from the request to its single answer."""

from __future__ import annotations

from dataclasses import replace

from analysis.faults import Fault
from analysis.inference.protocol.engine import EngineFailure
from analysis.inference.protocol.layer_numbers import LayerNumbers, LayerNumbersRequest
from viewer.engine.process import EngineProcess
from viewer.session import Session


class LayerNumbersClient:
    """The requests of one window, of which there is one at a time.

    It is put to the engine once of each picture, when that is there: a newer run takes its answer
    away, and it is put again. The first answer, or the reason why there is none, ends it.
    """

    def __init__(self, session: Session, process: EngineProcess, slot: str) -> None:
        self._session = session
        self._process = process
        self._slot = slot
        self._wanted: LayerNumbersRequest | None = None
        self._asked: LayerNumbersRequest | None = None

    def want(self, layer: str, unit: tuple[int, ...], channel: int) -> None:
        """Request other numbers from now on."""
        self._wanted = LayerNumbersRequest(0, self._slot, "", layer, unit, channel)
        self._asked = None

    def forget(self) -> None:
        """Cancel the request without an answer."""
        self._wanted = self._asked = None

    def put(self, newest: int) -> None:
        """Send the request to the engine once the frame of revision `newest` has arrived."""
        wanted, frame = self._wanted, self._session.frame
        if wanted is None or frame is None or frame.revision != newest:
            return
        asked = replace(wanted, revision=newest, structure=frame.structure)
        if asked != self._asked:
            self._asked = asked
            self._process.submit(asked)

    def answered(self, numbers: LayerNumbers, newest: int) -> None:
        """An answer of the engine, perhaps to an earlier question or about an older picture."""
        if self._asked is not None and numbers.answers(self._asked) and numbers.revision == newest:
            self.end(numbers)

    def failed(self, failure: EngineFailure) -> bool:
        """Whether a failure is about such a question alone; one of the run ends it too."""
        own = isinstance(failure.asked, LayerNumbersRequest)
        if failure.asked is None or (own and failure.asked == self._asked):
            self.end(failure)
        return own

    def nothing_runs(self, has_image: bool) -> None:
        """There is no run to wait for: the network has a fault, or there is no image."""
        facts = self._session.facts
        fault = Fault("numbers-no-run")
        for node in facts.stopped_by[:1] if has_image else ():
            found = facts.layers[node].fault
            fault = Fault("graph-cannot-run", (node, found.code if found else ""))
        self.end(EngineFailure(fault, slot=self._slot))

    def end(self, answer: LayerNumbers | EngineFailure) -> None:
        """The answer to what is wanted; where nothing is, nobody is told."""
        if self._wanted is not None:
            self.forget()
            self._session.show_numbers(answer, self._session.picture_key)
