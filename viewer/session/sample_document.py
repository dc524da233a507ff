"""Makes the documents of the shipped networks: the denoiser of the first launch, the segmenter."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from importlib.util import find_spec
from pathlib import Path

from analysis.blueprints import BLUEPRINTS, parse
from analysis.faults import Fault
from analysis.inference.protocol.runs import Noise
from analysis.storage.blobs import BlobRef, BlobStore
from analysis.storage.document import Document

NOISE_SIGMA = 25.0
SAMPLE_WEIGHTS = "denoiser.safetensors"


@cache
def photograph() -> Path | None:
    """A photograph that comes with a package we need anyway (found without importing it)."""
    spec = find_spec("matplotlib")
    for place in (spec.submodule_search_locations or []) if spec else []:
        found = Path(place) / "mpl-data" / "sample_data" / "grace_hopper.jpg"
        if found.exists():
            return found
    return None


def first_noise() -> Noise:
    """The noise that the first picture starts with."""
    return Noise("gaussian", NOISE_SIGMA, seed=1)


def sample_document(store: BlobStore) -> Document:
    """The denoiser with its trained weights, 256 × 256, and the photograph.

    Raises OSError where they cannot be put into the store.
    """
    with as_file(_models().joinpath(SAMPLE_WEIGHTS)) as trained:
        weights = BlobRef(store.put(trained), SAMPLE_WEIGHTS)
    picture = photograph()
    image = BlobRef(store.put(picture), picture.name) if picture else None
    return replace(untrained_sample(), weights=weights, image=image)


def untrained_sample() -> Document:
    """The denoiser's network alone, which needs no stored file."""
    card = json.loads(_models().joinpath("denoiser.json").read_bytes())
    blueprint = parse(f"unet:{card['recipe']['settings']}")
    assert not isinstance(blueprint, Fault), blueprint
    name, settings = blueprint
    return Document(graph=BLUEPRINTS[name].build(settings), blueprint=blueprint, title="Denoiser")


def segmenter_document(store: BlobStore) -> Document:
    """The segmenter of cells with its trained weights, on a picture with its true labels.

    Raises OSError where they cannot be put into the store.
    """

    def kept(name: str) -> BlobRef:
        with as_file(_models().joinpath(name)) as path:
            return BlobRef(store.put(path), name)

    card = json.loads(_models().joinpath("cell-segmenter.json").read_bytes())
    blueprint = parse(card["model"])
    assert not isinstance(blueprint, Fault), blueprint
    name, settings = blueprint
    return Document(
        graph=BLUEPRINTS[name].build(settings),
        blueprint=blueprint,
        title="Cell segmenter",
        weights=kept("cell-segmenter.safetensors"),
        image=kept("cell-segmenter.png"),
        target=kept("cell-segmenter-truth.png"),
    )


def _models() -> Traversable:
    return files("assets").joinpath("models")
