"""Remarks on a run: which weights were loaded, and whether values became NaN or infinite."""

from __future__ import annotations

from analysis.inference.protocol.runs import Frame
from analysis.storage.weights_report import WeightsReport
from viewer.command_line.shared.note import note
from viewer.command_line.shared.sentence import sentence
from viewer.files.model_remarks import norms_remark, types_remark

MOST_NAMES = 6


def remark(frame: Frame, weights: str) -> None:
    """Say on standard error what of the weights is missing, and what is no number."""
    if frame.weights is not None:
        note_weights(frame.weights, weights)
    if frame.not_finite is not None:
        note(sentence(frame.not_finite.fault))


def note_weights(report: WeightsReport, weights: str) -> None:
    """Say on standard error what of the weights does not fit, or is kept in another way."""
    if not report.whole:
        note(weights_line(report, weights))
    if report.norms:
        note(norms_remark(report.norms))
    if report.types:
        note(types_remark(report.types))


def weights_line(report: WeightsReport, weights: str) -> str:
    """So many of so many, and which not: one line."""
    parts = [f"{weights}: {report.loaded} of {report.wanted} tensors loaded"]
    if report.missing:
        parts.append(f"{len(report.missing)} missing ({_some(report.missing)})")
    if report.other_shape:
        named = tuple(
            f"{name} {list(has)} for {list(want)}" for name, has, want in report.other_shape
        )
        parts.append(f"{len(named)} of another shape ({_some(named)})")
    if report.unexpected:
        parts.append(f"{len(report.unexpected)} unexpected ({_some(report.unexpected)})")
    if report.stale:
        stale = _some(report.stale)
        parts.append(f"{len(report.stale)} computed of the weights before, not anew ({stale})")
    return "; ".join(parts) + "."


def weights_answer(report: WeightsReport, weights: str) -> dict[str, object]:
    """The same for JSON, with every name."""
    return {
        "file": weights,
        "loaded": report.loaded,
        "of": report.wanted,
        "missing": list(report.missing),
        "unexpected": list(report.unexpected),
        "other_shape": [
            {"name": name, "shape": list(has), "wanted": list(want)}
            for name, has, want in report.other_shape
        ],
        "prefix": report.prefix,
        "types": list(report.types),
        "stale": list(report.stale),
        "norms_folded": report.norms,
    }


def _some(names: tuple[str, ...]) -> str:
    more = f", … {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + more
