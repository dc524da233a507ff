"""What `torch.export` makes of a model, at a size and with arguments that go through."""

from __future__ import annotations

import inspect
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ..arguments import Arguments, Leaf
from ..example import of_shape
from ..forward_failure import decides_by_values, why
from ..limits import is_full
from ..partial import Failure, run_as_far_as_possible
from ..places import Place, place_of
from ..refusal import Refused, last_line
from ..results import Path as Way
from ..results import tensors_of
from ..scripted import export_scripted, is_scripted
from .one_path import export_one_path
from .other_size import OtherSizes, at_other_sizes
from .quick_export import export_quickly

SIDE = {1: 256, 2: 256, 3: 64}
"""Length of each axis of the first example input, by the number of axes."""
OTHER_SIZES = ((3, 256, 256), (1, 256, 256), (3, 224, 224), (3, 32, 32), (1, 28, 28))
"""Tried in this order where the first one does not go through."""
LONGEST = 25.0
"""Seconds in which values for further arguments are looked for."""


@dataclass(frozen=True)
class ExportOptions:
    """What a model is exported with: its inputs, and its file, by which errors are placed.

    With `one_path` it is what the forward does for `picture`, (channels, *spatial) in [0, 1], also
    where it decides by values; without a picture, for a black one. `given` are values of further
    arguments by name.
    """

    opened: Path | None = None
    picture: Any = None
    one_path: bool = False
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Exported:
    """A program, the picture's shape without batch, and what its inputs and outputs are called.

    `decided` says where the forward decided by values. `leaves` are the values of all arguments,
    `picture` the one that the image is for; `outputs` the ways to the tensors that were returned,
    in the program's order.
    """

    program: Any
    shape: tuple[int, ...]
    leaves: list[Leaf]
    picture: Leaf
    decided: list[Place] = field(default_factory=list)
    outputs: list[Way] = field(default_factory=list)
    asked: tuple[int, ...] | None = None
    """The size that was asked for, where the forward took only another one."""
    failure: Failure | None = None
    others: OtherSizes = field(default_factory=OtherSizes)
    """What it does at other sizes of the picture, where that was tried."""
    refused: Refused | None = None
    """Where and why the forward failed, if it did: the program is what ran before."""


def export(model: Any, size: list[int] | None, options: ExportOptions) -> Exported:
    """The model's program. Raises Refused, MemoryError."""
    if _takes_nothing(model):
        raise Refused("model-inputs", 0)
    first: tuple[BaseException, Any] | None = None
    by_values: BaseException | None = None
    names = ""
    end = time.monotonic() + LONGEST
    for shape in [tuple(size)] if size is not None else example_shapes(model):
        arguments = Arguments(model, shape, options.given)
        names = "" if arguments.plain else arguments.names
        for ranks in arguments.trials():
            try:
                if ranks or not arguments.plain:
                    arguments.try_out(ranks, real=options.one_path)
                return _exported(model, shape, arguments, ranks, options)
            except Refused:
                raise
            except Exception as error:
                if is_full(error):
                    raise MemoryError from error
                first = first or (error, of_shape(options.picture, shape))
                if names and decides_by_values(error):
                    by_values = by_values or error
            if time.monotonic() > end:
                break
    assert first is not None
    if by_values is not None:
        raise _by_values(by_values, options.opened) from by_values
    if names:
        raise Refused("model-arguments", names, last_line(first[0])) from first[0]
    refused = why(model, (first[1],), {}, first[0], size, options.opened)
    found = _in_spite(model, first[1], refused, size, options)
    if found is None:
        raise refused from first[0]
    return found


def _in_spite(
    model: Any, example: Any, refused: Refused, size: list[int] | None, options: ExportOptions
) -> Exported | None:
    """What there is of a model whose forward failed: at another size, or as far as it came."""
    code = refused.answer["code"]
    if code not in ("model-size-fails", "model-forward-raised") or options.one_path:
        return None
    if size is not None:
        for other in _near(size):
            found = _attempt(model, other, options)
            if found is not None:
                found.asked, found.refused = tuple(size), refused
                return found
    failure = Failure()
    found = _attempt(model, tuple(example.shape[1:]), options, failure)
    if found is not None and failure.outputs:
        found.failure, found.refused = failure, refused
        found.outputs = [(at,) for at in range(failure.outputs)]
        return found
    return None


