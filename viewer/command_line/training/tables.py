"""The tables of `fieldglass train` on standard output."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from viewer.command_line.shared.answers import as_table
from viewer.text.number_format import percent

if TYPE_CHECKING:
    from analysis.training.run import TrainingRun

COLUMNS = ("twin", "parameters", "loss", "measured", "at", "before", "after", "seconds")
CODE_COLUMNS = ("twin", "code", "bytes", "PSNR, dB", "as JPEG", "classes", "by pixels")


def tables(training: TrainingRun, report: dict[str, Any]) -> str:
    """A row for each twin and σ, and what the codes are good for where there are some."""
    found = as_table(COLUMNS, list(_rows(training)))
    if codes := list(_codes(report)):
        found += "\n" + as_table(CODE_COLUMNS, codes)
    return found


def _codes(report: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What the code of each auto-encoder is good for, on pictures that were held out."""
    for name, twin in report["twins"].items():
        if (codes := twin.get("codes")) is not None:
            jpeg, accuracy = codes["bytes"]["jpeg"], codes.get("accuracy", {})
            yield {
                "twin": name,
                "code": codes["layer"],
                "bytes": codes["bytes"]["code"],
                "PSNR, dB": round(codes["psnr"]["code"], 2),
                "as JPEG": None if jpeg is None else f"{jpeg:.0f} bytes",
                "classes": _percent(accuracy.get("codes")),
                "by pixels": _percent(accuracy.get("pixels")),
            }


def _percent(share: float | None) -> str | None:
    return None if share is None else percent(share, 1)


def _rows(training: TrainingRun) -> Iterator[dict[str, Any]]:
    before = training.noisy_psnr()
    unit = "IoU" if training.recipe.task == "segment" else "PSNR, dB"
    for name, trainer in training.trainers.items():
        progress = training.progress[name]
        for sigma, scores in progress.scores.items():
            yield {
                "twin": name,
                "parameters": trainer.twin.facts.parameters,
                "loss": round(trainer.losses[-1], 4),
                "measured": unit,
                "at": f"σ {sigma}" if training.recipe.task == "denoise" else "",
                "before": round(before[sigma], 2) if sigma in before else None,
                "after": round(scores[-1], 3 if unit == "IoU" else 2),
                "seconds": round(progress.seconds, 1),
            }
