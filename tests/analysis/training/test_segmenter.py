"""The shipped segmenter of cells does what its card says, on pictures it has never seen."""

from __future__ import annotations

import json
from importlib.resources import as_file, files

import numpy as np
import pytest
import torch

from analysis.blueprints import BLUEPRINTS, parse
from analysis.facts import analyse
from analysis.faults import Fault
from analysis.network import Network, weights
from analysis.training.segmenter import RECIPE, STEM, Values, mean_iou

CARD = json.loads(files("assets").joinpath(f"models/{STEM}.json").read_text())


def test_its_iou_is_the_card_s_and_its_weights_are_small() -> None:
    parsed = parse(CARD["model"])
    assert not isinstance(parsed, Fault)
    graph = BLUEPRINTS[parsed[0]].build(parsed[1])
    facts = analyse(graph)
    with as_file(files("assets").joinpath(f"models/{STEM}.safetensors")) as path:
        assert path.stat().st_size < 3 << 20
        old, report = weights.fitted(str(path), facts)
        assert report.whole
    tensors, untrained = weights.for_graph(graph, facts, 0, old)
    assert untrained == ()
    network = Network(graph, tensors)

    def outputs(values: Values) -> Values:
        with torch.inference_mode():
            found = network.run(torch.from_numpy(np.ascontiguousarray(values))[None])
        made: Values = found[graph.output.id][0].numpy()
        return made

    assert CARD["model"] == RECIPE["model"]
    assert CARD["iou"] > 0.9
    assert mean_iou(outputs) == pytest.approx(CARD["iou"], abs=2e-3)
