"""Python files in the window: arguments in a form, one path, opened anew after they are saved."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtWidgets import QLabel, QLineEdit

from analysis.graph.given_values import with_values_of
from analysis.operators import Given
from tests.viewer.conftest import small_unet
from viewer.files.model_form import ModelForm

UNET = """import torch
from torch import nn
class Part(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.c = nn.Conv2d(width, width, 3, padding=1)
    def forward(self, x):
        return self.c(x)
class UNet(nn.Module):
    def __init__(self, n_channels, n_classes, wide: int = 4, name='x'):
        super().__init__()
        self.first = nn.Conv2d(n_channels, wide, 3, padding=1)
        self.part = Part(wide)
        self.last = nn.Conv2d(wide, n_classes, 1)
    def forward(self, x):
        return self.last(self.part(self.first(x)))
"""
OTHER = """
class Other(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.only = nn.Conv2d(channels, 1, 1)
    def forward(self, x):
        return self.only(x)
"""
DECIDES = """import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.dark, self.light = nn.Conv2d(3, 1, 1), nn.Conv2d(3, 1, 3, padding=1)
    def forward(self, x):
        return self.light(x) if x.mean() > 0.2 else self.dark(x)
"""


def write(path: Path, code: str) -> Path:
    path.write_text(code, encoding="utf-8")
    return path


def drop(desk, file: Path, answer: str = "Run it and open") -> None:
    desk.drop(file)
    desk.answer(answer)


def form(desk) -> ModelForm:
    desk.wait(lambda: desk.window.findChild(ModelForm) is not None)
    return desk.window.findChild(ModelForm)


def line(form: ModelForm, name: str) -> QLineEdit:
    editor = form.lines[name].editor
    assert isinstance(editor, QLineEdit)
    return editor


def opened(desk, node: str) -> bool:
    return node in desk.session.document.graph


def test_a_class_with_arguments_gets_a_form_and_is_made_by_it(desk, tmp_path):
    file = write(tmp_path / "unet_model.py", UNET)
    drop(desk, file)
    asked = form(desk)
    assert asked.question.text() == "UNet needs n_channels, n_classes."
    assert not asked.accept_button.isEnabled()
    assert line(asked, "wide").placeholderText() == "4"
    line(asked, "n_channels").setFocus()
    desk.qtbot.keyClicks(line(asked, "n_channels"), "3")
    desk.qtbot.keyClicks(line(asked, "n_classes"), "open('x')")
    assert asked.lines["n_classes"].note.text() == "This is no literal; text stands in quotes."
    assert not asked.accept_button.isEnabled()
    line(asked, "n_classes").clear()
    desk.qtbot.keyClicks(line(asked, "n_classes"), "2")
    assert asked.call.text() == "UNet(n_channels=3, n_classes=2)"
    desk.qtbot.mouseClick(asked.accept_button, Qt.MouseButton.LeftButton)
    desk.wait(lambda: opened(desk, "part.c"))
    assert desk.session.document.source.call == "UNet(n_channels=3, n_classes=2)"
    assert desk.session.shapes["last"][0] == 2
    desk.window.show_document(desk.session.document, desk.session.view, None)
    desk.drop(file)  # the call is known from now on, and said before it runs
    assert "makes UNet(n_channels=3, n_classes=2)" in desk.said
    desk.answer("Choose anew")
    again = form(desk)
    again.reject()


def test_a_call_behind_the_file_is_what_is_made(desk, tmp_path):
    file = write(tmp_path / "unet_model.py", UNET)
    desk.window.opener.open(f"{file}:UNet(3, print('ran'))")
    assert "print('ran') in UNet(3, print('ran')) is no literal" in desk.said
    desk.session.notifications.dismiss()
    desk.window.opener.open(f"{file}:UNet( 3,2)")
    assert "unet_model.py is a program" in desk.said
    assert "makes UNet(3, 2)" in desk.said
    desk.answer("Run it and open")
    desk.wait(lambda: opened(desk, "part.c"))
    assert desk.session.shapes["last"][0] == 2


def test_several_classes_are_a_list(desk, tmp_path):
    drop(desk, write(tmp_path / "nets.py", UNET + OTHER))
    asked = form(desk)
    assert [asked.list.item(row).text() for row in range(asked.list.count())] == ["UNet", "Other"]
    asked.list.setFocus()
    desk.qtbot.keyClick(asked.list, Qt.Key.Key_Down)
    assert set(asked.lines) == {"channels"}
    desk.qtbot.keyClicks(line(asked, "channels"), "3")
    desk.qtbot.keyClick(line(asked, "channels"), Qt.Key.Key_Return)
    desk.wait(lambda: opened(desk, "only"))
    assert desk.session.document.title == "Other"


def test_a_form_that_is_closed_opens_nothing(desk, tmp_path):
    before = desk.session.document
    drop(desk, write(tmp_path / "unet_model.py", UNET))
    asked = form(desk)
    desk.qtbot.keyClick(asked, Qt.Key.Key_Escape)
    assert not asked.isVisible()
    assert desk.session.document is before
    assert desk.said == ""


@pytest.mark.parametrize(
    ("tried", "shown"), [("UNet(7, wide=(1, 2))", "7"), ("Nobody(7)", ""), ("UNet(", "")]
)
def test_what_was_tried_stands_in_the_lines(qtbot, tried, shown):
    from analysis.exchange.model_offers import Offer, Parameter

    given = Offer("UNet", (Parameter("n_channels"), Parameter("wide", "4", "<b>int</b>")))
    asked = ModelForm("<b>net</b>.py", (given,), tried, lambda _: None)
    qtbot.addWidget(asked)
    assert line(asked, "n_channels").text() == shown
    for label in asked.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText


def test_a_model_that_decides_by_values_opens_as_the_path_of_the_image(desk, tmp_path):
    drop(desk, write(tmp_path / "net.py", DECIDES))
    told = desk.wait_told("decides by the values")
    assert "line 8 of net.py" in told
    desk.answer("Open the path of this image")
    desk.wait(lambda: desk.session.document.source is not None)
    assert opened(desk, "light")
    assert not opened(desk, "dark")
    assert desk.session.document.source.decided == (("net.py", 8),)
    assert "another image may take another" in desk.said
    assert "one path of net.py" in desk.window.status.right.text()
    assert not desk.wait_frame().untrained


# ------------------------------------------------------------------------------ saved again


@pytest.fixture
def small(desk, tmp_path) -> Path:
    file = write(tmp_path / "net.py", UNET + "def build():\n    return UNet(3, 1)\n")
    drop(desk, file)
    desk.wait(lambda: opened(desk, "part.c"))
    return file


def save_again(desk, file: Path, code: str) -> None:
    """As many editors do: a new file takes the place of the old one."""
    write(file.with_suffix(".new"), code).replace(file)
    desk.wait(lambda: "was saved again" in desk.said)


def test_a_file_that_is_saved_again_is_offered_and_opened_in_place(desk, small):
    desk.session.set_view(selection="first", workspace="receptive-fields")
    desk.edit(positions={"first": (40.0, 50.0), "last": (90.0, 50.0)})
    view = desk.session.view
    save_again(desk, small, small.read_text().replace("self.last", "self.head"))
    assert desk.said.startswith("net.py was saved again.")
    assert opened(desk, "last")
    desk.answer("Run it and open")
    desk.wait(lambda: opened(desk, "head"))
    assert desk.session.view == view
    assert desk.session.document.positions == {"first": (40.0, 50.0)}
    assert desk.session.opened is desk.session.document.graph  # nobody has edited it by hand
    desk.do("undo")
    assert opened(desk, "last")
    assert desk.session.opened is desk.session.document.graph


def test_a_network_opened_meanwhile_is_not_written_over(desk, small):
    save_again(desk, small, small.read_text().replace("self.last", "self.head"))
    desk.answer("Run it and open")
    other = small_unet(depth=1)
    desk.window.show_document(other, desk.session.view, None)
    job = type(desk.window.opener.models._job)
    desk.wait(lambda: not desk.window.background.findChildren(job))
    assert desk.session.document == other
    assert not desk.session.history.canUndo()


def test_it_is_asked_once_and_never_runs_unasked(desk, small):
    ran = small.with_suffix(".ran")
    code = f"open({str(ran)!r}, 'w')\n{small.read_text()}"
    save_again(desk, small, code)
    desk.answer("Leave it")
    assert desk.said == ""
    posted: list[object] = []
    desk.session.notifications.posted.connect(posted.append)
    opener = desk.window.opener.models
    opener._saved._look()  # the same content again
    opener._saved._look()
    desk.wait(lambda: not desk.window.background.findChildren(type(opener._job)))
    assert posted == []
    assert not ran.exists()


def test_trust_is_for_the_content_that_was_asked_about(desk, tmp_path):
    file = write(tmp_path / "net.py", UNET + "def build():\n    return UNet(3, 1)\n")
    ran = file.with_suffix(".ran")
    desk.drop(file)
    models = desk.window.opener.models
    seen_first = desk.said
    desk.wait(lambda: models._asked_about.is_known)
    write(file, f"open({str(ran)!r}, 'w')\n{file.read_text()}")
    desk.answer("Run it and open")
    desk.wait(lambda: desk.said == seen_first)
    assert not ran.exists()
    assert not opened(desk, "part.c")


def test_a_network_of_something_else_is_not_replaced(desk, small, unet):
    desk.window.show_document(unet(), desk.session.view, None)
    posted: list[object] = []
    desk.session.notifications.posted.connect(posted.append)
    desk.window.opener.models._ask_again(str(small), "0" * 64)
    assert posted == []


def test_an_address_is_not_fetched(desk):
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/net.py")])
    desk.window.opener.take(data)
    assert "https://example.org/net.py is an address" in desk.said
    desk.window.opener.open("http://example.org/net.py")
    assert "http://example.org/net.py is an address" in desk.said


def test_what_the_forward_takes_beside_the_image_is_told_and_kept_over_a_new_reading(
    desk, tmp_path
):
    code = """import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.time, self.last = nn.Linear(1, 3), nn.Conv2d(3, 2, 1)
    def forward(self, x, t):
        y = x + self.time(t.float()[:, None])[:, :, None, None]
        return {"features": y, "mask": self.last(y)}
"""
    drop(desk, write(tmp_path / "steps.py", code))
    desk.wait(lambda: opened(desk, "time"))
    assert desk.wait_told("takes t = 0: found by trying. This can be changed in Live.")
    graph = desk.session.document.graph
    assert [node.id for node in graph.outputs] == ["features", "output"]
    five = Given((1,), "int64", (5,))
    assert with_values_of(graph, graph.with_operator("t", five))["t"].operator == five
    other = graph.with_operator("t", Given((1, 2), "int64", (5,)))
    assert with_values_of(graph, other) == graph


def test_a_checkpoint_over_the_model_keeps_what_its_forward_computes(desk, tmp_path: Path) -> None:
    import torch

    code = """import torch
from torch import nn
from torch.nn.utils.parametrizations import weight_norm
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = weight_norm(nn.Conv2d(3, 1, 3, padding=1))
    def forward(self, x):
        return self.conv(x) * torch.linspace(0, 1, x.shape[-1])
"""
    drop(desk, write(tmp_path / "net.py", code))
    desk.wait(lambda: desk.session.document.title == "Net")
    desk.wait_frame()
    before = desk.session.document
    spec = importlib.util.spec_from_file_location("net", tmp_path / "net.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    model = module.Net()
    torch.save(model.state_dict(), tmp_path / "ck.pt")
    desk.drop(tmp_path / "ck.pt")
    told = desk.wait_told("tensors loaded")
    assert "ck.pt: 3 of 3 tensors loaded." in told
    assert "Missing" not in told
    assert "Computed of" not in told
    assert desk.wait_frame().untrained == ()
    state = model.state_dict()
    del state["conv.parametrizations.weight.original0"]
    torch.save(state, tmp_path / "part.pt")
    desk.drop(tmp_path / "part.pt")
    told = desk.wait_told("part.pt: 2 of 3 tensors loaded.")
    assert "Missing 1: conv.parametrizations.weight.original0." in told
    assert "Computed of the weights before and not anew" in told
    desk.do("undo")
    desk.do("undo")
    assert desk.session.document is before
