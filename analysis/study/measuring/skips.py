"""Measures what every skip of a run is worth: all measures of the table, and scores without it."""

from __future__ import annotations

from analysis.faults import Fault
from analysis.inference.engine import Engine
from analysis.inference.measures.gated_outputs import GatedOutputs
from analysis.inference.measures.table import MEASURES
from analysis.inference.protocol.engine import EngineFailure
from analysis.inference.protocol.images import ImageFacts
from analysis.inference.protocol.measures import Measured, MeasureRequest
from analysis.inference.protocol.runs import RunRequest
from analysis.inference.protocol.target import TargetScores
from analysis.inference.slot import Loaded, Slot
from analysis.study.columns import F_ALL, F_NONE, REST, WITHOUT_ALL
from analysis.study.reducers.summary import Remark

Row = dict[str, float]
BEST_PSNR = 100.0
"""PSNR in dB of an output that is its target."""
ANY = 1 << 62
"""SSIM is computed of an output of any size."""


def measures(engine: Engine, request: RunRequest) -> tuple[Row, tuple[str, str], dict[str, Remark]]:
    """(values by `skip.measure`, the name of f and what it is against, remarks by measure).

    A measure that cannot be had of this image leaves its values out and a remark.
    """
    row: Row = {}
    f, remarks = ("", ""), {}
    for each in MEASURES:
        question = MeasureRequest(request.revision, request.slot, request.structure, each.key)
        found = engine.answer(question)
        if isinstance(found, EngineFailure):
            if found.fault.code != "no-skips":
                remarks[each.key] = Remark(1, found.fault)
            continue
        assert isinstance(found, Measured)
        if found.why is not None:
            remarks[each.key] = Remark(1, found.why)
        row.update(_values(found, each.key))
        if each.key == "shapley" and found.worth is not None:
            f = (found.worth.name, found.worth.against)
            row[F_ALL], row[F_NONE] = found.worth.all, found.worth.none
    return row, f, remarks


def _values(found: Measured, key: str) -> Row:
    row: Row = {}
    for name, part in found.skips.items():
        row[f"{name}.{key}"] = part.value
        row.update({f"{name}.{key}.{mode}": value for mode, value in part.by_mode.items()})
        if part.loss is not None:
            row[f"{name}.loss"] = part.loss
    for name, rest in zip(REST, (found.bottleneck, found.bias), strict=True):
        if rest is not None:
            row[f"{name}.{key}"] = rest.value
    return row


def scores(slot: Slot, loaded: Loaded, whole: TargetScores | None) -> Row:
    """PSNR, or IoU and Dice, against the target: with all skips, each off, all off.

    `whole` is what the slot's last output is worth; without a target nothing is measured.
    Raises NodeError.
    """
    if whole is None or whole.fault is not None or slot.fit is None:
        return {}
    row = _scores(whole, "")
    outputs = GatedOutputs(slot, loaded)
    if not outputs.reached:
        return row
    target, image = slot.request.target, slot.image or ImageFacts(slot.fit.original)
    assert target is not None
    closed = [(name, [at]) for at, name in enumerate(outputs.skips)]
    for name, off in [*closed, (WITHOUT_ALL, list(range(len(outputs.skips))))]:
        values = outputs.without(off)[0].float().cpu().numpy()
        found = slot.target.scores(target, image, slot.fit, loaded.facts, values, ANY)
        row.update(_scores(found, f"{name}."))
    return row


def _scores(found: TargetScores, before: str) -> Row:
    if found.kind == "picture":
        quality = {f"{before}psnr": BEST_PSNR if found.psnr is None else found.psnr}
        return quality if found.ssim is None else {**quality, f"{before}ssim": found.ssim}
    each = {"iou": found.iou, "dice": found.dice}
    return {f"{before}{name}": value for name, value in each.items() if value is not None}


def target_fault(whole: TargetScores | None) -> Fault | None:
    """Why an image cannot be held against its target."""
    return None if whole is None else whole.fault
