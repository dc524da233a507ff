"""A forward that fails is read as far as it comes; a size that clashes is shown at its join."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.exchange.torch_module import Traced, TraceError, trace
from analysis.facts import analyse
from analysis.storage.document import Document, from_json, to_json

HEAD = "import torch\nfrom torch import nn\n"
U_NET = (
    HEAD
    + """
class Up(nn.Module):
    def __init__(self):
        super().__init__()
        self.u, self.c = nn.ConvTranspose2d(8, 8, 2, 2), nn.Conv2d(16, 8, 3, padding=1)
    def forward(self, deep, skip):
        return self.c(torch.cat([skip, self.u(deep)], 1))
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.e, self.p, self.up = nn.Conv2d(3, 8, 3, padding=1), nn.MaxPool2d(2), Up()
        self.head = nn.Linear(10, 2)
    def forward(self, x):
        e = torch.relu(self.e(x))
        return END
"""
)


def opened(folder: Path, source: str, size: tuple[int, ...] | None = None) -> Traced:
    (folder / "net.py").write_text(source)
    return trace(folder / "net.py", "Net", size)


def test_a_size_that_clashes_is_shown_at_its_join_in_the_whole_network(tmp_path: Path) -> None:
    found = opened(tmp_path, U_NET.replace("END", "self.up(self.p(e), e)"), (3, 63, 61))
    facts = analyse(found.graph)
    assert found.failed is not None
    assert found.failed.code == "model-size-fails"
    assert facts.problems == ("up.cat",)
    fault = facts.layers["up.cat"].fault
    assert fault is not None
    assert {63, 62} <= set(fault.numbers)
    assert facts.layers["up.u"].shape == (8, 62, 60)
    assert "up.c" in found.graph  # what lies behind is there too
    assert found.graph.inputs[0].operator.size == (63, 61)


def test_the_layer_that_fails_says_what_torch_says_and_where(tmp_path: Path) -> None:
    found = opened(tmp_path, U_NET.replace("END", "self.head(self.up(self.p(e), e))"), (3, 32, 32))
    facts = analyse(found.graph)
    (name,) = facts.problems
    fault = facts.layers[name].fault
    assert name == "head.linear"
    assert fault is not None
    assert fault.code == "forward-failed"
    assert fault.numbers[:2] == ("net.py", 17)
    assert "mat1 and mat2 shapes cannot be multiplied" in str(fault.numbers[2])
    assert facts.layers["up.c"].shape == (8, 32, 32)
    assert [skip.source for skip in facts.skips] == ["relu"]
    assert facts.parameters == 3 * 8 * 9 + 8 + 8 * 8 * 4 + 8 + 16 * 8 * 9 + 8
    assert found.unused_parameters == 22


def test_a_join_that_clashes_at_every_size_is_our_own_join(tmp_path: Path) -> None:
    found = opened(tmp_path, U_NET.replace("END", "torch.cat([e, self.p(e)], 1)"))
    facts = analyse(found.graph)
    (name,) = facts.problems
    assert found.graph[name].operator.key == "concat"
    assert found.graph[name].inputs == ("relu", "p")


@pytest.mark.parametrize(
    "line", ["1 / 0", "[][3]", "(_ for _ in ()).throw(ValueError('own words'))", "e.nothing"]
)
def test_a_persons_own_error_stands_behind_what_was_made_last(tmp_path: Path, line: str) -> None:
    found = opened(tmp_path, U_NET.replace("END", line), (3, 16, 16))
    facts = analyse(found.graph)
    (name,) = facts.problems
    assert found.graph[name].operator.key == "failed"
    assert found.graph[name].inputs == ("relu",)


def test_the_document_of_it_opens_again(tmp_path: Path) -> None:
    found = opened(tmp_path, U_NET.replace("END", "self.head(self.up(self.p(e), e))"), (3, 32, 32))
    document = Document(graph=found.graph)
    assert from_json(to_json(document))[0].graph == found.graph


def test_a_size_fixed_in_the_code_is_refused_with_one_that_works(tmp_path: Path) -> None:
    end = "self.up(self.p(e), e).reshape(1, -1) + torch.zeros(1, 8 * 64 * 64)"
    with pytest.raises(TraceError) as caught:
        opened(tmp_path, U_NET.replace("END", end), (3, 63, 63))
    assert caught.value.fault.code == "model-size-other"
    assert caught.value.fault.numbers[-1] == "3 × 64 × 64"


def test_what_fails_at_once_is_the_input_and_the_call(tmp_path: Path) -> None:
    source = HEAD + "class Net(nn.Module):\n  def forward(self, x): return x[5, 5]"
    found = opened(tmp_path, source)
    assert [node.operator.key for node in found.graph.nodes] == ["input", "failed", "output"]
