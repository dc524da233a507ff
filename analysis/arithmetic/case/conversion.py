"""Converts a case to the operation with the transposed matrix, or to another kind of operation."""

from __future__ import annotations

from dataclasses import replace

from analysis.arithmetic.case.case import Case, Kind


def transposed_case(case: Case) -> Case | None:
    """The transposed convolution of a convolution and the reverse: its matrix is transposed.

    Its output has the input's shape; the cells that a stride does not reach become output padding
    (relationship 14 of Dumoulin and Visin). None of a pooling, and of a transposed convolution
    whose output padding is no less than its stride: a convolution would make more than its input.
    """
    if case.kind == "pool":
        return None
    forth = case.kind == "transposed"
    left = tuple(
        0 if forth else (i + 2 * p - e) % s
        for i, p, e, s in zip(case.in_size, case.padding, case.extent, case.stride, strict=True)
    )
    turned = replace(
        case,
        kind="conv" if forth else "transposed",
        in_size=case.out_size,
        output_padding=left,
        channels=(case.channels[1], case.channels[0]),
        bias=False,
    )
    return turned if turned.out_size == case.in_size else None


def as_kind(case: Case, kind: Kind) -> Case:
    """Another kind with the settings both have; it need not be possible."""
    zeros = (0,) * case.rank
    channels = (case.channels[0],) * 2 if kind == "pool" else case.channels
    flags = {"groups": 1, "bias": False} if kind == "pool" else {}
    return replace(case, kind=kind, output_padding=zeros, channels=channels, **flags)  # type: ignore[arg-type]
