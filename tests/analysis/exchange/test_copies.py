"""Calls that only copy: channels repeated, and dropout written in place, are read exactly."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file

from analysis.exchange.torch_module import trace
from analysis.facts import analyse
from analysis.network.interpreter import Network

SOURCE = """
import torch
from torch import nn
import torch.nn.functional as F

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Conv2d(2, 4, 3, padding=1), nn.Conv2d(12, 3, 3, padding=1)
        self.drop, self.features = nn.Dropout(0.4, inplace=True), nn.Dropout2d(0.4, inplace=True)

    def forward(self, x):
        y = self.drop(self.features(self.a(x)))
        return self.b(y.repeat(1, 3, 1, 1)) + x.repeat(1, 2, 1, 1)[:, :3]
"""


def test_repeated_channels_and_dropout_in_place_are_exact(tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text(SOURCE)
    found = trace(tmp_path / "net.py", "Net", (2, 9, 11), seed=1)
    facts = analyse(found.graph)
    assert found.opaque == ()
    assert {field.exactness for field in facts.fields.values()} == {"exact"}
    assert facts.fields["output"].extent_max == (5, 5)
    room: dict[str, type[torch.nn.Module]] = {}
    exec(SOURCE, room)  # noqa: S102 - the file above
    weights = load_file(str(found.weights))
    model = room["Net"]().eval()
    model.load_state_dict(weights)
    x = torch.randn(1, 2, 9, 11, generator=torch.Generator().manual_seed(2))
    ours = Network(found.graph, weights).run(x)[found.graph.output.id]
    torch.testing.assert_close(ours, model(x), rtol=1e-5, atol=1e-6)
