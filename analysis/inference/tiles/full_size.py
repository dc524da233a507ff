"""Runs a slot's network on the whole of its picture, in tiles, as it was when the run began."""

from __future__ import annotations

from math import prod

import numpy as np
from numpy.typing import NDArray

from analysis.facts import Facts, analyse
from analysis.faults import Fault
from analysis.inference.failures import EngineError
from analysis.inference.image import add_noise, psnr
from analysis.inference.input_changes import changed
from analysis.inference.memory import estimate_bytes, free_bytes
from analysis.inference.network_input import as_input
from analysis.inference.protocol.images import Decoded, ImageFacts, ImageSource
from analysis.inference.protocol.runs import ImageFit
from analysis.inference.protocol.target import TargetScores
from analysis.inference.slot import Loaded, Slot, gates_of
from analysis.inference.source_file import image_size, read_image
from analysis.inference.target.comparison import TargetComparison
from analysis.inference.tiles.choice import TileChoice, chosen
from analysis.inference.tiles.plan import TilePlan, Tiler, resized
from analysis.inference.tiles.prediction import TiledPrediction
from analysis.network.gates import Gates

SIDES = {
    1: (1 << 12, 1 << 14, 1 << 16),
    2: (256, 384, 512, 768, 1024, 1536, 2048),
    3: (48, 64, 96, 128, 192),
}
"""Longest sides of tiles that are tried, by the number of axes."""
PART = 0.5
"""The part of the free memory that one tile may take."""
FLOAT = 4

Values = NDArray[np.float32]


class FullSize:
    """The tiled run of a slot's network on its picture at full size; `prediction` runs it.

    Weights, gates, noise and changes are those of the slot now: later ones change nothing.
    `side` is the longest side of a tile where such small ones work, None takes what costs the least
    within the memory; `choice` says why tiles are of their size. Raises EngineError
    where the network cannot be tiled, and ImageError. Of another `layer` than the output it is that
    layer's maps that are predicted.
    """

    def __init__(
        self, slot: Slot, loaded: Loaded, side: int | None = None, layer: str | None = None
    ) -> None:
        request, image = slot.request, slot.request.image
        assert image is not None
        facts = loaded.facts
        shape = facts.shapes[facts.graph.inputs[0].id]
        self.size = full_size(image, len(shape) - 1)
        gates = gates_of(request, loaded)
        self.layer = layer or facts.graph.output.id
        self.choice = _planned(facts, self.size, side, gates, loaded, self.layer)
        self.plan = self.choice.plan
        self.tile = max(self.plan.tile)
        decoded = _whole(image, self.size)
        self._facts, self._image = facts, decoded.facts
        given = as_input(decoded, (shape[0], *self.size), image.reading.mix)
        self.clean: Values = changed(given, request.change)
        self.noisy: Values = add_noise(self.clean, request.noise)
        main = facts.graph.inputs[0].id
        self.prediction = TiledPrediction(
            loaded.network,
            self.plan,
            self.layer,
            self.noisy,
            gates,
            {node: value for node, value in slot.inputs.items() if node != main},
        )

    def psnr(self) -> tuple[float | None, float | None]:
        """PSNR in dB of input and output against the picture; None where they are not alike."""
        output = self.prediction.values
        after = psnr(output, self.clean) if output.shape == self.clean.shape else None
        return psnr(self.noisy, self.clean) if after is not None else None, after

    def scores(self, target: ImageSource) -> TargetScores:
        """What the finished output is worth against a target of the picture's place."""
        values = self.prediction.values
        size = self.size if values.shape[1:] == self.size else self.plan.size
        fit = ImageFit(_plane(self.size), _plane(size), 1.0, 0.0, 0.0)
        facts = analyse(resized(self._facts.graph, size))
        found = TargetComparison()
        return found.scores(target, self._image, fit, facts, values, most_values=values.size)


def _plane(size: tuple[int, ...]) -> tuple[int, int]:
    return size[-2], size[-1]


def full_size(image: ImageSource, rank: int) -> tuple[int, ...]:
    """The size of a picture along `rank` axes. Raises ImageError and EngineError."""
    if rank not in (2, 3) or (image.path is None and image.pixels is None):
        raise EngineError(Fault("tiles-inputs", (rank,)))
    if image.pixels is not None:
        return (*([1] * (rank - 2)), *image.pixels.shape[:2])
    assert image.path is not None
    found = image_size(image.path)
    return found.size if rank == 2 else (found.pages, *found.size)


def _whole(image: ImageSource, size: tuple[int, ...]) -> Decoded:
    """The picture or volume at its own resolution."""
    if image.pixels is not None:
        return Decoded(image.pixels, ImageFacts(image.pixels.shape[:2]))
    assert image.path is not None
    found = read_image(image.path, image.reading, size)
    if found.pixels.shape[:2] != size[-2:]:
        raise EngineError(Fault("tiles-inputs", (len(size),)))
    return found


def _planned(
    facts: Facts,
    size: tuple[int, ...],
    side: int | None,
    gates: Gates,
    loaded: Loaded,
    layer: str,
) -> TileChoice:
    """The tiles, where there is memory for one of them and for the whole picture and output."""
    turned = any(value != 1.0 for value in gates.alpha.values())
    if turned and gates.off != "zero":
        raise EngineError(Fault("tiles-gates", (gates.off,)))
    tiler = Tiler(facts, size, layer)
    if tiler.fault is not None:
        raise EngineError(tiler.fault)
    free = free_bytes(loaded.network.device)
    if side is not None and max(tiler.nearest((side,) * len(size))) <= side:
        found = _asked(tiler, side)
    else:
        sides = [each for each in SIDES[len(size)] if side is None or each > side]
        most = None if free is None else PART * free
        found = chosen(tiler, sides or (side or 0,), _needed, most)
    if isinstance(found, Fault):
        raise EngineError(found)
    plan, needed = found.plan, found.needed
    held = FLOAT * (3 * facts.shapes[facts.graph.inputs[0].id][0] * prod(plan.size))
    held += FLOAT * prod(plan.output)
    if free is not None and needed + held > free:
        raise EngineError(Fault("tiles-too-large", (needed + held, free)))
    return found


def _asked(tiler: Tiler, side: int) -> TileChoice | Fault:
    plan = tiler.plan((side,) * len(tiler.size))
    return plan if isinstance(plan, Fault) else TileChoice(plan, _needed(plan), "asked")


def _needed(plan: TilePlan) -> int:
    """Bytes of one tile's run."""
    return estimate_bytes(analyse(plan.tile_graph))
