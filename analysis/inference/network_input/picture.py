"""Makes the values that a network's input is given of a decoded image."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.inference.image import lay_on_network, plane_of, to_channels, with_channels
from analysis.inference.protocol.images import Decoded
from analysis.operators.contract import Shape
from analysis.storage.image_reading import ChannelRule

COLOURS = 3


def as_input(decoded: Decoded, shape: Shape, mix: ChannelRule = "auto") -> NDArray[np.float32]:
    """The image as an input of this shape (channels, *spatial), from 0 to 1.

    `mix` says what becomes of its channels where the network takes another number of them.

    A part of a volume goes to an input of three axes as it is; a picture is a row for one axis,
    and the same in every slice of three. Channels beyond red, green and blue are kept where the
    network takes so many.
    """
    planes = decoded.planes
    if planes is not None and planes.ndim == 4 == len(shape) and planes.shape[1:] == shape[1:]:
        return mixed(planes, shape[0], mix) if mix != "auto" else with_channels(planes, shape[0])
    if planes is not None and planes.ndim == 3 == len(shape) and len(planes) == shape[0]:
        return _fitted(planes, shape)
    fitted, _ = lay_on_network(decoded.pixels, plane_of(shape))
    if len(shape) == 1:
        return to_channels(fitted, 1).reshape(shape)
    values = to_channels(fitted, shape[0])
    if mix != "auto" and shape[0] != COLOURS:
        values = mixed(to_channels(fitted, COLOURS), shape[0], mix)
    if len(shape) == 2:
        return values[:, 0]
    while values.ndim < len(shape):
        values = np.repeat(values[:, None], shape[len(shape) - values.ndim], axis=1)
    return values


def mixed(values: NDArray[np.float32], channels: int, mix: ChannelRule) -> NDArray[np.float32]:
    """(C, *spatial) → (channels, *spatial) by the rule; the same where the number is right."""
    count = len(values)
    if count == channels:
        return values
    if mix == "average":
        return np.repeat(values.mean(0, keepdims=True), channels, axis=0)
    if mix == "first":
        made = np.zeros((channels, *values.shape[1:]), np.float32)
        made[: min(channels, count)] = values[:channels]
        return made
    if mix == "repeat":
        return np.ascontiguousarray(values[np.arange(channels) % count])
    one = {"red": 0, "green": 1, "blue": 2}.get(mix, 0)
    return np.repeat(values[min(one, count - 1)][None], channels, axis=0)


def _fitted(planes: NDArray[np.float32], shape: Shape) -> NDArray[np.float32]:
    """Planes of any values, laid on the network as a picture is."""
    known = planes[np.isfinite(planes)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    across = (high - low) or 1.0
    level = np.ascontiguousarray(np.moveaxis((planes - low) / across, 0, 2))
    fitted, _ = lay_on_network(level, plane_of(shape))
    if fitted.shape == level.shape:
        return planes
    return np.ascontiguousarray(np.moveaxis(fitted, 2, 0) * np.float32(across) + np.float32(low))
