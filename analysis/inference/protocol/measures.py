"""The question for each skip's contribution to the output, and its answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from analysis.faults import Fault
from analysis.inference.colormaps import Ramp, signed_ramp
from analysis.inference.protocol.question import Question, QuestionKind, Reply
from analysis.inference.protocol.runs import Picture


@dataclass(frozen=True, slots=True)
class SharesRequest(Question):
    """Asks for each skip's contribution to the output of the slot's last run of this revision."""

    ramp: Ramp = field(default_factory=signed_ramp, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Contribution:
    """One source's part of the output.

    `share` is ⟨part, y⟩ / ⟨y, y⟩, signed; `bands` the same by radial frequency, low to high
    (`Shares.band_edges`, cycles a pixel). `picture` is the part, mean of its channels, signed:
    `scale` is drawn as the last colour, −`scale` as the first.
    """

    share: float
    bands: tuple[float, ...]
    scale: float
    picture: Picture | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Shares(Reply):
    """The output split into the skips' parts, the bottleneck's and the biases'; shares sum to 1.

    `skips` holds long skips by name. `split_error` is the largest difference between the sum of
    the parts and the output, relative to the output's largest value. `exact` is False where
    `why` says so; `why` may also name what was held fixed while `exact` is True.
    `of` is the node whose value is split: the output, or what feeds a closing sigmoid or softmax.
    """

    skips: Mapping[str, Contribution]
    bottleneck: Contribution
    bias: Contribution
    band_edges: tuple[float, ...]
    split_error: float
    exact: bool
    why: Fault | None
    of: str


KIND = QuestionKind(
    SharesRequest, Shares, "analysis.inference.measures.shares:shares", gives_way_to="any run"
)
