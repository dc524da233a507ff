"""The table of all that a line may call, and of the words that it may say.

The rows name torch's own operators. None of them writes into a tensor, opens a file, or takes
anything but tensors, numbers, sizes and dtypes.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Way = Literal["both", "function", "method"]


@dataclass(frozen=True, slots=True)
class Function:
    """One operator of torch: how it is called, and the names of its arguments in order."""

    name: str
    arguments: tuple[str, ...] = ()
    way: Way = "both"
    makes: bool = False
    """Whether it makes a tensor of numbers alone, on the device it is told."""
    is_random: bool = False


def _rows(way: Way, makes: bool, lines: str) -> list[Function]:
    random = {"rand", "randn", "randint", "randperm", "normal", "rand_like", "randn_like"}
    rows = []
    for line in filter(None, map(str.strip, lines.splitlines())):
        name, *arguments = line.split()
        rows.append(Function(name, tuple(arguments), way, makes, name in random))
    return rows


FUNCTIONS: dict[str, Function] = {
    row.name: row
    for row in (
        *_rows(
            "function",
            True,
            """
            tensor data dtype
            zeros size dtype
            ones size dtype
            full size fill_value dtype
            eye n m dtype
            arange start end step dtype
            linspace start end steps dtype
            logspace start end steps base dtype
            rand size dtype
            randn size dtype
            randint low high size dtype
            randperm n dtype
            normal mean std size
            """,
        ),
        *_rows(
            "function",
            False,
            """
            zeros_like input dtype
            ones_like input dtype
            full_like input fill_value dtype
            rand_like input dtype
            randn_like input dtype
            cat tensors dim
            concat tensors dim
            stack tensors dim
            where condition input other
            """,
        ),
        *_rows(
            "method",
            False,
            """
            view shape
            expand sizes
            repeat sizes
            contiguous
            unfold dimension size step
            to dtype
            float
            double
            half
            int
            long
            bool
            size dim
            dim
            stride dim
            is_contiguous
            """,
        ),
        *_rows(
            "both",
            False,
            """
            reshape shape
            flatten start_dim end_dim
            unflatten dim sizes
            permute dims
            transpose dim0 dim1
            swapaxes axis0 axis1
            movedim source destination
            t
            squeeze dim
            unsqueeze dim
            broadcast_to size
            tile dims
            clone
            narrow dim start length
            select dim index
            flip dims
            roll shifts dims
            rot90 k dims
            tril diagonal
            triu diagonal
            diag diagonal
            numel
            sum dim keepdim dtype
            mean dim keepdim dtype
            prod dim keepdim dtype
            max dim keepdim other
            min dim keepdim other
            amax dim keepdim
            amin dim keepdim
            argmax dim keepdim
            argmin dim keepdim
            std dim correction keepdim unbiased
            var dim correction keepdim unbiased
            median dim keepdim
            sort dim descending
            topk k dim largest sorted
            cumsum dim dtype
            cumprod dim dtype
            softmax dim dtype
            log_softmax dim dtype
            abs
            neg
            exp
            log
            sqrt
            sin
            cos
            tan
            tanh
            sigmoid
            relu
            square
            round decimals
            floor
            ceil
            sign
            clamp min max
            add other alpha
            sub other alpha
            mul other
            div other rounding_mode
            pow exponent
            maximum other
            minimum other
            eq other
            ne other
            lt other
            le other
            gt other
            ge other
            isnan
            matmul other
            mm mat2
            bmm mat2
            mv vec
            dot other
            outer vec2
            """,
        ),
    )
}
"""By name. `max` and its like also answer (values, indices)."""

ATTRIBUTES = ("T", "mT", "shape", "ndim", "dtype", "values", "indices")
"""What stands behind a point without brackets."""

DTYPES = (
    "float16", "bfloat16", "float32", "float64", "int8", "uint8", "int16", "int32", "int64", "bool",
    "half", "float", "double", "short", "int", "long",
)  # fmt: skip
"""With `torch.` before them; without it `float`, `int` and `bool` are Python's own types."""

CONSTANTS = ("pi", "e", "inf", "nan")


def names() -> tuple[str, ...]:
    """Everything a line may name, in alphabetical order: for completion and for near misses."""
    return tuple(sorted({*FUNCTIONS, *ATTRIBUTES, *DTYPES, *CONSTANTS}))


def nearest(given: str, known: Iterable[str]) -> str:
    """The known name that is written most like `given`; empty where none is near."""
    return next(iter(difflib.get_close_matches(given, known, 1, 0.65)), "")
