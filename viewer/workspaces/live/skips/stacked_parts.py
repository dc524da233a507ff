"""All parts of an output as pieces of one bar: skips, bottleneck and biases."""

from __future__ import annotations

from dataclasses import replace

from analysis.inference.protocol.measures import Measured
from viewer.text.block_names import block_name
from viewer.text.measure_format import MeasureFormat
from viewer.text.translation import tr
from viewer.workspaces.live.skips.bars import Part


def stacked_parts(measured: Measured, written: MeasureFormat) -> list[Part]:
    """The pieces in the order of the rows, as long as their values are drawn."""
    parts = [
        Part(name, block_name(name), name.removeprefix("skip"), part.value, "skip")
        for name, part in measured.skips.items()
    ]
    if measured.bottleneck is not None:
        value = measured.bottleneck.value
        parts.append(Part("bottleneck", block_name("bottleneck"), "", value, "edge"))
    if measured.bias is not None:
        parts.append(Part("biases", tr("biases"), "", measured.bias.value, "border"))
    return [replace(part, share=written.fraction(part.share)) for part in parts]
