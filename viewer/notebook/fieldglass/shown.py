"""Hands a PyTorch model to the window: the running one, or one that is started for it."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.exchange.torch_module import Traced

STARTING = 60.0
"""Seconds in which a window that is started must listen."""
PATIENCE = 15.0
"""Seconds in which a running window must have taken a model."""
LOOK_EVERY = 0.1
_starting = threading.Lock()


class ShowError(RuntimeError):
    """Why a model cannot be shown, in one sentence."""


@dataclass(frozen=True)
class Shown:
    """A model that was handed to the window; a notebook shows its figure.

    `name` is what the window calls it. `in_window` is False where there is no display: then only
    the figure is shown.
    """

    name: str
    document: Path
    in_window: bool

    def _repr_html_(self) -> str:
        """The figure as `fieldglass diagram` draws it, for Jupyter and VS Code."""
        svg = _figure(self.document)
        data = base64.b64encode(svg).decode()
        alt = re.sub(r"[^\w .-]", " ", self.name)
        return f'<img alt="{alt}" style="max-width:100%" src="data:image/svg+xml;base64,{data}">'


def show(model: Any, x: Any = None, *, name: str | None = None) -> Shown:
    """Show a PyTorch model in the Fieldglass window, with `x` as its image.

    `x` is what the model is called with, a tensor or array (batch, channels, *spatial); its first
    image goes to the network with the values it has. Without `x` a size is found by trying.
    A model that is shown again takes the place of the one before, with the view kept. Returns as
    soon as a running window has it; one that must start first takes it later. Raises ShowError.
    """
    document, remarks = document_of(model, x, name)
    in_window = _hand_over(document, remarks)
    return Shown(name or type(model).__name__, document, in_window)


# ------------------------------------------------------------------------------ the document


def document_of(model: Any, x: Any, name: str | None) -> tuple[Path, dict[str, Any]]:
    """The model as a document in a folder that lasts as long as this process, and remarks on it.

    Raises ShowError.
    """
    from analysis.storage.blobs import BlobRef, BlobStore
    from analysis.storage.document import Document
    from analysis.storage.document_file import save
    from analysis.storage.image_reading import ImageReading

    values, traced = _traced(model, x)
    folder = _folder()
    store = BlobStore(folder / "store")
    image = None
    if values is not None:
        picture = folder / "x.npy"
        _write_array(picture, values)
        image = BlobRef(store.put(picture), picture.name)
    document = Document(
        graph=traced.graph,
        weights=BlobRef(store.put(traced.weights), "weights.safetensors"),
        image=image,
        image_reading=ImageReading("stored") if image else ImageReading(),
        title=name or traced.name,
        unused_parameters=traced.unused_parameters,
    )
    place = folder / "shown.fieldglass"
    save(place, document, {}, store)
    return place, _remarks(traced)


def _remarks(traced: Traced) -> dict[str, Any]:
    """What the window says of the model: why its forward failed, what nobody gave it."""
    found: dict[str, Any] = {}
    if traced.failed is not None:
        found["failed"] = [traced.failed.code, traced.failed.numbers]
    if traced.assumed:
        found["assumed"] = [[each.name, each.value, each.node is None] for each in traced.assumed]
    return found


def _folder() -> Path:
    import atexit

    folder = Path(tempfile.mkdtemp(prefix="fieldglass-shown-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _traced(model: Any, x: Any) -> tuple[Any, Traced]:
    """The image's values (channels, *spatial), None without `x`, and the graph. Raises ShowError.

    `x` is what the model would be called with: its first axis is the batch, of which the first
    image is taken. Where the model does not take that, `x` is the image without a batch.
    """
    from analysis.exchange.module_here import trace_module

    partial: tuple[Any, Traced] | None = None
    first: Exception | None = None
    for values in [None] if x is None else _readings(x):
        try:
            traced = trace_module(model, None if values is None else values.shape)
        except Exception as error:  # noqa: BLE001 - whatever the person's own code raises
            first = first or error
            continue
        if traced.failed is None:
            return values, traced
        partial = partial or (values, traced)  # drawn as far as it came
    if partial is not None:
        return partial
    raise ShowError(f"{type(model).__name__} cannot be read: {_cause(first)}.") from first


def _cause(error: Exception | None) -> str:
    """What went wrong in words: the tracer's refusals are codes with numbers."""
    refusal = getattr(error, "answer", None)
    if refusal is None:
        return str(error).strip().partition("\n")[0].rstrip(".") or type(error).__name__
    if str(refusal["code"]).startswith("model-by-values"):
        return "its forward decides by the values it sees"
    words = [each for each in refusal["numbers"] if isinstance(each, str)]
    return words[-1].rstrip(".") if words else str(refusal["code"])


