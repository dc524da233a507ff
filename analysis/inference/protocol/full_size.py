"""The question for the output of the whole picture at its own size, done in tiles, in portions."""

from __future__ import annotations

from dataclasses import dataclass, field

from analysis.inference.protocol.question import Question, QuestionKind, Reply
from analysis.inference.protocol.runs import Picture


@dataclass(frozen=True, slots=True)
class FullSizeRequest(Question):
    """Asks for the next portion of tiles of a job, so that runs of the window come in between.

    `job` numbers what the person asked for: a new number begins anew with the slot's network,
    gates, noise and picture as they are now, and the same one goes on. `side` is the longest side
    of a tile in pixels, None what fits the memory. 0 as `job` drops what was done. With `save`, a
    path that ends in .png or .npy, a finished job is written there, in portions too; without it
    what was packed of the file is dropped.
    """

    job: int = 0
    side: int | None = None
    save: str | None = None


@dataclass(frozen=True, slots=True)
class FullSize(Reply):
    """How far a job is: `done` of `total` tiles.

    `size` is the picture's (height, width), `tile` the longest side of a tile, `margin` the input
    pixels that are discarded at inner edges, `reach` how many the output sees to each side. `work`
    is how many times the picture is computed, since tiles overlap, and `why` tiles are of their
    size (see `tiles.choice.Why`). With the last tile comes `picture`, the output,
    shrunk to at most `SHOWN` pixels a side; PSNR in dB is of the whole; `save` is the file that was
    asked for, `saved` the one that was written, and `packed` how many per cent are ready for it.
    """

    job: int
    done: int = 0
    total: int = 0
    size: tuple[int, ...] = ()
    tile: int = 0
    margin: int = 0
    reach: int = 0
    work: float = 1.0
    why: str = ""
    seconds: float = 0.0
    picture: Picture | None = field(default=None, compare=False, repr=False)
    given: Picture | None = field(default=None, compare=False, repr=False)
    """The picture that the network was given, at the same scale."""
    psnr_in: float | None = None
    psnr_out: float | None = None
    save: str | None = None
    saved: str | None = None
    packed: int = 0
    not_finite: int = 0
    """How many values of the finished output are no numbers."""

    @property
    def is_done(self) -> bool:
        """Whether all tiles are there."""
        return 0 < self.total == self.done


SHOWN = 2048
KIND = QuestionKind(
    FullSizeRequest, FullSize, "analysis.inference.tiles.answer:full_size", of_output=True
)
