"""Reads calls that draw random numbers: each becomes a noise of its own seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from analysis.exchange.aten.call import Found, Reader, Reading
from analysis.exchange.recorded import Foreign, node_of
from analysis.operators import Noise
from analysis.operators.noise import Distribution

Parameters = Callable[[Reading], tuple[Distribution, float, float]]


def _reader(parameters: Parameters) -> Reader:
    """Of the shape of a tensor that is read, else of the recorded one."""

    def read(reading: Reading) -> Found:
        shape = reading.call.values[0]
        if shape is None or len(shape.shape) < 2:
            raise Foreign
        distribution, low, high = parameters(reading)
        before = [call for call in reading.recording.calls if call.packet in RANDOM]
        seed = next(i for i, call in enumerate(before) if call is reading.call)
        like = node_of(reading.get("self"))
        if like is not None and like not in reading.recording.tensors:
            return Found(Noise(distribution, low, high, seed), (like,))
        return Found(Noise(distribution, low, high, seed, shape.shape[1:]), ())

    return read


def _plain(distribution: Distribution) -> Parameters:
    return lambda _: (distribution, 0.0, 1.0)


def _normal(reading: Reading) -> tuple[Distribution, float, float]:
    """`normal_`, and `normal` of two numbers."""
    mean, spread = reading.get("mean", 0.0), reading.get("std", 1.0)
    return "normal", _number(mean), _number(spread)


def _uniform(reading: Reading) -> tuple[Distribution, float, float]:
    return "uniform", _number(reading.get("from", 0.0)), _number(reading.get("to", 1.0))


def _bernoulli(reading: Reading) -> tuple[Distribution, float, float]:
    """Of one probability for all; that of a tensor of probabilities is another call."""
    return "bernoulli", _number(reading.get("p")), 1.0


def _number(given: object) -> float:
    if not isinstance(given, int | float):
        raise Foreign
    return float(given)


RANDOM: Mapping[str, Reader] = {
    "randn": _reader(_plain("normal")),
    "randn_like": _reader(_plain("normal")),
    "rand": _reader(_plain("uniform")),
    "rand_like": _reader(_plain("uniform")),
    "normal": _reader(_normal),
    "uniform": _reader(_uniform),
    "bernoulli": _reader(_bernoulli),
}
