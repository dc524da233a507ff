"""Runs a network on an image so that a figure of it shows the maps of its blocks."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING

from viewer.command_line.shared.engine_run import decoded, engine_on, request_of
from viewer.command_line.shared.image_options import reading_of
from viewer.command_line.shared.model import Model, with_weights
from viewer.command_line.shared.note import note
from viewer.command_line.shared.progress import waiting
from viewer.command_line.shared.refusal import Refusal
from viewer.command_line.shared.run_remarks import remark
from viewer.files.layer_table import error_of

if TYPE_CHECKING:
    from viewer.drawing.network.diagram import DrawnNetwork

LEAST = 2.0
"""Px of a map for one of the figure, at least: a PDF is looked at closely."""


def with_pictures(drawn: DrawnNetwork, model: Model, asked: argparse.Namespace) -> DrawnNetwork:
    """The network with the maps of its blocks for the picture of `--image`. Raises Refusal.

    One whose shapes clash is run as far as it can be, and what ends it is said.
    """
    from analysis.inference.protocol.engine import EngineFailure
    from analysis.inference.protocol.runs import Frame

    weighted = with_weights(model, asked)
    image = decoded(asked.image, weighted, reading_of(asked))
    scale = max(LEAST, asked.scale)
    taps = {
        node.output: round(node.map.width() * scale)
        for node in drawn.figure.nodes.values()
        if node.shape == "map" and node.output in drawn.facts.shapes
    }
    request = replace(request_of(weighted, asked, image), taps=taps, in_part=True)
    with waiting("Loading PyTorch"):
        engine = engine_on(asked.device)
    with waiting("Running the network"):
        frame = engine.answer(request)
    if isinstance(frame, EngineFailure):
        raise Refusal(frame.fault)
    assert isinstance(frame, Frame)
    remark(frame, weighted.weights_called)
    facts = drawn.facts
    if facts.graph.output.id not in facts.shapes and facts.problems:
        fault = error_of(facts, facts.problems[0])
        note(f"{facts.problems[0]}: {fault} The maps before it are drawn.")
    closed = None if drawn.closed is None else replace(drawn.closed, frame=frame)
    return replace(drawn, frame=frame, closed=closed)
