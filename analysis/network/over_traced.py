"""A checkpoint over the weights of a model that was read: what it computes is kept or made anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from analysis.network.checkpoint import Entry, fit
from analysis.operators.contract import Shape
from analysis.storage.computed_tensors import ASIDE, Computed
from analysis.storage.weights_report import WeightsReport

ALLOWED = frozenset((
    *("index", "index_select", "gather", "select", "slice", "narrow", "unbind", "split", "chunk"),
    *("view", "reshape", "_unsafe_view", "flatten", "unflatten", "squeeze", "unsqueeze", "permute"),
    *("transpose", "t", "movedim", "expand", "repeat", "flip", "roll", "contiguous", "clone"),
    *("alias", "detach", "embedding", "cat", "stack", "to", "_to_copy", "lift_fresh_copy"),
    *("add", "sub", "rsub", "mul", "div", "neg", "abs", "pow", "square", "sqrt", "rsqrt", "exp"),
    *("log", "reciprocal", "sigmoid", "tanh", "relu", "softplus", "softmax", "_softmax", "clamp"),
    *("clamp_min", "clamp_max", "minimum", "maximum", "where", "masked_fill", "sin", "cos"),
    *("mm", "mv", "bmm", "matmul", "dot", "vdot", "addmm", "addmv", "einsum", "linear", "outer"),
    *("sum", "mean", "var", "std", "amax", "amin", "var_mean", "prod", "norm", "linalg_norm"),
    *("linalg_vector_norm", "_weight_norm", "_weight_norm_interface", "norm_except_dim"),
    *("triu", "tril", "diagonal", "layer_norm", "native_layer_norm", "gelu"),
    *("silu", "upsample_bicubic2d", "upsample_bilinear2d", "upsample_nearest2d"),
    *("expand_as", "view_as", "type_as", "zeros_like", "ones_like", "full_like", "pad"),
))  # fmt: skip
"""ATen calls that only compute: a file names calls, and no other of them is made."""


def read_computed(path: str | Path) -> Computed | None:
    """What a weights file says of its computed tensors; None for most files."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, "pt") as file:
            return Computed.read(file.metadata() or {})
    except (OSError, SafetensorError):
        return None


def over_traced(
    base: Path, computed: Computed, entries: tuple[Entry, ...], wanted: Mapping[str, Shape]
) -> tuple[dict[str, Tensor], Computed]:
    """The tensors of a file that fit, with those that the model computes, and what says so of them.

    `base` is the file of the weights that the network had, which says `computed`. What is made of
    tensors that the new file has is computed anew; where that cannot be done it is kept and `stale`
    in the report. A file of weights that were trained here holds computed tensors itself.
    """
    held = _computed_tensors(base, computed, wanted)
    own = {key for key in held if not key.startswith(ASIDE)}
    given = own.intersection(fit(entries, wanted)[0])  # trained here: the file has them themselves
    names = {key: shape for key, shape in wanted.items() if key not in own - given}
    used = {name for key in own - given for name in computed.of[key]}
    names |= {name: shape for name, shape in computed.shapes.items() if name in used}
    found, report = fit(entries, names)
    made, stale = _anew(computed, own - given, found, held)
    unexpected = tuple(n for n in report.unexpected if not _is_own(n, report.prefix, computed))
    told = replace(report, unexpected=unexpected, stale=stale)
    kept = {key: tensor for key, tensor in found.items() if key in wanted}
    return {**held, **kept, **made}, replace(computed, report=told)


def record_beside(base: Path | None) -> tuple[dict[str, Tensor], dict[str, str] | None]:
    """What goes along with trained weights of the network whose own are `base`, and metadata.

    So a checkpoint over the trained ones is computed anew as over the first. Mostly nothing.
    """
    computed = None if base is None else read_computed(base)
    if base is None or computed is None:
        return {}, None
    return _computed_tensors(base, computed, {}), replace(computed, report=None).metadata()


