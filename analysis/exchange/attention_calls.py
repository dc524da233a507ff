"""Finds attention in recorded calls: torch's own, or products and a softmax written out."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import prod

from analysis.exchange.aten.call import Reading
from analysis.exchange.layout import Layout
from analysis.exchange.on_maps import LayoutOf, OnMaps
from analysis.exchange.recorded import Call, Foreign, node_of
from analysis.operators import Attention
from analysis.operators.attention import Bias
from analysis.operators.contract import Shape

PRODUCTS = ("matmul", "bmm", "einsum")
LAID_OUT = ("view", "reshape", "_unsafe_view", "unsqueeze", "squeeze", "expand")
KEPT = ("contiguous", "clone", "alias", "to", "_to_copy", "type_as")


@dataclass
class _Scores:
    """What is known of the scores, from the softmax back to the product of queries and keys."""

    scale: float = 1.0
    biases: list[tuple[str, Shape]] = field(default_factory=list)
    """Their tensors, each with the shape that the scores have where it is added."""
    causal: bool = False


def read_attention(reading: Reading, layout_of: LayoutOf) -> OnMaps:
    """The attention that a call ends. Raises Foreign where it ends none."""
    try:
        if reading.call.packet == "scaled_dot_product_attention":
            return _own(reading, layout_of)
        if reading.call.packet in PRODUCTS:
            return _written_out(reading, layout_of)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise Foreign from error
    raise Foreign


def _own(reading: Reading, layout_of: LayoutOf) -> OnMaps:
    if reading.get("dropout_p", 0.0):
        raise Foreign
    query, key, value = (layout_of(reading.data(name)) for name in ("query", "key", "value"))
    causal = bool(reading.get("is_causal", False))
    scores = _Scores(float(reading.get("scale", query.recorded[-1] ** -0.5)), causal=causal)
    mask = node_of(reading.get("attn_mask"))
    if mask is not None:
        scores.biases.append((mask, (*query.recorded[:-1], key.recorded[-2])))
    return _attention(reading, scores, query, key, value)


def _written_out(reading: Reading, layout_of: LayoutOf) -> OnMaps:
    weights, values = _factors(reading.call)
    if values.transposed:
        raise Foreign
    scores = _Scores()
    product = _scores(reading, weights.name, scores)
    queries, keys = _factors(product)
    query, key = layout_of(queries.name), layout_of(keys.name)
    if not keys.transposed:  # a product with what is already kᵀ
        rank = len(key.dims)
        key = key.permuted([*range(rank - 2), rank - 1, rank - 2])
    return _attention(reading, scores, query, key, layout_of(values.name))


@dataclass(frozen=True)
class _Factor:
    name: str
    transposed: bool = False


def _factors(call: Call) -> tuple[_Factor, _Factor]:
    """The two factors of a product over the last axis of the first of them."""
    if call.packet != "einsum":
        first, second = call.sources()
        return _Factor(first), _Factor(second)
    first, second = call.sources()
    sides, _, result = str(call.get("equation")).replace(" ", "").partition("->")
    one, _, other = sides.partition(",")
    lead, last = one[:-1], one[-1]
    if other[:-2] == one[:-2] and len(result) > 2:
        if other[-1] == last and result == lead + other[-2]:
            return _Factor(first), _Factor(second, transposed=True)
        if other[-2] == last and result == lead + other[-1]:
            return _Factor(first), _Factor(second)
    raise Foreign


def _scores(reading: Reading, name: str, found: _Scores) -> Call:
    """The product that the scores begin with; what is done to it goes into `found`."""
    softmax = False
    shape = reading.recording.values[name]
    while (call := reading.made_by(name)) is not None:
        value = call.values[0]
        if value is None or shape is None or value.shape[-2:] != shape.shape[-2:]:
            raise Foreign
        if call.packet in PRODUCTS and softmax:
            return call
        if call.packet in ("softmax", "_softmax") and not softmax:
            softmax = call.get("dim") in (-1, len(value.shape) - 1)
        elif (call.packet == "dropout" and not call.get("train", False)) or call.packet in KEPT:
            pass
        elif softmax and call.packet in ("add", "mul", "div"):
            _arithmetic(reading, call, value.shape, found)
        elif call.packet not in LAID_OUT:
            raise Foreign
        name = node_of(call.get("self", call.get("input"))) or ""
    raise Foreign


def _arithmetic(reading: Reading, call: Call, shape: Shape, found: _Scores) -> None:
    other = call.get("other")
    bias = node_of(other)
    if call.packet == "add" and bias in reading.recording.tensors and call.get("alpha", 1) == 1:
        if found.scale != 1:  # what is scaled after a bias is not scaled alone
            raise Foreign
        found.biases.insert(0, (bias or "", shape))
    elif call.packet in ("mul", "div") and isinstance(other, int | float) and other:
        found.scale *= other if call.packet == "mul" else 1 / other
    else:
        raise Foreign


# ------------------------------------------------------------------------------- as maps


def _attention(
    reading: Reading, scores: _Scores, query: Layout, key: Layout, value: Layout
) -> OnMaps:
    kinds = [_tokens(each) for each in (query, key, value)]
    heads, window = kinds[0]
    if kinds[1] != kinds[0] or kinds[2][0] != heads or (window and kinds[2][1] != window):
        raise Foreign
    tensors, held = reading.recording.tensors, reading.recording.held
    biases: list[Bias] = []
    for name, shape in scores.biases:
        size, dtype = tensors[name][1].shape, tensors[name][1].dtype
        if dtype != "float32" or shape[0] not in (1, _windows(query, window)):
            raise Foreign
        copied = reading.recording.copied.get(name)
        if copied is not None and copied.places is not None:
            biases.append((size, shape, True, tensors[copied.of][1].shape))
        else:
            biases.append((size, shape, name not in held))
    result = query.resized(-1, value.recorded[-1])
    sides = window or query.shape[1:]
    causal = sum(side > 1 for side in sides) if scores.causal else 0
    operator = Attention(heads, scores.scale, window, tuple(biases), causal)
    if operator.shape([query.shape, key.shape, value.shape]) != result.shape:
        raise Foreign
    if reading.call.values[0] is None or reading.call.values[0].shape != result.recorded:
        raise Foreign
    weights = _bias_tensors(reading, scores)
    return OnMaps(operator, (query, key, value), result, weights)


def _bias_tensors(reading: Reading, scores: _Scores) -> dict[str, str]:
    """The tensors of the biases; of one that is looked up in a parameter that, and the places."""
    found = {}
    for number, (name, _) in enumerate(scores.biases):
        copied = reading.recording.copied.get(name)
        found[f"bias{number}"] = name
        if copied is not None and copied.places is not None:
            found |= {f"bias{number}": copied.of, f"places{number}": copied.places}
    return found


def _windows(layout: Layout, window: Shape) -> int:
    return prod(layout.shape[1:]) // prod(window) if window else 1


def _tokens(layout: Layout) -> tuple[int, Shape]:
    """(heads, window) of a tensor (windows, heads, pixels, channels); () is the whole map."""
    if layout.folded or len(layout.axes) < 2 or len(layout.dims) < 2:
        raise Foreign
    pixels, channels = layout.dims[-2], layout.dims[-1]
    lead = sum(layout.dims[:-2], ())
    heads = tuple(atom for atom in lead if atom in layout.axes[0])
    outer = tuple(atom for atom in lead if atom not in heads)
    if lead != outer + heads or layout.axes[0] != heads + channels:
        raise Foreign
    spatial = layout.axes[1:]
    if pixels != tuple(a for axis in spatial for a in axis if a in pixels):
        raise Foreign
    if outer != tuple(a for axis in spatial for a in axis if a in outer):
        raise Foreign
    for axis in spatial:  # the windows of an axis are its outer part
        inside = [atom in pixels for atom in axis]
        if inside != sorted(inside) or not set(axis) <= {*pixels, *outer}:
            raise Foreign
    count = prod(layout.sizes[atom] for atom in heads)
    sides = tuple(prod(layout.sizes[a] for a in axis if a in pixels) for axis in spatial)
    return count, sides if outer else ()
