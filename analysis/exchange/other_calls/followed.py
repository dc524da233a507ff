"""Tells of a recorded call that none of ours stands for which of its input each value reads."""

from __future__ import annotations

from dataclasses import dataclass, replace

from analysis.exchange.aten.call import Found
from analysis.exchange.layout import Layout
from analysis.exchange.recorded import Call, Recording, Value
from analysis.operators import FollowedCall, Opaque
from analysis.operators.contract import Shape
from analysis.operators.followed import Order
from analysis.operators.given import own_shape

OF_EACH = frozenset((
    *("add", "sub", "mul", "div", "rsub", "pow", "maximum", "minimum", "fmax", "fmin", "clamp"),
    *("where", "masked_fill", "lerp", "addcmul", "addcdiv", "remainder", "fmod", "hypot", "atan2"),
    *("eq", "ne", "lt", "le", "gt", "ge", "sign", "floor", "ceil", "round", "trunc", "frac"),
    *("isnan", "isinf", "isfinite", "nan_to_num", "logical_and", "logical_or", "logical_not"),
    *("logical_xor", "bitwise_and", "bitwise_or", "bitwise_not", "heaviside", "copysign"),
    *("atan", "asin", "acos", "tan", "sinh", "cosh", "asinh", "acosh", "atanh", "erfc", "erfinv"),
    *("exp2", "log2", "log10", "xlogy", "logaddexp", "logit", "tanhshrink", "softsign"),
    *("real", "imag", "complex", "polar", "conj", "angle", "abs", "neg", "exp", "square"),
    *("zeros_like", "ones_like", "full_like", "to", "_to_copy", "type_as"),
))  # fmt: skip
"""Packets of which a value reads the values at its own place."""
ALONG: dict[str, Order] = {
    **dict.fromkeys(("sort", "topk", "argsort"), "whole"),
    **dict.fromkeys(("cumsum", "cumprod", "cummax", "cummin", "logcumsumexp"), "before"),
    "flip": "reversed",
    **dict.fromkeys(
        ("linalg_vector_norm", "norm", "std", "var", "std_mean", "var_mean"), "reduced"
    ),
    **dict.fromkeys(("max", "min", "amax", "amin", "argmax", "argmin", "median"), "reduced"),
    **dict.fromkeys(("sum", "mean", "prod", "logsumexp", "any", "all", "nansum"), "reduced"),
}
"""Packets of which a value reads along axes, and how."""
SPECTRA = frozenset(
    f"fft_{kind}{axes}" for kind in ("fft", "ifft", "rfft", "irfft") for axes in ("", "2", "n")
)
"""Packets of Fourier transforms, of which a value reads the whole of its axes."""
KEEPS = "keepdim"


@dataclass(frozen=True)
class Followed:
    """The operator of a call, and how what the call gives lies on its map, where not plainly."""

    found: Found
    kept: Shape
    dims: tuple[int, ...] | None = None
    """The axes of the operator's tensor, batch first, that the call leaves."""

    def layout(self, node_id: str) -> Layout | None:
        """Of what the call gives, `node_id` being the operator's node."""
        if self.dims is None:
            return None
        whole = Layout.plain(node_id, own_shape(self.kept))
        return whole.with_dims(tuple(whole.dims[at] for at in self.dims))


