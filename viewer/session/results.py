"""The newest answers of the engine, each with the signal that says it has come."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from analysis.faults import Fault
from analysis.inference.protocol.effective_field import Effective
from analysis.inference.protocol.engine import EngineFailure
from analysis.inference.protocol.layer_numbers import LayerNumbers
from analysis.inference.protocol.measures import Measured
from analysis.inference.protocol.runs import Frame
from viewer.override_guard import Guarded


class Results(Guarded, QObject):
    """Holds the newest answers: frame, measure of the skips, effective field, a layer's numbers.

    frameReady(Frame), measuredReady(Measured | None), effectiveReady(Effective),
    numbersReady(LayerNumbers | EngineFailure).
    """

    frameReady = Signal(object)
    measuredReady = Signal(object)
    effectiveReady = Signal(object)
    numbersReady = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.frame: Frame | None = None
        self.ungated: tuple[object, float] | None = None
        """What a picture depends on but for its gates, and its PSNR in dB with all at 1."""
        self.measured: Measured | None = None
        """A measure of the skips, perhaps another one than is chosen by now."""
        self.measured_of: object = None
        """The `Session.measure_key` that `measured`, or `refused`, belongs to."""
        self.refused: Fault | None = None
        """Why there is no measure of the skips, where there was none for the last question."""
        self.effective: Effective | None = None
        self.effective_of: object = None
        """The `Session.picture_key` that `effective` belongs to."""
        self.numbers: LayerNumbers | EngineFailure | None = None
        """The last answer about a layer's own numbers."""
        self.numbers_of: object = None
        """The `Session.picture_key` that `numbers` belongs to."""

    def show_frame(self, frame: Frame) -> None:
        """A new picture; the process has already dropped what is out of date."""
        self.frame = frame
        self.frameReady.emit(frame)

    def show_effective(self, effective: Effective, of: object) -> None:
        """A new effective field, of the picture with the key `of`."""
        self.effective, self.effective_of = effective, of
        self.effectiveReady.emit(effective)

    def show_numbers(self, numbers: LayerNumbers | EngineFailure, of: object) -> None:
        """A layer's own numbers around a unit, of the picture `of`, or why there are none."""
        self.numbers, self.numbers_of = numbers, of
        self.numbersReady.emit(numbers)
