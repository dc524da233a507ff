"""Defines, reads and checks the options of the sub-commands."""

from __future__ import annotations

import argparse
import re
from typing import NoReturn

from viewer.command_line.shared.given_inputs import given_input
from viewer.command_line.shared.refusal import Refusal

MOST_AXIS = 1 << 31


class Parser(argparse.ArgumentParser):
    """A parser whose complaints are one line."""

    def error(self, message: str) -> NoReturn:
        raise Refusal(f"{message}. See `{self.prog} --help`.")


def numbers(text: str, what: str, least: int) -> tuple[int, ...]:
    """Whole numbers with commas between. Raises Refusal."""
    parts = [part.strip() for part in text.split(",")]
    if not all(re.fullmatch(r"-?\d{1,12}", part) for part in parts):
        raise Refusal(f"{what} is {text}; it takes whole numbers with commas, such as 3,256,256.")
    values = tuple(int(part) for part in parts)
    if min(values) < least or max(values) > MOST_AXIS:
        raise Refusal(f"{what} is {text}; its numbers go from {least} to {MOST_AXIS}.")
    return values


def size(text: str) -> tuple[int, ...]:
    """`C,H,W` (or `C`, `C,L`, `C,D,H,W`). Raises Refusal."""
    values = numbers(text, "--size", 1)
    if len(values) > 4:
        raise Refusal(f"--size is {text}; it takes C,H,W, or C,L, or C,D,H,W.")
    return values


def unit(text: str) -> tuple[int, ...]:
    """`Y,X`, one number a spatial axis. Raises Refusal."""
    return numbers(text, "--unit", -MOST_AXIS)


def pixel(text: str) -> tuple[int, ...]:
    """`Y,X` of the input, one number a spatial axis. Raises Refusal."""
    return numbers(text, "--projective", -MOST_AXIS)


def add_common(parser: argparse.ArgumentParser, *, output: str, answers: bool = True) -> None:
    """MODEL and the options that every sub-command has."""
    parser.add_argument(
        "model",
        metavar="MODEL",
        help="blueprint[:name=value,…], document.fieldglass, network.onnx, program.pt2, "
        "nnU-Net's plans.json[:configuration], file.py:callable or module:callable, the callable "
        "with literal arguments in parentheses where it needs some",
    )
    parser.add_argument("--size", metavar="C,H,W", type=size, help="the input")
    parser.add_argument("--weights", metavar="W.safetensors")
    parser.add_argument("--device", metavar="D", default="auto", help="auto|cpu|cuda[:N]|mps")
    parser.add_argument("--seed", metavar="N", type=int, default=None)
    parser.add_argument(
        "--input",
        metavar="NAME=VALUE",
        type=given_input,
        action="append",
        default=[],
        help="a further input: a number, a list, a .npy file or a picture; may be repeated",
    )
    parser.add_argument("--trust", action="store_true", help="run the code of a file.py")
    parser.add_argument(
        "--one-path",
        action="store_true",
        help="of a model that decides by values: what it does for a black image",
    )
    parser.add_argument("-o", "--output", metavar="OUT", help=output)
    if answers:
        parser.add_argument(
            "--format", choices=("table", "json", "csv"), default="table", help="of the answer"
        )
