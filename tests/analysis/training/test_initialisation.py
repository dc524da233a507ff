"""The start values of a training: how wide they spread follows what each output sums."""

import math

import pytest

from analysis.blueprints import BLUEPRINTS, parse
from analysis.facts import analyse
from analysis.training.initialisation import started


@pytest.mark.parametrize(("layer", "read"), [("up1", 32), ("enc1.conv2", 16 * 9)])
def test_he_spreads_by_what_one_output_sums(layer: str, read: int) -> None:
    """Of a transposed convolution of stride 2 each output reads a quarter of its 2 × 2 kernel."""
    name, settings = parse("unet:depth=2,base=16,norm=none,size=32")
    graph = BLUEPRINTS[name].build(settings)
    weight = started(graph, analyse(graph), "he", 0)[f"{layer}.weight"]
    assert float(weight.std()) == pytest.approx(math.sqrt(2 / read), rel=0.06)
