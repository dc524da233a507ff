"""`fieldglass` on the command line: the window, or an analysis without one."""

from __future__ import annotations

import argparse
import contextlib
import difflib
import gc
import importlib
import os
import re
import sys
from collections.abc import Sequence
from types import ModuleType

from analysis.storage import path_check
from analysis.storage.regular_file import special_fault
from viewer.command_line.shared.arguments import Parser
from viewer.command_line.shared.output_encoding import use_any_encoding
from viewer.command_line.shared.refusal import Refusal
from viewer.drawing.files import formats
from viewer.drawing.files.file_format import endings
from viewer.text import languages

SUB_COMMANDS = {
    "describe": "layers: shape, parameters, multiply-accumulates, memory",
    "field": "receptive fields: every layer, one layer, or one unit",
    "train": "a training recipe, with twins: weights, curves and a report",
    "run": "the output and the feature-map mosaic of an image, as PNG and .npy",
    "skips": "every measure of every skip on an image",
    "study": "skip worth, effective fields, dead channels over a folder of images",
    "arithmetic": "one convolution, transposed convolution or pooling, computed",
    "animate": f"its animation: {' '.join(endings(formats.ANIMATIONS))}",
    "diagram": f"the network as a figure: {' '.join(endings(formats.DIAGRAMS))}",
    "compare": "what differs between two models: operators, parameters, fields, outputs",
    "review": "what an experienced colleague would remark, each with its numbers",
    "lesson": "check a lesson's folder: lesson check DIR",
    "convert": "the model as .fieldglass, .py, .onnx, .pt2 or .safetensors",
}
WITHOUT_QT = ("analysis.facts", "analysis.storage.document", "analysis.layout")
"""What the window is going to need and Qt has no part in."""
CALL = re.compile(r"(.+?\.py):.+", re.IGNORECASE | re.DOTALL)
"""A file with what of it makes the model, as `net.py:UNet(3, 2)`."""
DEVICE_NAME = r"auto|cpu|mps|cuda(:[0-9]{1,3})?"
_OPTIONS = "|".join(row.option for row in languages.LANGUAGES)
USAGE = (
    f"fieldglass [FILE ...] [--image IMG] [--lang {_OPTIONS}] [--device auto|cpu|cuda[:N]|mps]\n"
    "       fieldglass COMMAND MODEL ..."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what is asked; 0 when done (`review` also 1), 2 for what cannot be, with one line."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    use_any_encoding()
    try:
        status = _do(given)
        sys.stdout.flush()
    except Refusal as refusal:
        return _say(refusal.line())
    except KeyboardInterrupt:
        return _say("interrupted; nothing half-written is left.")
    except BrokenPipeError:
        # Nobody reads any more: the interpreter's own last flush must not complain either.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except MemoryError:
        return _say("this machine has not enough memory for that. A smaller --size works.")
    except RecursionError:
        return _say("this network is nested too deeply to be read.")
    except Exception as error:  # noqa: BLE001 - the outermost place: never a traceback
        text = " ".join(f"{type(error).__name__}: {error}".split())
        return _say(f"an error of its own ({text}).")
    return status


def _say(line: str) -> int:
    from viewer.text.escaping import terminal_line

    with contextlib.suppress(OSError):
        sys.stderr.write(f"fieldglass: {terminal_line(line)}\n")
    return 2


def _do(given: list[str]) -> int:
    name = given[0] if given else ""
    try:
        if name in SUB_COMMANDS:
            command = _command(name)
            parser = Parser(prog=f"fieldglass {name}", description=SUB_COMMANDS[name])
            command.add(parser)
            return command.run(parser.parse_args(given[1:])) or 0
        if name in ("-h", "--help"):
            sys.stdout.write(_help())
            return 0
        if name == "--version":
            from importlib.metadata import version

            sys.stdout.write(f"fieldglass {version('fieldglass')}\n")
            return 0
    except SystemExit as end:  # --help and --list end argparse's way
        return int(end.code or 0)
    return _window(given)


def _command(name: str) -> ModuleType:
    """The module of a sub-command, loaded when it is asked for."""
    return importlib.import_module(f"viewer.command_line.commands.{name}")


def _help() -> str:
    width = max(map(len, SUB_COMMANDS))
    lines = [f"  {name.ljust(width)}  {text}" for name, text in SUB_COMMANDS.items()]
    files = "Without a command the window opens; FILE is a document, a .py model or an image."
    more = "`fieldglass COMMAND --help` says more of each."
    return "\n".join([f"usage: {USAGE}", "", files, "", *lines, "", more, ""])


# ------------------------------------------------------------------------------ the window


def _window(given: list[str]) -> int:
    """Open the window; what cannot be is said before it is tried."""
    parser = Parser(prog="fieldglass", usage=USAGE, add_help=False)
    parser.add_argument("files", nargs="*")
    parser.add_argument("--image")
    parser.add_argument("--lang", choices=[row.option for row in languages.LANGUAGES])
    parser.add_argument("--device")
    asked = parser.parse_args(given)
    _check_files(asked)
    if asked.device is not None and not re.fullmatch(DEVICE_NAME, asked.device):
        raise Refusal(
            f"--device {asked.device} is none; auto, cpu, cuda, cuda:N and mps are known."
        )
    if not _has_display():
        raise Refusal(
            f"There is no display for the window. {', '.join(SUB_COMMANDS)} work without one."
        )
    return int(_app().main(given))


def _app() -> ModuleType:
    """The window's code, after what needs no Qt.

    PySide reads the source of every module imported after it, to see whether it uses Qt; of
    numpy's hundred and our own that took longer than importing them. What is imported stays, so
    that looking for garbage among it is in vain, now and later.
    """
    gc.disable()
    try:
        for name in WITHOUT_QT:
            importlib.import_module(name)
        importlib.import_module("viewer.shell.window")
        return importlib.import_module("viewer.app")
    except ImportError as error:
        raise Refusal(
            f"The window cannot load: {error}. `make run` installs what it needs."
        ) from error
    finally:
        gc.freeze()
        gc.enable()


def _check_files(asked: argparse.Namespace) -> None:
    for name in asked.files:
        if path_check.exists(name) or path_check.is_file(CALL.sub(r"\1", name)):
            continue
        near = difflib.get_close_matches(name, SUB_COMMANDS, n=1)
        hint = f" Is {near[0]} meant?" if near else f" Commands are {', '.join(SUB_COMMANDS)}."
        raise Refusal(f"There is no file {name}.{hint}")
    if asked.image is not None and not path_check.exists(asked.image):
        raise Refusal(f"There is no image file {asked.image}.")
    for name in [*asked.files, asked.image or ""]:
        if special := special_fault(name):
            raise Refusal(special)


def _has_display() -> bool:
    """Qt ends the process where it finds no display, so it is asked for first."""
    if not sys.platform.startswith(("linux", "freebsd")):
        return True
    return any(os.environ.get(n) for n in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
