"""The report: a page that needs nothing else, runs nothing, and shows strangers' names as text."""

from __future__ import annotations

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest

from analysis.blueprints import BLUEPRINTS, parse
from analysis.facts import analyse
from analysis.graph import Graph, Node
from analysis.operators import BatchNorm, Convolution, Input, Output
from analysis.review import Subject, review
from analysis.review.training_memory import added_up, training_memory
from analysis.storage.document import Document
from viewer.command_line.main import main
from viewer.drawing.network.diagram_file import drawn_document
from viewer.drawing.report.page import report
from viewer.text.translation import language

EVIL = "<script>alert(1)</script>\"'&\u202e"


class Page(HTMLParser):
    """Which tags there are, and the texts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


def page(graph: Graph, title: str = "net") -> str:
    facts = analyse(graph)
    return report(title, drawn_document(Document(graph)), facts, review(Subject(facts)))


def built(text: str) -> Graph:
    name, settings = parse(text)
    return BLUEPRINTS[name].build(settings)


def test_a_page_has_figure_findings_and_every_layer(qapp) -> None:
    graph = built("red_net:base=4")
    text = page(graph, "RED-Net")
    shown = Page(text)
    assert "checkerboard" in shown.text
    assert "contrast of 60" in shown.text
    assert all(node.id in shown.text for node in graph.nodes)
    images = [value for name, value in shown.attributes if name == "src"]
    assert len(images) == 2
    assert all(value.startswith("data:image/svg+xml;base64,") for value in images)
    assert "prefers-color-scheme:dark" in text
    assert "@media print" in text
    assert shown.text.count("It needs an image") == 1  # not once for each rule
    assert "dead-channel, duplicate-channel" in shown.text


def test_the_share_of_units_that_see_padding_stands_layer_by_layer(qapp) -> None:
    assert "Units that see padding: " in Page(page(built("unet:depth=4,base=4,size=64"))).text


def test_a_page_asks_nobody_for_anything_and_runs_nothing(qapp) -> None:
    shown = Page(page(built("linknet:base=8,size=64")))
    assert not {"script", "link", "iframe", "object", "form"} & set(shown.tags)
    assert not [value for name, value in shown.attributes if re.match(r"https?:", value)]
    assert not [name for name, _ in shown.attributes if name.startswith("on")]


def test_names_of_strangers_are_text(qapp) -> None:
    nodes = [
        Node("input", Input(3, (16, 16))),
        Node(EVIL, Convolution(4, (3, 3), padding=((1, 1),) * 2), ("input",)),
        Node("norm", BatchNorm(), (EVIL,)),
        Node("output", Output(), ("norm",)),
    ]
    text = page(Graph.of(nodes), EVIL)
    shown = Page(text)
    assert "script" not in shown.tags
    assert "<script>alert(1)</script>" in shown.text
    assert "\u202e" not in text
    body = text.partition("<body>")[2].partition("</body>")[0]
    ET.fromstring(f"<body>{body}</body>")


def test_a_page_in_chinese(qapp) -> None:
    language.use("zh")
    try:
        text = page(built("red_net:base=4"))
    finally:
        language.use("en")
    assert '<html lang="zh">' in text
    assert "棋盘格" in text
    assert "Memory of training" not in text


def test_a_network_with_a_fault_has_a_page_too(qapp) -> None:
    assert (
        "128"
        in page(built("unet:depth=3,base=4,size=128"))
        != page(built("unet:depth=3,base=4,size=100"))
    )


def test_training_memory_is_what_torch_and_adam_hold() -> None:
    import torch
    from torch import nn

    net = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 2, 1))
    optimiser = torch.optim.Adam(net.parameters())
    net(torch.zeros(1, 3, 16, 16)).sum().backward()
    optimiser.step()
    parameters = list(net.parameters())
    held = {
        "weights": parameters,
        "gradients": [p.grad for p in parameters],
        "optimiser": [s[k] for s in optimiser.state.values() for k in ("exp_avg", "exp_avg_sq")],
    }
    nodes = [
        Node("input", Input(3, (16, 16))),
        Node("a", Convolution(8, (3, 3), padding=((1, 1),) * 2), ("input",)),
        Node("b", Convolution(2, (1, 1)), ("a",)),
        Node("output", Output(), ("b",)),
    ]
    total = added_up(training_memory(analyse(Graph.of(nodes))))
    for name, tensors in held.items():
        assert getattr(total, name) == sum(t.numel() * t.element_size() for t in tensors)
    assert total.activations == 4 * (3 + 8) * 256  # what both convolutions read


def test_the_command_writes_a_page_or_says_why_not(tmp_path, capsys: pytest.CaptureFixture[str]):
    out = tmp_path / "page.html"
    command = [sys.executable, "-m", "viewer.cli", "review", "red_net:base=4"]
    command += ["--format", "html", "-o", str(out)]
    assert subprocess.run(command, check=False).returncode == 0
    assert "checkerboard" in Page(out.read_text(encoding="utf-8")).text
    assert main(["review", "unet", "--format", "html"]) == 2
    assert "-o OUT.html" in capsys.readouterr().err


def test_a_notebook_has_the_findings_and_the_page(tmp_path) -> None:
    script = """
import sys, torch
from torch import nn
import fieldglass
net = nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU())
made = fieldglass.report(net, torch.zeros(1, 3, 16, 16), output=sys.argv[1])
assert [each["code"] for each in made.findings] == ["bias-before-norm"], made.findings
assert "sandbox" in made._repr_html_()
fieldglass.report(net, torch.zeros(1, 3, 16, 16), output=sys.argv[2], lang="zh")
"""
    out, chinese = tmp_path / "page.html", tmp_path / "chinese.html"
    done = subprocess.run(
        [sys.executable, "-c", script, str(out), str(chinese)], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    assert "the normalisation behind takes the bias off" in Page(out.read_text("utf-8")).text
    assert ("lang", "zh") in Page(chinese.read_text("utf-8")).attributes
    assert "其后的归一化会消去偏置" in Page(chinese.read_text("utf-8")).text
