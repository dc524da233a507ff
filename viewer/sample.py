"""What the first launch opens: the shipped denoiser on a photograph, running."""

from __future__ import annotations

from importlib.resources import as_file, files
from importlib.util import find_spec
from pathlib import Path

from analysis.blobs import BlobRef, BlobStore
from analysis.blueprints import BLUEPRINTS
from analysis.document import Document
from analysis.inference.messages import Noise

SETTINGS = {"depth": 4, "base": 8}
NOISE_SIGMA = 25.0


def photograph() -> Path | None:
    """A photograph that comes with a package we need anyway (found without importing it)."""
    spec = find_spec("matplotlib")
    for place in (spec.submodule_search_locations or []) if spec else []:
        found = Path(place) / "mpl-data" / "sample_data" / "grace_hopper.jpg"
        if found.exists():
            return found
    return None


def first_live() -> dict[str, Noise]:
    """The noise that the first picture starts with."""
    return {"noise": Noise("gaussian", NOISE_SIGMA, seed=1)}


def sample_document(store: BlobStore) -> Document:
    """The denoiser with its trained weights, 256 × 256, and the photograph."""
    blueprint = BLUEPRINTS["unet"]
    settings = blueprint.complete(SETTINGS)
    with as_file(files("assets").joinpath("models/denoiser.safetensors")) as trained:
        weights = BlobRef(store.put(trained), "denoiser")
    picture = photograph()
    image = BlobRef(store.put(picture), picture.name) if picture else None
    return Document(
        graph=blueprint.build(settings),
        blueprint=("unet", settings),
        weights=weights,
        image=image,
        title="Denoiser",
    )
