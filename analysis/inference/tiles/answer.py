"""Answers how far a tiled run of the whole picture is, after running its next tiles."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from analysis.faults import Fault
from analysis.inference.failures import EngineError
from analysis.inference.image_file.formats import ImageError
from analysis.inference.painter import picture_of_values
from analysis.inference.protocol import full_size as protocol
from analysis.inference.protocol.full_size import SHOWN, FullSizeRequest
from analysis.inference.protocol.runs import Picture
from analysis.inference.slot import Loaded, Slot
from analysis.inference.tiles.full_size import FullSize, Values
from analysis.inference.tiles.output_files import OutputFile
from analysis.inference.watch import Cancel
from analysis.network import Cancelled

PORTION = 0.4
"""Seconds of tiles for one answer: a run that waits begins after at most one tile more."""
PATIENCE = 3
"""A tile that runs of the window broke off so often is then run to its end."""


@dataclass
class Job:
    """A tiled run of a slot: its number, how long it took, how often a tile was broken off."""

    number: int
    run: FullSize
    seconds: float = 0.0
    broken_off: int = 0
    shown: tuple[Picture | None, Picture | None] = (None, None)
    psnr: tuple[float | None, float | None] = (None, None)
    untrained: bool = False
    not_finite: int = 0
    file: OutputFile | None = None
    """The file that the output is packed for."""


def full_size(
    asked: FullSizeRequest, slot: Slot, loaded: Loaded, cancelled: Cancel | None = None
) -> protocol.FullSize | Fault:
    """The next tiles of the job, begun where it is a new one; a Fault where there can be none.

    Raises Cancelled, which leaves the tiles that are done, and NodeError.
    """
    job = slot.job if isinstance(slot.job, Job) else None
    if asked.job == 0:
        slot.job = None
        return protocol.FullSize(**asked.run, job=0)
    try:
        if job is None or job.number != asked.job:
            slot.job = None  # the memory of the old one is needed
            made = FullSize(slot, loaded, asked.side)
            job = Job(asked.job, made, untrained=bool(loaded.untrained))
            slot.job = job
        is_new = _advance(job, cancelled)
        saved = _saved(job, asked.save)
    except (EngineError, ImageError) as error:
        return error.fault
    return _reply(asked, job, saved, is_new)


def _advance(job: Job, cancelled: Cancel | None) -> bool:
    """Run tiles for as long as a portion; whether the last one has come with it."""
    prediction, started = job.run.prediction, time.monotonic()
    was_done = prediction.is_done
    try:
        while not prediction.is_done and time.monotonic() - started < PORTION:
            prediction.advance(cancelled if job.broken_off < PATIENCE else None)
            job.broken_off = 0
    except Cancelled:
        job.broken_off += 1
        raise
    finally:
        job.seconds += time.monotonic() - started
    if prediction.is_done and not was_done:
        job.psnr = job.run.psnr()
        output = prediction.values
        job.not_finite = int(output.size - np.isfinite(output).sum())
        job.shown = (
            _small(output, job.untrained) if output.ndim == 3 else None,
            _small(job.run.noisy[:3] if len(job.run.noisy) >= 3 else job.run.noisy[:1], False),
        )
    return prediction.is_done and not was_done


def _small(values: Values, untrained: bool) -> Picture | None:
    """(C, height, width) as a picture of at most SHOWN pixels a side."""
    by = -(-max(values.shape[1:]) // SHOWN)
    if values.ndim != 3:
        return None
    if by > 1:
        whole = torch.from_numpy(np.ascontiguousarray(values))[None]
        pool = torch.nn.functional.avg_pool2d if len(values) in (1, 3) else _every
        values = pool(whole, by)[0].numpy()
    return picture_of_values(values, untrained)


def _every(values: torch.Tensor, by: int) -> torch.Tensor:
    """Every `by`-th pixel: classes have no mean."""
    return values[..., ::by, ::by].contiguous()


def _saved(job: Job, path: str | None) -> str | None:
    """Pack the file for a portion's time; its path once it is written."""
    if path is None or not job.run.prediction.is_done:
        job.file = None
        return None
    if job.file is None or job.file.path != Path(path):
        job.file = OutputFile(Path(path), job.run.prediction.values, job.untrained)
    file, job.file = job.file, None  # one that cannot be written is given up
    if file.advance(PORTION):
        return path
    job.file = file
    return None


def _reply(asked: FullSizeRequest, job: Job, saved: str | None, is_new: bool) -> protocol.FullSize:
    """The answer; its pictures go with the last tile only."""
    run, prediction = job.run, job.run.prediction
    return protocol.FullSize(
        **asked.run,
        job=job.number,
        done=prediction.done,
        total=prediction.total,
        size=run.size,
        tile=run.tile,
        margin=max((side for sides in run.plan.margin for side in sides), default=0),
        reach=max(run.plan.reach, default=0),
        work=run.choice.work,
        why=run.choice.why,
        seconds=job.seconds,
        picture=job.shown[0] if is_new else None,
        given=job.shown[1] if is_new else None,
        psnr_in=job.psnr[0],
        psnr_out=job.psnr[1],
        not_finite=job.not_finite,
        save=asked.save,
        saved=saved,
        packed=job.file.percent if job.file is not None else 0,
    )
