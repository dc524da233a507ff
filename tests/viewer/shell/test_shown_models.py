"""`fieldglass.show` in a process of its own: the running window takes the model, the view stays."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analysis.storage.blobs import BlobRef
from analysis.storage.document import Document
from analysis.storage.document_file import load, save
from tests.viewer.conftest import FreshSettings, small_unet
from viewer.files.model_remarks import remarks_of_message
from viewer.files.window_address import window_address
from viewer.shell.shown_models import ShownModels
from viewer.shell.windows import Windows

WAIT = 60_000
SCRIPT = """
import sys
import fieldglass
assert not {each for each in sys.modules if each.startswith(("PySide6", "torch"))}
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self, wide):
        super().__init__()
        self.first, self.last = nn.Conv2d(3, wide, 3, padding=1), nn.Conv2d(wide, 1, 1)

    def forward(self, x):
        return self.last(torch.relu(self.first(x)))

torch.manual_seed(0)
model, x = Net(int(sys.argv[1])).train(), torch.randn(2, 3, 24, 32) * 3
before = {key: value.clone() for key, value in model.state_dict().items()}
shown = fieldglass.show(model, x)
assert shown.in_window and model.training
assert all(torch.equal(value, before[key]) for key, value in model.state_dict().items())
assert "PySide6" not in sys.modules
torch.save(model.first(x[:1]).detach(), sys.argv[2])
"""


@pytest.fixture
def windows(
    qtbot, tmp_path: Path, store, engine, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Windows]:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    made = Windows(store, engine, FreshSettings(tmp_path))
    made.open(small_unet())
    models = ShownModels(made)
    assert models.listen()
    yield made
    models.close()
    for window in made.opened:
        window.session.history.setClean()
        window.close()


def show(qtbot, folder: Path, wide: int) -> np.ndarray:
    """Run the script to its end while the window's events are seen to; torch's own map."""
    out = folder / f"{wide}.pt"
    command = [sys.executable, "-c", SCRIPT, str(wide), str(out)]
    child = subprocess.Popen(command, env=os.environ | {"QT_QPA_PLATFORM": "offscreen"})
    qtbot.waitUntil(lambda: child.poll() is not None, timeout=WAIT)
    assert child.returncode == 0
    import torch

    found: np.ndarray = torch.load(out, weights_only=True).numpy()
    return found


def test_a_model_takes_the_place_of_the_one_before_with_the_view(
    windows: Windows, qtbot, tmp_path: Path
) -> None:
    window = windows.opened[0]
    show(qtbot, tmp_path, 4)
    assert windows.opened == (window,)
    assert window.session.document.title == "Net"
    assert not window.saver.unsaved
    window.session.set_view(workspace="live")
    wanted = show(qtbot, tmp_path, 6)
    assert windows.opened == (window,)
    assert window.session.view.workspace == "live"
    window.session.set_view(selection="first")

    def mosaic():
        frame = window.session.frame
        drawn = frame.mosaic if frame is not None else None
        return drawn if drawn is not None and drawn.channels == 6 else None

    qtbot.waitUntil(lambda: mosaic() is not None, timeout=WAIT)
    assert window.session.frame.untrained == ()
    ends = np.stack([wanted[0].min((1, 2)), wanted[0].max((1, 2))], axis=1)
    np.testing.assert_allclose(mosaic().ranges, ends, rtol=1e-4)


def test_what_was_tried_on_a_model_stays_with_the_next_and_can_be_undone(
    windows: Windows, tmp_path: Path
) -> None:
    """Gates and an image are no edits that are asked about; they are not lost all the same."""
    window, store = windows.opened[0], windows.store
    session, models = window.session, ShownModels(windows)
    (name, *_) = (skip.name for skip in session.facts.skips)
    target = BlobRef(store.put(b"mask"), "mask.png")
    tried = replace(session.document, gates={name: 0.0, "gone": 0.0}, target=target)
    session.edit("try", tried)
    newer = Document(small_unet(depth=2).graph, title="Newer")
    image = BlobRef(store.put(b"image"), "x.npy")
    deeper = Document(small_unet(depth=3).graph, title="Deeper", image=image)
    for title, shown in (("Newer", newer), ("Deeper", deeper)):
        place = tmp_path / f"{title}.fieldglass"
        save(place, shown, {}, store)
        models.show(load(place, store))
        assert windows.opened == (window,)
        assert (session.document.title, session.document.gates) == (title, {name: 0.0})
        assert session.document.target == (None if shown.image else target)
        assert not window.saver.unsaved
        assert session.opened is session.document.graph
    session.history.undo()
    assert session.document.title == "Newer"
    assert session.opened is session.document.graph
    session.history.undo()
    assert session.document == tried


def test_a_changed_model_is_not_replaced(windows: Windows, qtbot, tmp_path: Path) -> None:
    window = windows.opened[0]
    window.session.edit("edit", small_unet(depth=1))
    show(qtbot, tmp_path, 5)
    assert len(windows.opened) == 2
    assert windows.opened[1].session.document.title == "Net"
    assert window.session.document == small_unet(depth=1)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (b"nonsense\n", b"no message"),
        (b'{"show": 3}\n', b"no message"),
        (b'{"show": "/nowhere/x.fieldglass"}\n', b"no file"),
    ],
)
def test_what_is_no_message_is_answered_and_changes_nothing(
    windows: Windows, qtbot, sent: bytes, said: bytes
) -> None:
    answers: list[bytes] = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as channel:
        channel.connect(window_address())
        channel.sendall(sent)
        channel.setblocking(False)

        def answered() -> bool:
            try:
                answers.append(channel.recv(4096))
            except BlockingIOError:
                return False
            return True

        qtbot.waitUntil(answered, timeout=WAIT)
    assert said in answers[0]
    assert len(windows.opened) == 1


def test_only_one_program_listens_and_a_dead_ones_place_is_taken(
    windows: Windows, tmp_path: Path
) -> None:
    second = ShownModels(windows)
    assert not second.listen()
    assert (Path(window_address()).parent.stat().st_mode & 0o777) == 0o700


def test_a_folder_that_others_can_write_to_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    (tmp_path / f"fieldglass-{os.getuid()}-window").mkdir(mode=0o777)
    (tmp_path / f"fieldglass-{os.getuid()}-window").chmod(0o777)
    with pytest.raises(PermissionError):
        window_address()


def test_what_cannot_be_shown_is_said_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No window is asked: what is wrong is known before."""
    import fieldglass
    from torch import Tensor, nn

    class Decides(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x if x.mean() > 0 else -x

    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    for x, words in (
        (np.zeros((1, 3, 8, 8)), "decides by the values"),
        ((np.zeros(3), np.zeros(4)), "takes one tensor or array"),
        (np.zeros(()), "a single number"),
        (np.zeros((0, 3, 8, 8)), "0 × 3 × 8 × 8"),
        (np.zeros((1, 1, 1, 1, 1, 2)), "1 × 1 × 1 × 1 × 1 × 2"),
    ):
        with pytest.raises(fieldglass.ShowError) as refused:
            fieldglass.show(Decides(), x)
        assert words in str(refused.value)


def test_a_window_that_does_not_answer_is_said_and_no_second_one_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fieldglass import ShowError, shown

    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setattr(shown, "PATIENCE", 0.2)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(window_address())
        listener.listen()
        with pytest.raises(ShowError, match="does not answer"):
            shown._hand_over(tmp_path / "x.fieldglass", {})


def test_an_image_without_a_batch_is_shown_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fieldglass import shown
    from torch import nn

    values, traced = shown._traced(nn.Conv2d(3, 4, 3), np.zeros((3, 16, 24), np.float32))
    assert values.shape == (3, 16, 24)
    assert traced.failed is None


FAILING = """
import fieldglass
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Conv2d(3, 4, 3), nn.Conv2d(4, 1, 1)

    def forward(self, x):
        return torch.cat([self.last(self.first(x)), x], 1)

fieldglass.show(Net(), torch.zeros(1, 3, 16, 16))
"""


def test_a_forward_that_fails_is_drawn_as_far_as_it_came_and_said(windows: Windows, qtbot) -> None:
    window = windows.opened[0]
    command = [sys.executable, "-c", FAILING]
    child = subprocess.Popen(command, env=os.environ | {"QT_QPA_PLATFORM": "offscreen"})
    qtbot.waitUntil(lambda: child.poll() is not None, timeout=WAIT)
    assert child.returncode == 0
    assert {"first", "last"} <= {node.id for node in window.session.document.graph.nodes}
    assert "14" in window.notice.text.text()
    assert "16" in window.notice.text.text()
    assert "What there is of it is shown." in window.notice.text.text()


def test_remarks_of_no_use_are_left_out() -> None:
    assert remarks_of_message(None) == ""
    assert remarks_of_message({"failed": 3, "assumed": [["t", 5, True], "x"]}) == ""
    said = remarks_of_message({"assumed": [["t", "0.5", False]]})
    assert said.startswith("The forward pass also takes t = 0.5")
