"""Why a rule of the review was not tried, and what its repairs say."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.review import Mend, Untold
from analysis.review.artefacts.holes import MOST_UNITS
from viewer.text import number_format
from viewer.text.escaping import name_text
from viewer.text.repair_names import repair_words
from viewer.text.translation import mark, tr

REASONS: Mapping[str, str] = {
    "needs-object": mark("It needs the size of an object (--object PIXELS)."),
    "needs-spacing": mark(
        "It needs the distance of pixels along each axis: of a volume (--image VOLUME), "
        "or --spacing Z,Y,X."
    ),
    "needs-image": mark("It needs an image (--image IMG)."),
    "needs-signal": mark("It runs the network on random inputs, on request (--signal)."),
    "needs-weights": mark("The weights are not trained, so nothing can be said of them."),
    "no-shape": mark("The output has no shape while the network has a fault."),
    "no-input-map": mark("No input is a feature map."),
    "no-output-map": mark("The output is no feature map."),
    "output-other-size": mark(
        "The output is compared where it has the size of every input, of 8 px or more."
    ),
    "flat-output": mark("The output is one value everywhere on this image."),
    "no-effective-field": mark("The gradient of the output on this image could not be measured."),
    "cannot-follow": mark("Which pixels are read on the way cannot be told."),
    "object-past-image": mark("The object is larger than the input."),
    "whole-input": mark(
        "Every unit of the output sees the whole input at any size: a dense layer or a mean over "
        "the map stands on the way."
    ),
    "one-size": mark("The network takes inputs of one size only."),
    "some-phases": mark(
        "Its fields repeat after more than {units} units; only so many were looked at."
    ),
    "own-scale": mark(
        "It begins with 1 here, as every scale does; a model may begin it with another number."
    ),
    "no-skips": mark("The network has no skip connections between an encoder and a decoder."),
    "not-split": mark("The output has no exact split among the skips."),
    "no-activation": mark("The output has no activation that could be saturated."),
}

MENDS: Mapping[str, str] = {
    "kernel-multiple-of-stride": mark("Kernel {kernel} in {layers} layers"),
    "kernel-multiple-of-stride one": mark("Kernel {kernel} in 1 layer"),
    "kernel-multiple-of-stride strided": mark(
        "Kernel {kernel} in {layers} layers, and even kernels in {strided} strided ones"
    ),
    "kernel-multiple-of-stride strided, in one": mark(
        "Kernel {kernel} in 1 layer, and even kernels in {strided} strided ones"
    ),
    "kernel-multiple-of-stride strided one": mark(
        "Kernel {kernel} where maps grow, and an even kernel in 1 strided layer"
    ),
    "kernel-covers-stride": mark("Kernel {kernel}"),
    "use-size": mark("Use input {size}"),
    "without-bias": mark("Leave out the bias of {layers} layers"),
    "without-bias one": mark("Leave out the bias"),
    "odd-kernel": mark("Kernel {kernel}, padded alike"),
    "odd-kernels": mark("Odd kernels in {layers} layers, padded alike"),
    "odd-kernels one": mark("An odd kernel in 1 layer, padded alike"),
    "even-kernels": mark("Even kernels in {layers} strided layers"),
    "even-kernels one": mark("An even kernel in 1 strided layer"),
    "half-pixel-centres": mark("Do not align corners in {layers} layers"),
    "half-pixel-centres one": mark("Do not align corners in 1 layer"),
    "centre-crop": mark("Crop alike on both sides in {layers} layers"),
    "centre-crop one": mark("Crop alike on both sides"),
    "put-activation": mark("Put {layers} activations between"),
    "put-activation one": mark("Put an activation between"),
    "use-sigmoid": mark("Use a sigmoid"),
    "rates-in-turn": mark("Rates {rates} in turn, field {field} px"),
    "without-both": mark("Leave both out"),
    "without-copies": mark("Do not enlarge, and stride {stride}"),
    "fewer-copies": mark("Enlarge {factor} times, and stride {stride}"),
    "more-channels": mark("Up to {channels} channels in {layers} layers"),
    "more-channels one": mark("{channels} channels"),
    "remove-activation": mark("Take the activation before it out"),
    "remove-normalisation": mark("Take the normalisation out"),
}


_TOGETHER = {"crops": "centre-crop", "odd": "odd-kernels", "even": "even-kernels"}
"""What a repair of several causes does, by the name of its count."""


def reason(untold: Untold) -> str:
    """Why, in the language in use; of one layer with its name."""
    said = tr(REASONS[untold.code], units=MOST_UNITS)
    return f"{name_text(untold.layer)}: {said}" if untold.layer else said


def by_reason(untold: Mapping[str, Untold]) -> dict[str, list[str]]:
    """The codes of the rules that could not judge for one reason, by what it says."""
    found: dict[str, list[str]] = {}
    for code, why in untold.items():
        found.setdefault(reason(why), []).append(code)
    return found


def mend_words(mend: Mend) -> str:
    """What its button says."""
    if mend.repair is not None:
        return repair_words(mend.repair)
    if mend.code == "use-size":
        sides = tuple(int(length) for length in mend.numbers.values())
        return tr(MENDS["use-size"], size=number_format.spatial(sides))
    if mend.code == "rates-in-turn":
        rates = [str(rate) for name, rate in mend.numbers.items() if name != "field"]
        said = tr(", ").join(rates)
        return tr(MENDS[mend.code]).format(rates=said, field=mend.numbers["field"])
    if mend.code == "together":
        parts = [Mend(code, {"layers": mend.numbers[name]}) for name, code in _TOGETHER.items()
                 if name in mend.numbers]  # fmt: skip
        first, *others = (mend_words(part) for part in parts)
        return tr("; ").join((first, *(each[:1].lower() + each[1:] for each in others)))
    strided = mend.numbers.get("strided", 0)
    code = f"{mend.code} strided" if strided else mend.code
    if (strided or mend.numbers.get("layers")) == 1 and f"{code} one" in MENDS:
        code = f"{code} one"
    elif strided and mend.numbers.get("layers") == 1:
        code = f"{code}, in one"
    return tr(MENDS[code]).format(**mend.numbers)