def _readings(x: Any) -> list[Any]:
    """The first image of a batch, and `x` as an image, as float32 arrays. Raises ShowError."""
    import numpy as np

    try:
        tensor = hasattr(x, "detach")
        whole = x.detach().cpu().float().numpy() if tensor else np.asarray(x, np.float32)
    except (TypeError, ValueError) as error:
        raise ShowError(f"x is {type(x).__name__}; it takes one tensor or array.") from error
    found = [whole[0]] if whole.ndim > 1 and len(whole) else []
    usable = [each for each in (*found, whole) if 1 <= each.ndim <= 4 and each.size]
    if not usable:
        shape = " × ".join(map(str, whole.shape)) or "a single number"
        raise ShowError(f"x is {shape}; it takes (batch, channels, height, width).")
    return usable


def _write_array(path: Path, values: Any) -> None:
    """As (channels, depth, height, width), which is read back in no other way."""
    import numpy as np

    shape = (values.shape[0], *(1,) * (4 - values.ndim), *values.shape[1:])
    np.save(path, np.ascontiguousarray(values, np.float32).reshape(shape))


def _figure(document: Path) -> bytes:
    out = document.with_name("figure.svg")
    command = [sys.executable, "-m", "viewer.cli", "diagram", str(document), "-o", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ShowError(done.stderr.strip())
    return out.read_bytes()


# -------------------------------------------------------------------------------- the window


def _hand_over(document: Path, remarks: dict[str, Any]) -> bool:
    """Whether a window has it, or will have it as soon as it has started."""
    with _starting:
        if _send(document, remarks):
            return True
        if not _has_display():
            return False
        window = subprocess.Popen(
            [sys.executable, "-m", "viewer.cli"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    given = (document, remarks, window)
    threading.Thread(target=_when_it_listens, args=given, daemon=False).start()
    return True


def _when_it_listens(
    document: Path, remarks: dict[str, Any], window: subprocess.Popen[bytes]
) -> None:
    """Hand the document to a window that is starting; give up where it has ended, or hangs."""
    end = time.monotonic() + STARTING
    with _starting, contextlib.suppress(ShowError):
        while time.monotonic() < end and window.poll() is None and not _send(document, remarks):
            time.sleep(LOOK_EVERY)


def _has_display() -> bool:
    if not sys.platform.startswith(("linux", "freebsd")):
        return True
    return any(os.environ.get(each) for each in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def _send(document: Path, remarks: dict[str, Any]) -> bool:
    """Tell the running window of the document; False where none listens. Raises ShowError."""
    told = {"show": str(document), "remarks": remarks}
    message = json.dumps(told, default=str).encode() + b"\n"
    try:
        answer = json.loads(_exchange(message) or b"{}")
    except TimeoutError as error:
        raise ShowError("The Fieldglass window does not answer. Close it and try again.") from error
    except (OSError, ValueError):
        return False
    if "error" in answer:
        raise ShowError(str(answer["error"]))
    return bool(answer.get("shown"))


def _exchange(message: bytes) -> bytes:
    """One line to the window and one line back. Raises OSError."""
    from viewer.files.window_address import window_address

    if sys.platform == "win32":
        with open(window_address(), "r+b", buffering=0) as pipe:  # noqa: PTH123 - a pipe's name
            pipe.write(message)
            return pipe.readline()
    import socket

    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as channel:
        channel.settimeout(PATIENCE)
        channel.connect(window_address())
        channel.sendall(message)
        with channel.makefile("rb") as lines:
            return lines.readline()
