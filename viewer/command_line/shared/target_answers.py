"""What an output is worth against its target, as JSON values and as a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.inference.protocol.target import TargetScores


def target_answer(scores: TargetScores | None) -> dict[str, Any] | None:
    """Kind, means, labels and PSNR; null where there is no target."""
    if scores is None:
        return None
    labels = {str(k): {"dice": v.dice, "iou": v.iou} for k, v in scores.overlaps.items()}
    return {
        "kind": scores.kind,
        "dice": scores.dice,
        "iou": scores.iou,
        "labels": labels,
        "threshold": scores.threshold,
        "psnr": scores.psnr,
        "ssim": scores.ssim,
    }


def target_line(scores: TargetScores) -> str:
    """One line for a person."""
    if scores.kind == "picture":
        psnr = "equal to it" if scores.psnr is None else f"{scores.psnr:.2f} dB"
        alike = "" if scores.ssim is None else f", SSIM {scores.ssim:.4f}"
        return f"Against the target: {psnr}{alike}."
    if scores.dice is None or scores.iou is None:
        return "Against the target: neither it nor the output holds a label."
    above = "" if scores.threshold is None else f", label 1 above {scores.threshold:g}"
    of = f" ({len(scores.overlaps)} labels)" if len(scores.overlaps) > 1 else ""
    return f"Against the target: Dice {scores.dice:.4f}, IoU {scores.iou:.4f}{of}{above}."
