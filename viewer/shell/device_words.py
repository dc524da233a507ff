"""What is said of the device that runs networks: its name, number format and memory."""

from __future__ import annotations

from analysis.inference.protocol.engine import TOLERANCE
from analysis.inference.protocol.runs import Frame
from viewer.text.fault_sentences import memory_text
from viewer.text.number_format import percent
from viewer.text.translation import mark, tr


def device_line(frame: Frame, forward_ms: float, layers: int, of: int) -> str:
    """The device, its number format, how far that is off, and the time of a pass, or of a part."""
    precision = frame.precision
    if frame.precision_gap is not None:
        precision = tr("{precision} ± {gap}", precision=precision, gap=_gap(frame.precision_gap))
    whole = mark("{device} · {precision} · forward {ms} ms")
    part = mark("{device} · {precision} · {layers} of {all} layers {ms} ms")
    return tr(
        part if layers < of else whole,
        device=frame.device.upper(),
        precision=precision,
        ms=f"{forward_ms:.0f}",
        layers=layers,
        all=of,
    )


def precision_sentence(frame: Frame) -> str:
    """How far the number format moves this picture's output, against what is tolerated."""
    gap = frame.precision_gap
    if gap is None:
        return tr("{precision}: the exactest format there is here.", precision=frame.precision)
    within = mark(
        "{precision} moves the output from float32 by {gap} of its maximum: within {most}."
    )
    beyond = mark(
        "{precision} moves the output from float32 by {gap} of its maximum: more than {most}."
    )
    said = within if gap <= TOLERANCE else beyond
    return tr(said, precision=frame.precision, gap=_gap(gap), most=percent(TOLERANCE, 1))


def memory_sentence(frame: Frame) -> str:
    """What the weights and the activations of a run take."""
    weights, activations = map(memory_text, frame.memory)
    return tr(
        "Estimated memory: {weights} for weights, {activations} for activations.",
        weights=weights,
        activations=activations,
    )


def _gap(gap: float) -> str:
    return percent(gap, 1 if gap >= 0.01 else 2)
