"""Why a rule of the review was not tried, and what its repairs say."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.review import Mend, Untold
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
    "cannot-follow": mark("Which pixels are read on the way cannot be told."),
    "object-past-image": mark("The object is larger than the input."),
    "one-size": mark("The network takes inputs of one size only."),
    "no-skips": mark("The network has no skip connections."),
    "not-split": mark("The output has no exact split among the skips."),
    "no-activation": mark("The output has no activation that could be saturated."),
}

MENDS: Mapping[str, str] = {
    "kernel-multiple-of-stride": mark("Kernel {kernel} in {layers} layers"),
    "kernel-multiple-of-stride strided": mark(
        "Kernel {kernel} in {layers} layers, and even kernels in {strided} strided ones"
    ),
    "kernel-covers-stride": mark("Kernel {kernel}"),
    "use-size": mark("Use input {size}"),
    "without-bias": mark("Leave out the bias of {layers} layers"),
    "odd-kernel": mark("Kernel {kernel}, padded alike"),
    "even-kernels": mark("Even kernels in {layers} strided layers"),
    "half-pixel-centres": mark("Do not align corners in {layers} layers"),
    "put-activation": mark("Put {layers} activations between"),
    "remove-activation": mark("Take the activation before it out"),
    "remove-normalisation": mark("Take the normalisation out"),
}


def reason(untold: Untold) -> str:
    """Why, in the language in use; of one layer with its name."""
    said = tr(REASONS[untold.code])
    return f"{name_text(untold.layer)}: {said}" if untold.layer else said


def mend_words(mend: Mend) -> str:
    """What its button says."""
    if mend.repair is not None:
        return repair_words(mend.repair)
    if mend.code == "use-size":
        sides = tuple(int(length) for length in mend.numbers.values())
        return tr(MENDS["use-size"], size=number_format.spatial(sides))
    code = f"{mend.code} strided" if mend.numbers.get("strided") else mend.code
    return tr(MENDS[code]).format(**mend.numbers)
