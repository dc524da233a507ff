"""Says what a measure of the skips is held to, and whether its sum holds."""

from __future__ import annotations

from analysis.inference.protocol.measures import Measured, Worth
from viewer.text.fault_sentences import fault_sentence
from viewer.text.number_format import decimal, percent, power_of_ten
from viewer.text.split_words import split_words
from viewer.text.translation import mark, tr


def worth_line(measured: Measured) -> str:
    """What is shared out, with its values; empty of a measure that has no such thing."""
    worth = measured.worth
    if worth is None:
        return ""
    if worth.name == "mse":
        if measured.unit != "%":
            return ""
        square = f"{-worth.none:.3g}"
        return tr("100 % is the mean squared change with all skips off: {n}.", n=square)
    return _two_ends(worth)


def _two_ends(worth: Worth) -> str:
    digits = 1 if worth.name == "psnr" else 3
    every, none = decimal(worth.all, digits), decimal(worth.none, digits)
    if worth.name == "dice":
        text = mark("Soft Dice against the target: {all} with all skips, {none} with none.")
    elif worth.against == "image":
        text = mark("PSNR against the image: {all} dB with all skips, {none} dB with none.")
    else:
        text = mark("PSNR against the target: {all} dB with all skips, {none} dB with none.")
    return tr(text, all=every, none=none)


def certainty(measured: Measured) -> str:
    """How sure its values are, in two or three words."""
    if not measured.exact:
        return tr("approximate")
    if measured.why is not None:
        return tr("exact with values held")
    if measured.split_error is not None or measured.sum_error is not None:
        return tr("exact for this network")
    return tr("integrated") if measured.gap is not None else tr("measured")


def check(measured: Measured) -> tuple[bool, str] | None:
    """Whether the measure's invariant holds, and the sentence; None of a measure without one."""
    why = fault_sentence(measured.why) if measured.why is not None else ""
    if not measured.exact:
        return False, why or tr("Approximate for this network.")
    if measured.split_error is not None:
        error, words = power_of_ten(measured.split_error), split_words(measured.before)
        return True, tr("The parts rebuild {whole} to {error}.", error=error, **words)
    if measured.sum_error == 0:
        return True, tr("The values sum to what all skips are worth.")
    if measured.sum_error is not None:
        error = power_of_ten(measured.sum_error)
        return True, tr("The values sum to what all skips are worth, to {error}.", error=error)
    if measured.gap is not None and measured.worth is not None:
        part = percent(abs(measured.gap) / abs(measured.worth.span or 1.0), 1)
        text = mark("In {n} steps the values miss {part} of what all skips are worth.")
        return True, tr(text, n=measured.steps, part=part)
    return None
