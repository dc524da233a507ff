"""torch's archives become graphs that compute the same: exported programs and TorchScript."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
import torch
from torch import nn

from analysis.exchange.torch_module import TraceError, trace
from analysis.network import Network
from analysis.network.weights import load

SIZE = (3, 24, 20)


class Small(nn.Module):
    """Two levels and a skip; the way up measures its skip."""

    def __init__(self) -> None:
        super().__init__()
        self.enc = nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU())
        self.pool = nn.MaxPool2d(2)
        self.mid = nn.Conv2d(4, 8, 3, padding=1)
        self.head = nn.Conv2d(12, 2, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        skip = self.enc(x)
        low = torch.sigmoid(self.mid(self.pool(skip)))
        up = nn.functional.interpolate(low, size=skip.shape[2:], mode="bilinear")
        return self.head(torch.cat([up, skip], 1))


def answers(model: nn.Module, path: Path, size: tuple[int, ...] | None) -> list[str]:
    """The ids of the graph, which was held against the module on a random picture."""
    found = trace(path, None, size)
    picture = torch.randn(1, *(size or SIZE), generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        ours = Network(found.graph, load(found.weights)).run(picture)[found.graph.output.id]
        torch.testing.assert_close(ours, model(picture), rtol=1e-5, atol=1e-5)
    assert found.unused_parameters == 0
    assert found.name == path.stem
    return [node.id for node in found.graph.nodes]


NAMES = ["input", "enc.0", "enc.1", "enc.2", "pool", "mid", "sigmoid", "upsample", "cat", "head",
         "output"]  # fmt: skip


@pytest.mark.parametrize("size", [None, SIZE, (3, 40, 36)])
def test_an_exported_program_keeps_its_modules_and_takes_the_sizes_it_says(tmp_path, size):
    torch.manual_seed(0)
    model = Small().eval()
    open_sizes = {2: torch.export.Dim.AUTO, 3: torch.export.Dim.AUTO}
    program = torch.export.export(
        model, (torch.zeros(1, *SIZE),), dynamic_shapes=(open_sizes,), strict=False
    )
    path = tmp_path / "small.pt2"
    torch.export.save(program, path)
    assert answers(model, path, size) == NAMES


def test_a_size_that_an_exported_program_was_not_made_for_is_refused(tmp_path):
    path = tmp_path / "small.pt2"
    torch.export.save(torch.export.export(Small().eval(), (torch.zeros(1, *SIZE),)), path)
    with pytest.raises(TraceError) as refused:
        trace(path, None, (3, 32, 32))
    assert refused.value.fault.code == "model-size-refused"


def test_a_traced_archive_opens(tmp_path):
    torch.manual_seed(0)
    model = Small().eval()
    path = tmp_path / "small.pt"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.jit.save(torch.jit.trace(model, torch.zeros(1, *SIZE)), path)
    ids = answers(model, path, SIZE)
    assert {"enc.0", "enc.1", "mid", "head"} <= set(ids)


@pytest.mark.parametrize("ending", [".pt2", ".torchscript"])
def test_a_truncated_archive_is_a_fault(tmp_path, ending):
    path = tmp_path / f"cut{ending}"
    torch.export.save(
        torch.export.export(Small().eval(), (torch.zeros(1, *SIZE),)), path.with_suffix(".pt2")
    )
    path.write_bytes(path.with_suffix(".pt2").read_bytes()[:3000])
    with pytest.raises(TraceError) as refused:
        trace(path, None)
    assert refused.value.fault.code == "model-archive-cut"
    assert refused.value.fault.numbers == (path.name,)
