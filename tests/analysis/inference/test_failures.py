"""Memory that runs out is said with the bytes that were wanted; every kind of question resolves."""

import importlib

import numpy as np
import pytest
import torch

from analysis.inference.failures import fault_of, tried_bytes
from analysis.inference.protocol.questions import QUESTIONS


def raised(make: object) -> Exception:
    with pytest.raises((RuntimeError, MemoryError)) as caught:
        make()  # type: ignore[operator]
    return caught.value


def test_the_bytes_that_an_allocator_was_asked_for_are_read_from_its_own_words() -> None:
    wanted = 1 << 50
    of_torch = raised(lambda: torch.empty(wanted, dtype=torch.uint8))
    of_numpy = raised(lambda: np.empty(wanted, np.uint8))
    assert tried_bytes(of_torch) == wanted
    assert tried_bytes(of_numpy) == wanted
    for error in (of_torch, of_numpy):
        fault = fault_of(error, 1000, "cpu")
        assert fault.code == "out-of-memory"
        assert fault.numbers[0] == wanted


def test_a_memory_error_without_a_number_is_said_with_the_estimate() -> None:
    assert fault_of(MemoryError(), 12345, "cpu").numbers[0] == 12345


@pytest.mark.parametrize("kind", QUESTIONS, ids=lambda kind: kind.question.__name__)
def test_the_function_that_a_row_names_is_there(kind) -> None:
    module, _, name = kind.answered_by.partition(":")
    assert callable(getattr(importlib.import_module(module), name))