def followed(found: Found, call: Call, value: Value, recording: Recording) -> Followed | None:
    """The opaque operator of a call as one whose values are followed; None where they are not."""
    if call.packet in ("cat", "concat"):
        return _joined(call, value, recording)
    opaque = found.operator
    assert isinstance(opaque, Opaque)
    source = recording.values.get(found.inputs[0]) if found.inputs else None
    if source is None or value.shape[:1] != (1,):
        return None
    alike = {name: getattr(opaque, name) for name in ("target", "template", "weights", "result")}
    operator = FollowedCall(**alike, ports_count=opaque.ports_count, held=opaque.held)
    if call.packet in SPECTRA:
        return _spectrum(operator, found, call, value, recording)
    order = ALONG.get(call.packet)
    if order is None or "other" in call.arguments:
        is_known = call.packet in OF_EACH or (order is not None and "other" in call.arguments)
        return _fitting(operator, found, value.shape, recording) if is_known else None
    rank, said = len(source.shape), call.get("dim", call.get("dims"))
    if (said is None and order == "reduced") or rank < 2:
        return None
    given = -1 if said is None else said
    over = {int(each) % rank for each in (given if isinstance(given, list) else [given])}
    of_all = order == "reduced" and len(over) == rank and call.get(KEEPS) is True
    if (0 in over and not of_all) or not over or source.shape[0] != 1:
        return None
    axes = tuple(sorted(each - 1 for each in over if each))
    length = int(call.get("k")) if call.packet == "topk" else None
    operator = replace(operator, axes=axes, order=order, length=length)
    if order != "reduced":
        return _fitting(operator, found, value.shape, recording)
    kept = tuple(1 if at in over else size for at, size in enumerate(source.shape))
    if kept == value.shape:
        return _fitting(operator, found, kept, recording)
    template = _keeping(call, operator)
    if template is None:
        return None
    dims = tuple(at for at in range(rank) if at not in over)
    fitting = _fitting(replace(operator, template=template), found, kept, recording)
    return None if fitting is None else replace(fitting, dims=dims)


def _spectrum(
    operator: FollowedCall, found: Found, call: Call, value: Value, recording: Recording
) -> Followed | None:
    """A Fourier transform along some axes."""
    axes = tuple(sorted({each - 1 for each in axes_of_transform(call, len(value.shape))}))
    before = recording.values[found.inputs[0]]
    if before is None or not axes or axes[0] < 0 or len(found.inputs) > 1:
        return None
    output, expects = own_shape(value.shape), (own_shape(before.shape),)
    operator = replace(operator, axes=axes, order="spectrum", output=output, expects=expects)
    return _fitting(operator, found, value.shape, recording)


def axes_of_transform(call: Call, rank: int) -> list[int]:
    """The axes of a tensor, batch first, that a Fourier transform goes along, in its order."""
    usual = [-2, -1] if call.packet.endswith("2") else -1
    given = call.get("dim", None if call.packet.endswith("n") else usual)
    sizes = call.get("s") if call.packet.endswith("n") else None
    last = range(-len(sizes), 0) if sizes else range(1, rank)
    over = last if given is None else given if isinstance(given, list) else [given]
    return [int(each) % rank for each in over]


def _joined(call: Call, value: Value, recording: Recording) -> Followed | None:
    """Maps that stand one after the other along a spatial axis."""
    names, rank = tuple(call.sources()), len(value.shape)
    axis = int(call.get("dim", 0)) % rank - 1 if rank else 0
    if axis < 1 or any(name in recording.tensors for name in names):
        return None
    return _fitting(FollowedCall.join(axis, len(names)), Found(Opaque(), names), value.shape,
                    recording)  # fmt: skip


def _fitting(
    operator: FollowedCall, found: Found, shape: Shape, recording: Recording
) -> Followed | None:
    """What was found, if it gives the shape of the call."""
    values = [recording.values[name] for name in found.inputs]
    shapes = [own_shape(value.shape) for value in values if value is not None]
    if len(shapes) < len(values) or operator.shape(shapes) != own_shape(shape):
        return None
    return Followed(replace(found, operator=operator), shape)


def _keeping(call: Call, operator: FollowedCall) -> tuple[tuple[object, ...], ...] | None:
    """The template of the call that keeps the axes it reduces, with length 1."""
    names = list(call.arguments)
    place = names.index(KEEPS) if KEEPS in names else None
    template = list(operator.template)
    if place is not None and place < len(call.positional):
        template[place] = ("value", True)
    elif call.target.endswith((".dim", ".dim_IntList", ".default", ".correction", ".dims")):
        template = [each for each in template if each[:2] != ("keyword", KEEPS)]
        template.append(("keyword", KEEPS, ("value", True)))
    else:
        return None
    return tuple(template)
