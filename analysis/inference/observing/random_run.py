"""Runs a network with new weights on random numbers, forth and back, where memory allows."""

from __future__ import annotations

from analysis.facts import Facts, analyse
from analysis.faults import Fault
from analysis.inference.failures import fault_of
from analysis.inference.memory import estimate_bytes, free_bytes
from analysis.inference.observing.gradient import SEED, gradient
from analysis.inference.protocol.signal import SignalNumbers, SignalRequest
from analysis.inference.watch import Cancel
from analysis.network import Cancelled
from analysis.review import Signal

DEVICE = "cpu"
TIMES = 3
"""How many times a run's memory the way back takes, all that it reads being kept."""


def signal_of(asked: SignalRequest, cancelled: Cancel | None = None) -> SignalNumbers | Fault:
    """The answer to the question; a fault where the network cannot run. Raises Cancelled."""
    found = random_run(analyse(asked.graph), cancelled=cancelled)
    return found if isinstance(found, Fault) else SignalNumbers(**asked.run, signal=found)


def random_run(facts: Facts, seed: int = SEED, cancelled: Cancel | None = None) -> Signal | Fault:
    """What is observed, or why the network cannot be run so. Raises Cancelled."""
    for node in facts.stopped_by[:1]:
        fault = facts.layers[node].fault
        return Fault("graph-cannot-run", (node, fault.code if fault is not None else ""))
    needed, free = TIMES * estimate_bytes(facts), free_bytes(DEVICE)
    if free is not None and needed > free:
        return Fault("out-of-memory", (needed, free))
    try:
        return gradient(facts, seed, cancelled)
    except Cancelled:
        raise
    except Exception as error:  # noqa: BLE001 - whatever torch raises of what cannot be trained
        return fault_of(error, needed, DEVICE)
