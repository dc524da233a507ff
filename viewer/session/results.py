"""The newest answers of the engine, each with the signal that says it has come."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from analysis.faults import Fault
from analysis.inference.protocol.effective_field import Effective
from analysis.inference.protocol.engine import EngineFailure
from analysis.inference.protocol.equivariance import Equivariance
from analysis.inference.protocol.layer_channels import LayerChannels
from analysis.inference.protocol.layer_numbers import LayerNumbers
from analysis.inference.protocol.measures import Measured
from analysis.inference.protocol.review import ReviewNumbers
from analysis.inference.protocol.runs import Frame
from analysis.inference.protocol.signal import SignalNumbers
from analysis.inference.protocol.target import TargetScores
from viewer.override_guard import Guarded


@dataclass(frozen=True, slots=True)
class UngatedOutput:
    """What an output is worth with all gates at 1, against the image and the target.

    `of` is the `viewer.session.ungated.output_key` that it belongs to.
    """

    of: object
    psnr_out: float | None
    target: TargetScores | None


class Results(Guarded, QObject):
    """Holds the newest answers: frame, skips' measure, effective field, numbers, channels, review.

    frameReady(Frame), measuredReady(Measured | None), effectiveReady(Effective),
    numbersReady(LayerNumbers | EngineFailure), channelsReady(LayerChannels),
    observedReady(ReviewNumbers | EngineFailure), signalReady(SignalNumbers | EngineFailure),
    equivarianceReady(Equivariance | Fault), ungatedReady(UngatedOutput).
    """

    frameReady = Signal(object)
    measuredReady = Signal(object)
    effectiveReady = Signal(object)
    numbersReady = Signal(object)
    observedReady = Signal(object)
    signalReady = Signal(object)
    channelsReady = Signal(object)
    equivarianceReady = Signal(object)
    ungatedReady = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.frame: Frame | None = None
        self.frame_of: object = None
        """The `Session.frame_key` that `frame` was asked for with; None: it is to come anew."""
        self.ungated: UngatedOutput | None = None
        """What an output is worth with all gates at 1, perhaps that of an earlier picture."""
        self.measured: Measured | None = None
        """A measure of the skips, perhaps another one than is chosen by now."""
        self.measured_of: object = None
        """The `Session.measure_key` that `measured`, or `refused`, belongs to."""
        self.refused: Fault | None = None
        """Why there is no measure of the skips, where there was none for the last question."""
        self.effective: Effective | None = None
        self.effective_of: object = None
        """The `Session.picture_key` that `effective` belongs to."""
        self.channels: LayerChannels | None = None
        """What is known of all channels of a layer, perhaps of an earlier picture."""
        self.channels_of: object = None
        """(`Session.picture_key`, layer) that `channels` belongs to."""
        self.numbers: LayerNumbers | EngineFailure | None = None
        """The last answer about a layer's own numbers."""
        self.numbers_of: object = None
        """The `Session.picture_key` that `numbers` belongs to."""
        self.observed: ReviewNumbers | EngineFailure | None = None
        """What the review was last told of a run."""
        self.observed_of: object = None
        """The `Session.picture_key` that `observed` belongs to."""
        self.signal: SignalNumbers | EngineFailure | None = None
        """What the review was last told of random numbers; of the graph that it names."""

    def show_frame(self, frame: Frame, of: object = None) -> None:
        """A new picture, asked for with the key `of`; what went backwards is dropped already."""
        self.frame, self.frame_of = frame, of
        self.frameReady.emit(frame)

    def show_effective(self, effective: Effective, of: object) -> None:
        """A new effective field, of the picture with the key `of`."""
        self.effective, self.effective_of = effective, of
        self.effectiveReady.emit(effective)

    def show_numbers(self, numbers: LayerNumbers | EngineFailure, of: object) -> None:
        """A layer's own numbers around a unit, of the picture `of`, or why there are none."""
        self.numbers, self.numbers_of = numbers, of
        self.numbersReady.emit(numbers)

    def show_observed(self, observed: ReviewNumbers | EngineFailure, of: object) -> None:
        """What the review's rules need of the picture `of`, or why there is none."""
        self.observed, self.observed_of = observed, of
        self.observedReady.emit(observed)

    def show_signal(self, signal: SignalNumbers | EngineFailure) -> None:
        """What the review's rules need of a run on random numbers, or why there is none."""
        self.signal = signal
        self.signalReady.emit(signal)

    def show_channels(self, channels: LayerChannels, of: object) -> None:
        """What is known of all channels of a layer, of the picture and the layer in `of`."""
        self.channels, self.channels_of = channels, of
        self.channelsReady.emit(channels)

    def show_equivariance(self, found: Equivariance | Fault) -> None:
        """Whether the output follows a shift of the input, or why that cannot be told."""
        self.equivarianceReady.emit(found)

    def show_ungated(self, found: UngatedOutput) -> None:
        """What an output is worth with all gates at 1."""
        self.ungated = found
        self.ungatedReady.emit(found)
