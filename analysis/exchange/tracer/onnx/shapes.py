"""Operators of ONNX that rearrange, cut, join or copy values, in torch."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any

from .call import Call, Function


def same(call: Call) -> Any:
    """`Identity`, and `Dropout` outside training: the second result says that all is kept."""
    import torch

    if call.results > 1:
        return call.tensor(), torch.ones_like(call.tensor(), dtype=torch.bool)
    return call.tensor()


def cast(call: Call) -> Any:
    """`Cast`: every type of float stays float32, which is what runs here."""
    import torch

    image, kind = call.tensor(), int(call.get("to"))
    if kind in (1, 10, 11, 16):
        return image if image.is_floating_point() else image.to(torch.float32)
    kinds = {2: "uint8", 3: "int8", 5: "int16", 6: "int32", 7: "int64", 9: "bool"}
    if kind not in kinds:
        raise call.refuse(f"to={kind}")
    return image.to(getattr(torch, kinds[kind]))


def concatenate(call: Call) -> Any:
    """`Concat`."""
    import torch

    parts = [call.tensor(port) for port in range(len(call.operands)) if call.has(port)]
    return torch.cat(parts, int(call.get("axis", 1)))


def split(call: Call) -> Any:
    """`Split` into given lengths, or into equal ones."""
    image, axis = call.tensor(), int(call.get("axis", 0))
    lengths = call.setting("split", 1)
    if lengths is None:
        parts = int(call.get("num_outputs", call.results))
        each = -(-image.shape[axis] // parts)
        lengths = [each] * (parts - 1) + [image.shape[axis] - each * (parts - 1)]
    return image.split(lengths, axis)


def cut(call: Call) -> Any:
    """`Slice`; steps backwards turn the axis round."""
    image = call.tensor()
    starts, ends = call.setting("starts", 1), call.setting("ends", 2)
    axes = call.setting("axes", 3) or list(range(len(starts)))
    steps = call.setting("steps", 4) or [1] * len(starts)
    for axis, start, end, step in zip(axes, starts, ends, steps, strict=True):
        length = image.shape[axis]
        places = range(length)[slice(start, _end(end, step), step)]
        if step < 0:
            image, places = image.flip(axis), _mirrored(places, length)
        if not places:
            image = image.narrow(axis, 0, 0)
        elif places != range(length):
            index = [slice(None)] * image.dim()
            index[axis] = slice(places.start, places.stop, places.step)
            image = image[tuple(index)]
    return image


def _end(end: int, step: int) -> int | None:
    """The end of a slice; one before the first entry is open."""
    return None if step < 0 and end < -(2**31) else end


def _mirrored(places: range, length: int) -> range:
    """The same entries, in the same order, of an axis that was turned round."""
    return range(length - 1 - places.start, length - 1 - places.stop, -places.step)


def gather(call: Call) -> Any:
    """`Gather`: one entry, several, or a table looked up."""
    import torch

    axis = int(call.get("axis", 0))
    image = call.tensor(0)
    if call.is_known(1):
        array = call.value(1)
        if array.ndim == 0:
            return image.select(axis, int(array))
        places = [int(n) % image.shape[axis] for n in array.reshape(-1)]
        index = torch.tensor(places)
        shape = (*image.shape[: axis % image.dim()], *array.shape,
                 *image.shape[axis % image.dim() + 1 :])  # fmt: skip
        return image.index_select(axis, index).reshape(shape)
    index = call.tensor(1).long()
    if axis == 0 and image.dim() == 2:
        return torch.nn.functional.embedding(index, image)
    flat = image.index_select(axis, index.reshape(-1))
    axis %= image.dim()
    return flat.reshape(*image.shape[:axis], *index.shape, *image.shape[axis + 1 :])


def gather_nd(call: Call) -> Any:
    """`GatherND`: entries at the places that the last axis of the indices names."""
    import torch

    image, index = call.tensor(0), call.tensor(1).long()
    batch = int(call.get("batch_dims", 0))
    if batch:
        lead = image.shape[:batch]
        image, index = image.flatten(0, batch - 1), index.flatten(0, batch - 1)
        found = [_at_places(each, places) for each, places in zip(image, index, strict=True)]
        stacked = torch.stack(found)
        return stacked.reshape(*lead, *stacked.shape[1:])
    return _at_places(image, index)


def _at_places(image: Any, index: Any) -> Any:
    return image[tuple(index.unbind(-1))]


def gather_elements(call: Call) -> Any:
    """`GatherElements`."""
    return call.tensor(0).gather(int(call.get("axis", 0)), call.tensor(1).long())


def reshape(call: Call) -> Any:
    """`Reshape`; 0 keeps a length unless `allowzero` is set."""
    image, wanted = call.tensor(), call.setting("shape", 1)
    if not call.get("allowzero", 0):
        wanted = [image.shape[i] if n == 0 else n for i, n in enumerate(wanted)]
    return image.reshape(wanted)


def flatten(call: Call) -> Any:
    """`Flatten` to two axes."""
    image = call.tensor()
    axis = int(call.get("axis", 1))
    if axis == 1:
        return image.flatten(1)
    axis = axis % image.dim() if axis < 0 else axis
    first = 1
    for length in image.shape[:axis]:
        first *= length
    return image.reshape(first, -1)


def transpose(call: Call) -> Any:
    """`Transpose`: two axes exchanged, or all of them in a given order."""
    image = call.tensor()
    order = list(call.get("perm", range(image.dim() - 1, -1, -1)))
    moved = [i for i, n in enumerate(order) if i != n]
    if not moved:
        return image
    return image.transpose(*moved) if len(moved) == 2 else image.permute(order)


def squeeze(call: Call) -> Any:
    """`Squeeze` of the named axes, or of all that have length 1."""
    image, axes = call.tensor(), call.setting("axes", 1)
    if axes is None:
        return image.squeeze()
    return image.squeeze(axes[0]) if len(axes) == 1 else image.squeeze(tuple(axes))


def unsqueeze(call: Call) -> Any:
    """`Unsqueeze` at places of the result."""
    image, axes = call.tensor(), call.setting("axes", 1)
    rank = image.dim() + len(axes)
    for axis in sorted(each % rank for each in axes):
        image = image.unsqueeze(axis)
    return image


def expand(call: Call) -> Any:
    """`Expand` by broadcasting both ways."""
    import numpy as np

    image = call.tensor()
    shape = np.broadcast_shapes(tuple(image.shape), tuple(call.setting("shape", 1)))
    return image.expand(shape) if tuple(image.shape) != tuple(shape) else image


def tile(call: Call) -> Any:
    """`Tile`."""
    return call.tensor().repeat(call.setting("repeats", 1))


def pad(call: Call) -> Any:
    """`Pad` in its four modes; a negative number cuts."""
    from torch.nn import functional

    image = call.tensor()
    rank = image.dim()
    flat = call.setting("pads", 1)
    value = call.setting("value", 2, 0.0) or 0.0
    axes = [each % rank for each in call.setting("axes", 3) or range(rank)]
    pairs = {axis: (flat[i], flat[len(axes) + i]) for i, axis in enumerate(axes)}
    first = min((axis for axis, pair in pairs.items() if any(pair)), default=rank)
    if first == rank:
        return image
    last = [pairs.get(axis, (0, 0)) for axis in range(rank - 1, first - 1, -1)]
    mode = str(call.get("mode", "constant"))
    if mode == "constant":
        value = value[0] if isinstance(value, list) else value
        return functional.pad(image, list(chain.from_iterable(last)), value=float(value))
    if first < 2:
        raise call.refuse(f"{mode} pads")
    last += [(0, 0)] * (rank - 2 - len(last))  # torch pads all spatial axes or none
    kinds = {"reflect": "reflect", "edge": "replicate", "wrap": "circular"}
    return functional.pad(image, list(chain.from_iterable(last)), mode=kinds[mode])


def depth_to_space(call: Call) -> Any:
    """`DepthToSpace`: `CRD` is torch's pixel shuffle, `DCR` has the channels in other order."""
    from torch.nn import functional

    image, factor = call.tensor(), int(call.get("blocksize"))
    if str(call.get("mode", "DCR")) == "DCR":
        batch, channels, *sizes = image.shape
        parts = image.reshape(batch, factor**2, channels // factor**2, *sizes)
        image = parts.transpose(1, 2).reshape(batch, channels, *sizes)
    return functional.pixel_shuffle(image, factor)


def space_to_depth(call: Call) -> Any:
    """`SpaceToDepth`: torch's pixel unshuffle with the channels in other order."""
    from torch.nn import functional

    image, factor = call.tensor(), int(call.get("blocksize"))
    channels = image.shape[1]
    image = functional.pixel_unshuffle(image, factor)
    batch, many, *sizes = image.shape
    parts = image.reshape(batch, channels, factor**2, *sizes)
    return parts.transpose(1, 2).reshape(batch, many, *sizes)


def triangle(call: Call) -> Any:
    """`Trilu`."""
    image = call.tensor()
    diagonal = int(call.value(1)) if call.has(1) else 0
    return image.triu(diagonal) if call.get("upper", 1) else image.tril(diagonal)


SHAPES: Mapping[str, Function] = {
    "Identity": same,
    "Dropout": same,
    "Cast": cast,
    "Concat": concatenate,
    "Split": split,
    "Slice": cut,
    "Gather": gather,
    "GatherElements": gather_elements,
    "GatherND": gather_nd,
    "Reshape": reshape,
    "Flatten": flatten,
    "Transpose": transpose,
    "Squeeze": squeeze,
    "Unsqueeze": unsqueeze,
    "Expand": expand,
    "Tile": tile,
    "Pad": pad,
    "DepthToSpace": depth_to_space,
    "SpaceToDepth": space_to_depth,
    "Trilu": triangle,
}
