"""Answers what a line of the tensor pad comes to."""

from __future__ import annotations

from analysis.inference.protocol.tensor_line import TensorLine, TensorLineRequest
from analysis.inference.watch import Cancel
from analysis.network import Cancelled
from analysis.tensor_pad.evaluation import run_line
from analysis.tensor_pad.parsing import parse
from analysis.tensor_pad.refusal import Refusal


def tensor_line(asked: TensorLineRequest, cancelled: Cancel | None = None) -> TensorLine:
    """The line, read here once more and run. Raises Cancelled."""
    line = parse(asked.text)
    result = line if isinstance(line, Refusal) else run_line(line, asked.seed, cancelled)
    if result is None:
        raise Cancelled
    return TensorLine(**asked.run, result=result)
