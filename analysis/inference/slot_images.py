"""Prepares images for a network: decodes each once, fits it to the inputs, adds noise."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace

from analysis.facts import Facts
from analysis.faults import Fault
from analysis.inference.image import (
    add_noise,
    lay_on_network,
    picture,
    plane_of,
    psnr,
    to_channels,
)
from analysis.inference.image_file.decoding import reduction
from analysis.inference.image_file.formats import ImageError
from analysis.inference.input_changes import changed
from analysis.inference.network_input import as_input
from analysis.inference.protocol.images import Decoded, ImageFacts, ImageSource
from analysis.inference.protocol.input_change import InputChange
from analysis.inference.protocol.runs import Noise
from analysis.inference.slot import Slot
from analysis.inference.source_file import read_image
from analysis.inference.volume_file.volume import plane_start
from analysis.operators.contract import Shape

UNCHANGED = InputChange()
IMAGES_KEPT = 3
LARGE_IMAGE = 64 << 20
"""Bytes of a decoded image from which on it is decoded again rather than kept."""


class SlotImages:
    """Decodes images, keeps the last few, and fits them to the networks of slots."""

    def __init__(self) -> None:
        self._decoded: dict[Hashable, Decoded] = {}

    def show(self, slot: Slot, facts: Facts, image: ImageSource) -> None:
        """Fit the image to every input of the slot's network, unless it is there already.

        Raises ImageError.
        """
        shapes = {node.id: facts.layers[node.id].shape or () for node in facts.graph.inputs}
        key = (image.hash, image.reading, tuple(shapes.items()))
        if slot.picture_key == key:
            return
        first = next(iter(shapes.values()))
        planes = [plane_of(shape) for shape in shapes.values()]
        wanted: Shape = (max(plane[0] for plane in planes), max(plane[1] for plane in planes))
        if len(first) == 4:
            wanted = first[1:]
        decoded = self._decode(image, wanted)
        fitted, fit = lay_on_network(decoded.pixels, plane_of(first))
        if decoded.planes is not None and decoded.planes.ndim == 4:
            top, left = plane_start(decoded.facts.size, fit.network)
            fit = replace(fit, top=top, left=left)
        slot.image = decoded.facts if image.pixels is None else None
        by = decoded.facts.reduction
        slot.fit = replace(fit, original=decoded.facts.size, scale=fit.scale / by)
        slot.clean = {
            node: as_input(decoded, shape, image.reading.mix) for node, shape in shapes.items()
        }
        slot.clean_picture = picture(to_channels(fitted, 3 if first[0] >= 3 else 1))
        slot.picture_key = key
        slot.scene = (image.stream, *key[1:]) if image.stream else key

    def _decode(self, image: ImageSource, wanted: Shape) -> Decoded:
        """The image decoded for an input of `wanted` pixels or voxels. Large ones are not kept."""
        if image.pixels is not None:
            return Decoded(image.pixels, ImageFacts(image.pixels.shape[:2]))
        for known in (image.decoded, self._decoded.get((image.hash, image.reading))):
            if known is not None and _serves(known, wanted):
                return known
        if image.path is None:
            raise ImageError(Fault("image-missing", ("",)))
        found = read_image(image.path, image.reading, wanted)
        if found.pixels.nbytes <= LARGE_IMAGE:
            while len(self._decoded) >= IMAGES_KEPT:
                self._decoded.pop(next(iter(self._decoded)))
            self._decoded[image.hash, image.reading] = found
        return found


def _serves(known: Decoded, wanted: Shape) -> bool:
    """Whether what was decoded once is what would be decoded for this input."""
    part = known.planes is not None and known.planes.ndim == 4
    if part or (len(wanted) == 3 and known.facts.pages > 1):
        return known.planes is not None and known.planes.shape[1:] == wanted
    height, width = wanted[-2:]
    return reduction(known.facts.size, (height, width)) == known.facts.reduction


def show_noise(slot: Slot, noise: Noise, change: InputChange = UNCHANGED) -> None:
    """Change the slot's image and add the noise to it, unless that is there already."""
    key = (slot.picture_key, change, noise)
    if slot.noisy_key == key:
        return
    before = {node: changed(clean, change) for node, clean in slot.clean.items()}
    slot.before_noise = before
    slot.noisy = {node: add_noise(values, noise) for node, values in before.items()}
    clean, noisy = next(iter(before.values())), next(iter(slot.noisy.values()))
    slot.psnr_in = psnr(noisy, clean)
    slot.noisy_picture = slot.clean_picture
    if noisy is not next(iter(slot.clean.values())) and noisy.ndim == 3:
        slot.noisy_picture = picture(noisy[:3] if len(noisy) >= 3 else noisy[:1])
    slot.inputs = {}
    slot.noisy_key = key