def _is_own(name: str, prefix: str, computed: Computed) -> bool:
    """Whether a name in the file is one that the model has, although no operator reads it.

    The dictionaries that a tensor lies in are in the prefix, and may not be in its name.
    """
    parts = prefix.split(".") if prefix else []
    starts = ["", *(".".join(parts[at:]) + "." for at in range(len(parts)))]
    return any(name.startswith(s) and name[len(s) :] in computed.known for s in starts)


def with_history(report: WeightsReport, path: str | Path) -> WeightsReport:
    """The report of a file that was made of a checkpoint: what became of that one's tensors."""
    computed = read_computed(path)
    if computed is None or computed.report is None:
        return report
    told = computed.report
    known = {*told.missing, *(name for name, *_ in told.other_shape)}
    if report.other_shape or not known.issuperset(report.missing):
        return replace(report, stale=told.stale)  # the network was changed since
    return told


def _computed_tensors(
    base: Path, computed: Computed, wanted: Mapping[str, Shape]
) -> dict[str, Tensor]:
    """Those that the network still reads in that shape, and what lies beside them."""
    from safetensors import safe_open

    with safe_open(base, "pt") as file:
        keys = [k for k in file.keys() if k.startswith(ASIDE) or (k in computed.of and k in wanted)]  # noqa: SIM118
        held: dict[str, Tensor] = {key: file.get_tensor(key) for key in keys}
    return {
        key: tensor
        for key, tensor in held.items()
        if key.startswith(ASIDE) or tuple(tensor.shape) == wanted[key]
    }


def _anew(
    computed: Computed, own: set[str], found: Mapping[str, Tensor], held: Mapping[str, Tensor]
) -> tuple[dict[str, Tensor], tuple[str, ...]]:
    """What can be computed of the found tensors, and the keys of what should be and cannot."""
    values: dict[str, Tensor] = {
        name: found[source] for name, source in computed.sources.items() if source in found
    }
    # Sources in a shorter type were made float32 before the model was run, too.
    values = {k: v.float() if v.is_floating_point() else v for k, v in values.items()}
    values |= {k[len(ASIDE) :]: tensor for k, tensor in held.items() if k.startswith(ASIDE)}
    with torch.no_grad():
        for name, call in computed.steps:
            made = _made(call, values)
            if made is not None:
                values[name] = made
    anew: dict[str, Tensor] = {}
    stale: list[str] = []
    for key in computed.of:
        if key not in own or not any(source in found for source in computed.of[key]):
            continue
        value = values.get(computed.makes.get(key, ""))
        if value is not None and value.shape == held[key].shape:
            anew[key] = value.to(held[key].dtype).contiguous()
        else:
            stale.append(key)
    return anew, tuple(stale)


def _made(call: Mapping[str, Any], values: Mapping[str, Tensor]) -> Tensor | None:
    """What a recorded call gives of these; None where it cannot be made."""
    space, _, rest = str(call.get("target")).partition(".")
    packet, _, overload = rest.partition(".")
    if space != "aten" or packet not in ALLOWED:
        return None
    try:
        target = getattr(getattr(torch.ops.aten, packet), overload or "default")
        args = _given(call["args"], values)
        kwargs = {name: _given(each, values) for name, each in call["kwargs"].items()}
        made = target(*args, **kwargs)
        made = made[call["item"]] if "item" in call else made
    except (AttributeError, KeyError, RuntimeError, TypeError, ValueError, IndexError):
        return None
    return made if isinstance(made, Tensor) else None


def _given(argument: Any, values: Mapping[str, Tensor]) -> Any:
    """One argument. Raises KeyError for a tensor that is not there, AttributeError, ValueError."""
    if isinstance(argument, Sequence) and not isinstance(argument, str):
        return [_given(each, values) for each in argument]
    if not isinstance(argument, Mapping):
        return argument
    if "node" in argument:
        return values[argument["node"]]
    if "torch" in argument:
        return getattr(torch, argument["torch"])
    if "device" in argument:
        return torch.device("cpu")
    raise ValueError(argument)
