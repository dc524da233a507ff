"""Requests what is known of all channels of the layer that is shown, when nothing runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from analysis.inference.protocol.engine import EngineFailure
from analysis.inference.protocol.images import ImageSource
from analysis.inference.protocol.layer_channels import LayerChannels, LayerChannelsRequest
from viewer.engine.process import EngineProcess
from viewer.session import Session
from viewer.session.feature_map_view import FeatureMapView, OtherImage

Raw = Callable[[LayerChannels | EngineFailure], object]


class LayerChannelsClient:
    """Keeps the session's `channels` right: one question a picture, layer and way of looking."""

    def __init__(self, session: Session, process: EngineProcess, slot: str) -> None:
        self._session = session
        self._process = process
        self._slot = slot
        self._asked: LayerChannelsRequest | None = None
        self._asked_of: object = None
        self._raw: tuple[tuple[str, ...], Raw] | None = None
        self.waits = False
        """Whether the engine still owes an answer."""

    def want_raw(self, layers: tuple[str, ...], then: Raw) -> None:
        """Have the values of these layers once, of the newest picture; `then` gets the answer."""
        self._raw = (layers, then)
        self._asked_of = None

    def put(self, newest: int) -> None:
        """Ask about the frame of revision `newest`, unless that was asked already."""
        session, frame = self._session, self._session.frame
        layer = session.layer_shown()
        is_shown = session.workspace.canvas.draws_measure or self._raw is not None
        if frame is None or frame.revision != newest or layer is None or not is_shown:
            return
        wanted = self._question(layer)
        of = (session.picture_key, wanted)
        if of == self._asked_of:
            return
        self._asked_of = of
        self._asked = replace(wanted, revision=newest, structure=frame.structure)
        self.waits = True
        self._process.submit(self._asked)

    def _question(self, layer: str) -> LayerChannelsRequest:
        session = self._session
        view = session.view.part(FeatureMapView)
        channel = self._channel(layer)
        plain = LayerChannelsRequest(0, self._slot, "", layer, shares=view.order == "share")
        if self._raw is not None:
            plain = replace(plain, raw=self._raw[0])
        if not view.large:
            return plain
        other = session.live.part(OtherImage)
        picture = ImageSource(other.hash, other.path) if other.path else None
        return replace(
            plain,
            shares=True,
            components=view.beside == "components",
            kernels=channel if view.beside == "kernels" else None,
            filtered=(channel, view.filter) if view.beside == "filter" else None,
            open_gates=channel if view.beside == "open" else None,
            other_channel=channel if view.beside == "image" and picture else None,
            other=picture if view.beside == "image" else None,
        )

    def _channel(self, layer: str) -> int:
        """The channel that is shown large."""
        frame = self._session.frame
        raw = next((each for each in frame.raw if each.node == layer), None) if frame else None
        return self._session.view.channels.get(layer, raw.channel if raw is not None else 0)

    def answered(self, found: LayerChannels) -> None:
        """An answer of the engine, perhaps to an earlier question."""
        if (
            self._asked is None
            or not found.answers(self._asked)
            or found.layer != self._asked.layer
        ):
            return
        self.waits = False
        if self._raw is not None and set(found.raw) == set(self._raw[0]):
            self._end_raw(found)
        of = (self._session.picture_key, found.layer)
        self._session.show_channels(found, of)

    def failed(self, failure: EngineFailure) -> bool:
        """Whether a failure is about such a question alone; it is not asked again by itself."""
        if not isinstance(failure.asked, LayerChannelsRequest):
            return False
        self.waits = False
        if self._raw is not None and failure.asked == self._asked:
            self._end_raw(failure)
        return True

    def _end_raw(self, answer: LayerChannels | EngineFailure) -> None:
        wanted, self._raw = self._raw, None
        if wanted is not None:
            wanted[1](answer)

    def again(self) -> None:
        """A run was given up or another took its place: what was asked may have no answer."""
        self._asked_of, self.waits = None, False
