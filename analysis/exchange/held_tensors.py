"""Makes operators that give a tensor of the model itself, or numbers looked up in one."""

from __future__ import annotations

from analysis.exchange.aten.call import Found
from analysis.exchange.on_maps import OnMaps
from analysis.exchange.recorded import Recording
from analysis.operators import Attention, Opaque
from analysis.operators.given import own_shape


def held_tensor(name: str, recording: Recording) -> Found:
    """The operator that gives a tensor of the model."""
    shape = recording.tensors[name][1].shape
    operator = Opaque(
        template=(("weight", "value"),),
        output=own_shape(shape),
        weights=(("value", shape),),
        ports_count=0,
        held=("value",) if name in recording.held else (),
    )
    return Found(operator, (), {"value": name})


def looks_up(found: Found | OnMaps, recording: Recording) -> bool:
    """Whether a weight has numbers of a parameter more than once, and the operator not."""
    copied = [recording.copied.get(tensor) for tensor in found.weights.values()]
    several = any(each is not None and each.places is not None for each in copied)
    return several and not isinstance(found.operator, Attention)


def looked_up(name: str, recording: Recording) -> Found | None:
    """The operator that looks a tensor up in its parameter, whose table is what is trained.

    None where it is no such tensor.
    """
    copied = recording.copied.get(name)
    if copied is None or copied.places is None:
        return None
    shape, table = (recording.tensors[each][1].shape for each in (name, copied.of))
    operator = Opaque(
        target="aten.take.default",
        template=(("weight", "bias0"), ("weight", "places0")),  # as an attention calls them
        output=own_shape(shape),
        weights=(("bias0", table), ("places0", shape)),
        ports_count=0,
        held=("places0",),
    )
    return Found(operator, (), {"bias0": copied.of, "places0": copied.places})