def _near(size: Sequence[int]) -> list[tuple[int, ...]]:
    """Sizes a little larger whose sides are multiples of 2, 4, 8 … 64."""
    multiples = [2**power for power in range(1, 7)]
    larger = [(size[0], *(-(-n // m) * m for n in size[1:])) for m in multiples]
    return [each for each in dict.fromkeys(larger) if each != tuple(size)]


def _attempt(
    model: Any, shape: tuple[int, ...], options: ExportOptions, failure: Failure | None = None
) -> Exported | None:
    """The program at this size, with `failure` as far as it comes; None where there is none."""
    arguments = Arguments(model, shape, options.given)
    try:
        if not arguments.plain:
            return None
        return _exported(model, shape, arguments, {}, options, failure)
    except Exception as error:
        if is_full(error):
            raise MemoryError from error
        return None


def _by_values(error: BaseException, opened: Path | None) -> Refused:
    place = place_of(error, opened)
    return Refused("model-by-values-at", *place) if place else Refused("model-by-values")


def _exported(
    model: Any,
    shape: tuple[int, ...],
    arguments: Arguments,
    ranks: Mapping[Any, int],
    options: ExportOptions,
    failure: Failure | None = None,
) -> Exported:
    import torch

    leaves = arguments.leaves(ranks)
    if (unknown := arguments.unknown(leaves)) is not None:
        raise Refused("model-unknown-input", unknown, ", ".join(leaf.name for leaf in leaves))
    picture = arguments.picture(leaves)
    if picture is None and not any(leaf.assumed for leaf in leaves):
        raise Refused("model-no-picture")
    if picture is None:
        raise ValueError("nothing takes the picture")
    shown = replace(picture, value=of_shape(options.picture, shape))
    leaves = [shown if leaf is picture else leaf for leaf in leaves]
    found = Exported(None, shape, leaves, shown)
    examples = tuple(leaf.value for leaf in leaves if isinstance(leaf.value, torch.Tensor))
    if is_scripted(model):
        found.program = export_scripted(model, examples, {})
        found.others = at_other_sizes(model, examples, shown.value, found.program, export_scripted)
        return found
    of_tensors = arguments.of_tensors(ranks, leaves, model.forward)

    def run(*tensors: Any) -> Any:
        if failure is not None:
            return run_as_far_as_possible(of_tensors, tensors, failure)
        returned = list(tensors_of(of_tensors(*tensors)))
        found.outputs = [path for path, _ in returned]
        return tuple(tensor for _, tensor in returned)

    own = model.__dict__.get("forward")
    model.forward = run
    try:
        if options.one_path:
            found.program, found.decided = export_one_path(model, examples, {}, options.opened)
        else:
            found.program = export_quickly(model, examples, {})
            if failure is None:
                found.others = at_other_sizes(model, examples, shown.value, found.program)
    finally:
        if own is None:
            del model.forward
        else:
            model.forward = own
    return found


def _takes_nothing(model: Any) -> bool:
    try:
        parameters = inspect.signature(model.forward).parameters.values()
    except (TypeError, ValueError):
        return False
    return not any(each.kind is not each.VAR_KEYWORD for each in parameters)


def example_shapes(model: Any) -> list[tuple[int, ...]]:
    """The first convolution's channels first, then what images usually are."""
    from torch import nn

    if told := getattr(model, "example_shapes", None):
        return list(told)
    shapes: list[tuple[int, ...]] = []
    convolutions = (nn.Conv1d, nn.Conv2d, nn.Conv3d)
    for part in model.modules():
        if isinstance(part, convolutions):
            if not part.in_channels:
                break  # a lazy one, which takes what it is given
            axes = convolutions.index(type(part)) + 1 if type(part) in convolutions else 2
            shapes.append((part.in_channels, *(SIDE[axes],) * axes))
            break
        if isinstance(part, nn.Linear):
            shapes.append((part.in_features,))
            break
    return list(dict.fromkeys([*shapes, *OTHER_SIZES]))
