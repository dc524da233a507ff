"""The measure `deep`: the output with a skip and all shallower ones off, as a picture.

So one sees what the decoder restores from deeper features alone: with the last skip off as well
there is nothing but what comes up from the bottleneck.
"""

from __future__ import annotations

from torch import Tensor

from analysis.faults import Fault
from analysis.inference.colors.ramps import grey_ramp
from analysis.inference.measures.ablation import relative_change
from analysis.inference.measures.gated_outputs import GatedOutputs
from analysis.inference.measures.worth import UNITS, against_image, against_target
from analysis.inference.painter import output_picture
from analysis.inference.protocol.measures import Contribution, Measured, MeasureRequest, Worth
from analysis.inference.slot import Loaded, Slot
from analysis.inference.watch import Cancel


def from_deep_features(
    request: MeasureRequest, slot: Slot, loaded: Loaded, cancelled: Cancel | None = None
) -> Measured | Fault:
    """Outputs of the slot's last run with 1, 2 … of its skips off, shallow to deep.

    The value is what the output is worth against the target, else the PSNR against the image
    without noise, else its relative change. Raises Cancelled and NodeError.
    """
    outputs = GatedOutputs(slot, loaded, cancelled)
    if not outputs.reached:
        return Fault("no-skips")
    plain = outputs.without()
    worth = against_target(slot, loaded, plain) or against_image(slot, plain)

    def shown(output: Tensor) -> Contribution:
        value = worth(output) if worth is not None else relative_change(output, plain)
        drawn = output.float().cpu()
        picture, _, _ = output_picture(drawn, bool(loaded.untrained), grey_ramp())
        return Contribution(value, picture=picture)

    whole = shown(plain)
    found = {
        name: shown(outputs.without(range(place + 1))) for place, name in enumerate(outputs.skips)
    }
    last = list(found.values())[-1].value
    return Measured(
        **request.run,
        measure=request.measure,
        skips=found,
        worth=Worth(worth.name, worth.against, whole.value, last) if worth is not None else None,
        unit=UNITS[worth.name] if worth is not None else "%",
        whole=whole,
    )
