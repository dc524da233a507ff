"""What the engine says of itself, and everything it can be asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from analysis.faults import Fault
from analysis.inference.protocol.effective_field import Effective, EffectiveRequest
from analysis.inference.protocol.layer_numbers import LayerNumbers, LayerNumbersRequest
from analysis.inference.protocol.runs import Frame, RunRequest
from analysis.inference.protocol.shares import Shares, SharesRequest


@dataclass(frozen=True, slots=True)
class EngineReady:
    """The engine has loaded torch and waits for work."""

    device: str
    threads: int
    precision: str
    torch_version: str


@dataclass(frozen=True, slots=True)
class EngineFailure:
    """Why a request has no answer. `fault` holds code and numbers, `details` the traceback.

    Codes: `image-*` (the image cannot be read), `out-of-memory` (needed, available bytes),
    `weights-unreadable` (path), `graph-cannot-run` (node id, its fault's code), `engine-stopped`
    (times in a row), `engine-error` (type of the exception), `effective-no-map` (node id),
    `effective-no-unit` (node id, unit, size), `numbers-*` (as in `analysis.faults`). `asked` is
    the question about a run that has no answer, None where it is the run itself.
    """

    fault: Fault
    details: str = ""
    revision: int | None = None
    slot: str | None = None
    structure: str | None = None
    asked: AsideRequest | None = None


AsideRequest = SharesRequest | EffectiveRequest | LayerNumbersRequest


Aside = Shares | Effective | LayerNumbers


Request = RunRequest | AsideRequest


Answer = Frame | Aside | EngineReady | EngineFailure


AsideKind = Literal["numbers", "effective", "shares"]


ASIDES: tuple[AsideKind, ...] = ("numbers", "effective", "shares")
"""Kinds of requests about a run that is done, the sooner ones first."""


def aside_kind(about: AsideRequest | Aside) -> AsideKind:
    """Which kind of question about a run this is, or answers."""
    if isinstance(about, LayerNumbersRequest | LayerNumbers):
        return "numbers"
    return "effective" if isinstance(about, EffectiveRequest | Effective) else "shares"
