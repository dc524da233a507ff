"""`field --weights`: fixed numbers of a checkpoint that cut paths make a field an upper bound."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from analysis.graph import Graph, Node
from analysis.operators import Input, Output, ParameterArithmetic
from analysis.storage.document import Document, to_json
from viewer.cli import main


@pytest.mark.parametrize(("least", "exactness"), [(1.0, "exact"), (0.0, "upper bound")])
def test_a_mask_of_the_file_is_seen(tmp_path: Path, capsys, least: float, exactness: str) -> None:
    graph = Graph.of([
        Node("input", Input(1, (4, 4))),
        Node("masked", ParameterArithmetic("multiply", (1, 4, 4)), ("input",), fixed=("weight",)),
        Node("output", Output(), ("masked",)),
    ])  # fmt: skip
    path, weights = tmp_path / "net.fieldglass", tmp_path / "w.safetensors"
    path.write_bytes(to_json(Document(graph)))
    mask = torch.ones(1, 4, 4)
    mask[0, 0] = least
    save_file({"masked.weight": mask}, weights)
    assert main(["field", str(path), "--weights", str(weights), "--format", "json"]) == 0
    layers = json.loads(capsys.readouterr().out)["layers"]
    assert layers[-1]["exactness"] == exactness
