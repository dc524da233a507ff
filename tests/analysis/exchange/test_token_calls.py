"""Calls on tensors that are no feature maps, read by hand."""

import pytest

from analysis.exchange.aten.call import Reading
from analysis.exchange.aten.read import read
from analysis.exchange.recorded import Call, Foreign, Recording, Value
from analysis.exchange.token_calls import read_of_tokens


@pytest.mark.parametrize("dim", [0, -1])
def test_the_softmax_of_one_number_is_no_operator(dim: int) -> None:
    number, source = Value((), "float32"), {"node": "sum"}
    arguments = {"self": source, "dim": dim}
    target = "aten.softmax.int"
    call = Call("softmax", target, (source, dim), {}, arguments, False, (number,), False)
    recording = Recording(values={"sum": number, "softmax": number})
    assert read_of_tokens(Reading(call, recording)) is None
    with pytest.raises(Foreign):
        read(call, recording)
